"""Gravatar: the profile picture that belongs to an e-mail address, and the page about its owner.

API: https://docs.gravatar.com (read 2026-08). Pages may be asked 100 times an hour without a code, pictures without a limit.
"""

import hashlib
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from privacyguard.errors import SourceError, UnexpectedReply
from privacyguard.i18n import N_
from privacyguard.model.person import Identifier, IdentifierKind
from privacyguard.model.picture import Candidate
from privacyguard.model.profile import Profile
from privacyguard.model.source import Limit, SourceInfo, Theme
from privacyguard.net.gateway import Gateway
from privacyguard.net.reply import Reply
from privacyguard.sources.base import PictureQuery
from privacyguard.sources.pictures.avatars import picture_in
from privacyguard.sources.pictures.user_names import shown_name
from privacyguard.sources.reading import a_name, an_object

BASE_URL = "https://gravatar.com"
PAGES_URL = "https://api.gravatar.com"
SIZE_PX = 512

_HOST, _SLUG = "gravatar.com", re.compile(r"[A-Za-z0-9._-]{1,100}")


class Gravatar:
    """Asks for the picture and the page of each address."""

    info = SourceInfo(
        id="gravatar",
        name="Gravatar",
        theme=Theme.PICTURES,
        finds=N_("The picture that many sites show beside your e-mail address, and the page that goes with it."),
        accepts=frozenset({IdentifierKind.EMAIL}),
        hosts=frozenset({"gravatar.com", "api.gravatar.com"}),
        discloses=N_("a code made from your e-mail address; who has a list of addresses can guess yours from it"),
        cost=N_("Free"),
        terms_url="https://gravatar.com/about",
        limits=(Limit(60, 60.0), Limit(100, 3600.0)),
        requests_each=2,
    )

    def __init__(self, base_url: str = BASE_URL) -> None:
        self.base_url = base_url
        self._pages_url = PAGES_URL if base_url == BASE_URL else base_url

    def search(self, query: PictureQuery, gateway: Gateway) -> Iterator[Candidate]:
        """The picture of each e-mail address that has one, and the account of each that has a page."""
        for identifier in query.identifiers:
            if identifier.kind is IdentifierKind.EMAIL:
                yield from self._of(identifier, gateway)

    def _of(self, identifier: Identifier, gateway: Gateway) -> Iterator[Candidate]:
        code = code_of(identifier)
        # d=404: no stand-in picture; r=x: pictures that their owner rated for grown-ups are not hidden.
        reply = gateway.get(
            f"{self.base_url}/avatar/{code}?d=404&s={SIZE_PX}&r=x",
            what=N_("a code made from your e-mail address"),
            purpose=N_("profile picture"),
        )
        picture = picture_in(reply)
        profile, problem = None, None
        try:
            profile = self._profile(code, picture is not None, gateway)
        except SourceError as error:
            problem = error
        if picture is not None or profile is not None:
            title, page = self.info.name, _page(code)
            yield Candidate(content=picture, page=page, title=title, about=identifier.value, profile=profile)
        if problem is not None:  # a picture that came is looked at all the same
            raise problem

    def _profile(self, code: str, has_picture: bool, gateway: Gateway) -> Profile | None:
        reply = gateway.get(
            f"{self._pages_url}/v3/profiles/{code}",
            what=N_("a code made from your e-mail address"),
            purpose=N_("look for a profile"),
        )
        return parse(reply, code, has_picture)


def code_of(address: Identifier) -> str:
    """What stands for an address in the service: SHA-256 in hexadecimal, trimmed and in lower case."""
    return hashlib.sha256(address.value.strip().lower().encode()).hexdigest()


def parse(reply: Reply, code: str, has_picture: bool) -> Profile | None:
    """The account in a reply; None where the service knows none.

    Raises:
        SourceError: a page, or not the agreed form.
    """
    fields = an_object(reply.json())
    if reply.status == 404 and isinstance(fields.get("error"), str):
        return None
    if reply.status != 200:
        raise UnexpectedReply(f"status {reply.status}")
    return Profile(
        site="Gravatar",
        page=_page(code),
        user_name=_slug(a_name(fields.get("profile_url"))) or code,
        shown_name=shown_name(fields.get("display_name")),
        has_picture=has_picture,
        source_id="gravatar",
    )


def _page(code: str) -> str:
    """The address of an account's page that stays when its owner takes another name."""
    return f"{BASE_URL}/{code}"


def _slug(untrusted_address: str) -> str | None:
    """The name at the end of a profile's own address; None where it is none of the service's."""
    try:
        parts = urlsplit(untrusted_address)
    except ValueError:
        return None
    slug = parts.path.strip("/")
    is_own = parts.hostname is not None and (parts.hostname == _HOST or parts.hostname.endswith(f".{_HOST}"))
    return slug if is_own and _SLUG.fullmatch(slug) else None
