"""Pwned Passwords: whether a password is in a list of leaked ones. API: https://haveibeenpwned.com/API/v3 (read 2026-10-04).

Only the first 5 of the 40 signs of its SHA-1 leave this computer; the reply holds hundreds of endings, padded to hide how
many, and is compared here.
"""

import hashlib
import re

from privacyguard.errors import NetworkIntercepted, UnexpectedReply
from privacyguard.i18n import N_
from privacyguard.model.source import Limit, SourceInfo, Theme
from privacyguard.net.gateway import Gateway
from privacyguard.net.reply import Reply

BASE_URL = "https://api.pwnedpasswords.com"
PREFIX_SIGNS = 5

_SHA1 = re.compile(r"[0-9A-F]{40}")
_LINE = re.compile(r"([0-9A-F]{35}):([0-9]{1,12})", re.IGNORECASE)


class PwnedPasswords:
    """Asks how often a password was seen in leaks."""

    info = SourceInfo(
        id="passwords",
        name="Pwned Passwords",
        theme=Theme.LEAKS,
        finds=N_("Passwords that leaked before. Have I Been Pwned keeps the list. You ask it on a page of its own."),
        accepts=frozenset(),
        hosts=frozenset({"api.pwnedpasswords.com"}),
        discloses=N_("the first 5 of the 40 signs of a fingerprint of a password, never the password"),
        cost=N_("Free"),
        terms_url="https://haveibeenpwned.com/API/v3#PwnedPasswords",
        limits=(Limit(20, 1.0),),  # the service names none
        by_hand=True,
    )

    def __init__(self, base_url: str = BASE_URL) -> None:
        self.base_url = base_url

    def times(self, sha1_hex: str, gateway: Gateway) -> int:
        """How often the list holds the password with this fingerprint (:func:`sha1_of`), 0 for never.

        Raises:
            ValueError: not the fingerprint of a password; nothing was sent.
            SourceError: it could not be asked; that is no 0.
        """
        code = sha1_hex.upper()
        if not _SHA1.fullmatch(code):
            raise ValueError("not 40 hexadecimal signs")
        reply = gateway.get(
            f"{self.base_url}/range/{code[:PREFIX_SIGNS]}",
            what=N_("the first 5 of the 40 signs of a fingerprint of a password"),
            purpose=N_("password check"),
            headers={"Add-Padding": "true"},
        )
        return parse(reply).get(code[PREFIX_SIGNS:], 0)


def sha1_of(password: str) -> str:
    """The fingerprint of a password: SHA-1 of its UTF-8 bytes, 40 hexadecimal signs in upper case."""
    return hashlib.sha1(password.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest().upper()


def parse(reply: Reply) -> dict[str, int]:
    """The 35 last signs of each fingerprint in a reply, with how often it was seen; padding (0 times) is left out.

    Raises:
        NetworkIntercepted, UnexpectedReply.
    """
    if reply.is_page or "html" in reply.content_type:
        raise NetworkIntercepted("a page instead of data")
    if reply.status != 200:
        raise UnexpectedReply(f"status {reply.status}")
    lines = reply.text().split()
    found = [_LINE.fullmatch(line) for line in lines]
    # No beginning is without an ending, so an empty reply is none.
    if not lines or None in found:
        raise UnexpectedReply("not the agreed lines")
    counts = {match[1].upper(): int(match[2]) for match in found if match is not None}
    return {ending: count for ending, count in counts.items() if count}
