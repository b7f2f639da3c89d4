"""Gravatar: the profile picture that belongs to an e-mail address. API: https://docs.gravatar.com (read 2026-08)."""

import hashlib
from collections.abc import Iterator

from privacyguard.errors import NetworkIntercepted, UnexpectedReply
from privacyguard.i18n import N_
from privacyguard.model.person import Identifier, IdentifierKind
from privacyguard.model.picture import Candidate
from privacyguard.model.source import SourceInfo, Theme
from privacyguard.net.gateway import Gateway
from privacyguard.net.reply import Reply
from privacyguard.sources.base import PictureQuery

BASE_URL = "https://gravatar.com"
SIZE_PX = 512


class Gravatar:
    """Asks for the picture of each address."""

    info = SourceInfo(
        id="gravatar",
        name="Gravatar",
        theme=Theme.PICTURES,
        finds=N_("The picture that many sites show beside your e-mail address."),
        accepts=frozenset({IdentifierKind.EMAIL}),
        hosts=frozenset({"gravatar.com"}),
        discloses=N_("a code made from your e-mail address"),
        cost=N_("Free"),
        terms_url="https://gravatar.com/about",
    )

    def __init__(self, base_url: str = BASE_URL) -> None:
        self.base_url = base_url

    def search(self, query: PictureQuery, gateway: Gateway) -> Iterator[Candidate]:
        """The picture of each e-mail address that has one."""
        for identifier in query.identifiers:
            if identifier.kind is not IdentifierKind.EMAIL:
                continue
            code = code_of(identifier)
            # d=404: no stand-in picture; r=x: pictures that their owner rated for grown-ups are not hidden.
            address = f"{self.base_url}/avatar/{code}?d=404&s={SIZE_PX}&r=x"
            reply = gateway.get(address, what=N_("a code made from your e-mail address"), purpose=N_("profile picture"))
            if not _is_none(reply):
                yield Candidate(
                    content=reply.body, page=f"{BASE_URL}/{code}", title=self.info.name, about=identifier.value
                )


def code_of(address: Identifier) -> str:
    """What stands for an address in the service: SHA-256 in hexadecimal, trimmed and in lower case."""
    return hashlib.sha256(address.value.strip().lower().encode()).hexdigest()


def _is_none(reply: Reply) -> bool:
    """Whether the address has no picture. Raises where the reply is neither that nor a picture."""
    if reply.is_page:
        raise NetworkIntercepted("a page instead of a picture")
    if reply.status == 404:
        return True
    if reply.status == 200 and "html" in reply.content_type:
        raise NetworkIntercepted("a page instead of a picture")
    if reply.status != 200 or not reply.body or not reply.content_type.startswith("image/"):
        raise UnexpectedReply(f"status {reply.status}")
    return False
