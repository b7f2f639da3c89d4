"""Gravatar: the profile picture that belongs to an e-mail address. API: https://docs.gravatar.com (read 2026-08)."""

import hashlib
from collections.abc import Iterator

from privacyguard.errors import NetworkIntercepted, UnexpectedReply
from privacyguard.i18n import N_
from privacyguard.model.person import IdentifierKind
from privacyguard.model.picture import Candidate
from privacyguard.model.source import SourceInfo, Theme
from privacyguard.net.gateway import Gateway
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
        """The picture of each address that has one."""
        for identifier in query.identifiers:
            code = hashlib.sha256(identifier.value.encode()).hexdigest()
            # d=404: no stand-in picture; r=x: pictures that their owner rated for grown-ups are not hidden.
            address = f"{self.base_url}/avatar/{code}?d=404&s={SIZE_PX}&r=x"
            reply = gateway.get(address, what=N_("a code made from your e-mail address"), purpose=N_("profile picture"))
            is_page = "html" in reply.headers.get("content-type", "").lower()
            if is_page:
                raise NetworkIntercepted("a page instead of a picture")
            if reply.status == 404:
                continue
            if reply.status != 200 or not reply.body:
                raise UnexpectedReply(f"status {reply.status}")
            yield Candidate(content=reply.body, page=f"{BASE_URL}/{code}", title=self.info.name, about=identifier.value)
