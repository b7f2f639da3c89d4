"""LeakCheck's public search, by a fingerprint of an e-mail address, without a key.

API: https://wiki.leakcheck.io/en/api/public was not to be had; this is after the official wrapper and command line
(https://github.com/LeakCheck/leakcheck-api, read 2024-10). The fingerprint is the first 24 signs of the SHA-256: it names one
address, and who has a list of addresses can try them all, so the card says so. How often it may be asked is not documented:
some clients say once a second, others 3 or 15 times a day. We keep to once a second and 15 a day.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Set

from privacyguard.errors import TooManyRequests, UnexpectedReply
from privacyguard.i18n import N_
from privacyguard.model.breach import Breach
from privacyguard.model.person import Identifier, IdentifierKind
from privacyguard.model.sites import site_of
from privacyguard.model.source import Limit, SourceInfo, Theme
from privacyguard.net.gateway import Gateway
from privacyguard.sources.reading import a_count, a_flag, a_list, a_name, a_rough_day, a_text, an_object

BASE_URL = "https://leakcheck.io"
HASH_SIGNS = 24

_ADDRESSES = "Email addresses"
_CLASSES = {
    "email": _ADDRESSES,
    "username": "Usernames",
    "password": "Passwords",
    "first_name": "Names",
    "last_name": "Names",
    "name": "Names",
    "dob": "Dates of birth",
    "address": "Physical addresses",
    "zip": "Physical addresses",
    "city": "Geographic locations",
    "country": "Geographic locations",
    "phone": "Phone numbers",
    "ip": "IP addresses",
}
"""Its field names in the words of Have I Been Pwned, so that the same leak from both is one. Others stay as they are."""


class LeakCheck:
    """Asks which leaks hold an address."""

    info = SourceInfo(
        id="leakcheck",
        name="LeakCheck",
        theme=Theme.LEAKS,
        finds=N_(
            "Leaks that hold your e-mail address. LeakCheck keeps the list. We ask about 15 addresses a day at most."
        ),
        accepts=frozenset({IdentifierKind.EMAIL}),
        hosts=frozenset({"leakcheck.io"}),
        discloses=N_("a fingerprint of your e-mail address; who has a list of addresses can guess yours from it"),
        cost=N_("Free"),
        terms_url="https://leakcheck.io",
        limits=(Limit(1, 1.0), Limit(15, 86400.0)),
    )

    def __init__(self, base_url: str = BASE_URL) -> None:
        self.base_url = base_url

    def check(self, identifier: Identifier, gateway: Gateway) -> Iterator[Breach]:
        """The leaks that hold the address."""
        reply = gateway.get(
            f"{self.base_url}/api/public?check={code_of(identifier)}",
            what=N_("a fingerprint of your e-mail address"),
            purpose=N_("leak check"),
        )
        yield from parse(reply.json(), reply.status)


def code_of(address: Identifier) -> str:
    """What stands for an address in the service: the first 24 hexadecimal signs of its SHA-256, in lower case."""
    return hashlib.sha256(address.value.strip().lower().encode("utf-8", "surrogatepass")).hexdigest()[:HASH_SIGNS]


def parse(untrusted: object, status: int) -> list[Breach]:
    """The leaks in a reply.

    The service says what leaked for all its leaks together, so only the one leak of a reply is known to hold it; of several
    each is only known to hold the address. Two leaks of one name are told apart by their day.

    Raises:
        TooManyRequests, UnexpectedReply.
    """
    fields = an_object(untrusted)
    if not a_flag(fields.get("success"), False):
        error = a_name(fields.get("error")).casefold()
        if status in {200, 404} and error.rstrip(".") == "not found":
            return []
        if "limit" in error:
            raise TooManyRequests()
        raise UnexpectedReply(f"status {status}")
    if status != 200:
        raise UnexpectedReply(f"status {status}")
    found = a_count(fields.get("found"), 10**9)
    names = a_list(fields.get("sources", []), 10_000)
    if (found == 0) != (not names):
        raise UnexpectedReply("a count that is not that of the list")
    kinds = [a_text(each, 80) for each in a_list(fields.get("fields", []), 1000)]
    classes = tuple(dict.fromkeys([_ADDRESSES, *(_CLASSES.get(kind.casefold(), kind) for kind in kinds if kind)]))
    sources = [an_object(each) for each in names]
    doubled = {name for name, count in Counter(a_name(each.get("name")) for each in sources).items() if count > 1}
    known = classes if len(sources) == 1 else (_ADDRESSES,)
    return [_breach(each, known, doubled) for each in sources]


def _breach(source: dict[str, object], classes: tuple[str, ...], doubled: Set[str]) -> Breach:
    title = a_name(source.get("name"))
    date = a_text(source.get("date") or "", 40)
    return Breach(
        name=f"{title} {date}".strip() if title in doubled else title,
        title=title,
        domain=site_of(title) or "",
        occurred_on=a_rough_day(source.get("date")),
        added_on=None,
        data_classes=classes,
        malware=title.casefold().startswith("stealer log"),
    )
