"""Leaks of data."""

import re
from dataclasses import dataclass
from datetime import date

_NOT_A_LETTER = re.compile(r"[\W_]+")
_PICTURES = re.compile(r"photo|avatar|biometric|image|video|face|selfie|picture", re.IGNORECASE)
_PASSWORDS = re.compile(r"^(historical )?passwords$", re.IGNORECASE)
_DOCUMENTS = re.compile(
    r"passport|driver.?s licen[cs]e|government issued|social security|national id|identity card|taxation|utility bill"
    r"|bank account|credit card|\bpins?\b|immigration",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Breach:
    """A leak, as a breach service describes it. All texts are plain text from outside.

    ``name``: the service's stable id; ``domain``: may be empty; ``occurred_on``: approximate, None where unknown;
    ``added_on``: when the service learned of it; ``verified``: False where the service is not sure that it is genuine;
    ``sensitive``: its name is hidden until the person asks; ``spam_list``: a list for unwanted mail; ``malware``:
    taken from computers by spying programs; ``paste``: a text that somebody put on a public page;
    ``knows_no_addresses``: of our own list of leaks of pictures, which no search by address finds; ``data_classes``:
    the service's words for what leaked.
    """

    name: str
    title: str
    domain: str
    occurred_on: date | None
    added_on: date | None
    data_classes: tuple[str, ...]
    verified: bool = True
    sensitive: bool = False
    spam_list: bool = False
    malware: bool = False
    paste: bool = False
    knows_no_addresses: bool = False

    @property
    def key(self) -> str:
        """The same for one leak at every service: letters and digits of its name, case folded."""
        return letters(self.name)

    @property
    def has_pictures(self) -> bool:
        """Whether pictures or biometric data leaked (facts: services/01, "Data classes about pictures")."""
        return any(_PICTURES.search(data_class) for data_class in self.data_classes)

    @property
    def has_passwords(self) -> bool:
        """Whether passwords leaked."""
        return any(_PASSWORDS.match(data_class.strip()) for data_class in self.data_classes)

    @property
    def has_documents(self) -> bool:
        """Whether identity papers, bank or card details leaked."""
        return any(_DOCUMENTS.search(data_class) for data_class in self.data_classes)


def letters(name: str) -> str:
    """Letters and digits of a name, case folded: the form in which names are compared."""
    return _NOT_A_LETTER.sub("", name.casefold())
