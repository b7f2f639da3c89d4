"""Libravatar: the profile picture that belongs to an e-mail address, kept by volunteers.

API: https://wiki.libravatar.org/api (the host and the two kinds of code are named in the documentation of several programs;
that it may send unknown addresses on to Gravatar is from general knowledge). Servers of other mail domains are not looked up.
"""

from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from privacyguard.errors import UnexpectedReply
from privacyguard.i18n import N_
from privacyguard.model.person import IdentifierKind
from privacyguard.model.picture import Candidate
from privacyguard.model.source import SourceInfo, Theme
from privacyguard.net.gateway import Gateway
from privacyguard.net.reply import Reply
from privacyguard.net.unfollowed import REDIRECTS, get_unfollowed
from privacyguard.sources.base import PictureQuery
from privacyguard.sources.pictures.avatars import picture_in
from privacyguard.sources.pictures.gravatar import code_of

BASE_URL = "https://seccdn.libravatar.org"
SIZE_PX = 512

_GRAVATAR = "gravatar.com"


class Libravatar:
    """Asks for the picture of each address."""

    info = SourceInfo(
        id="libravatar",
        name="Libravatar",
        theme=Theme.PICTURES,
        finds=N_("The picture that some sites show beside your e-mail address."),
        accepts=frozenset({IdentifierKind.EMAIL}),
        hosts=frozenset({"seccdn.libravatar.org"}),
        discloses=N_("a code made from your e-mail address; who has a list of addresses can guess yours from it"),
        cost=N_("Free"),
        terms_url="https://www.libravatar.org",
    )

    def __init__(self, base_url: str = BASE_URL) -> None:
        self.base_url = base_url

    def search(self, query: PictureQuery, gateway: Gateway) -> Iterator[Candidate]:
        """The picture of each e-mail address that has one. Nobody is sent on to another place."""
        for identifier in query.identifiers:
            if identifier.kind is not IdentifierKind.EMAIL:
                continue
            code = code_of(identifier)
            reply = get_unfollowed(
                gateway,
                f"{self.base_url}/avatar/{code}?d=404&s={SIZE_PX}",
                what=N_("a code made from your e-mail address"),
                purpose=N_("profile picture"),
            )
            picture = None if _is_known_elsewhere_only(reply, self.base_url) else picture_in(reply)
            if picture is not None:
                shown_on = f"{BASE_URL}/avatar/{code}"
                yield Candidate(content=picture, page=shown_on, title=self.info.name, about=identifier.value)


def _is_known_elsewhere_only(reply: Reply, base_url: str) -> bool:
    """Whether the service knows no picture and names Gravatar instead, which is a source of its own.

    Raises:
        UnexpectedReply: it names any other place.
    """
    if reply.status not in REDIRECTS:
        return False
    try:
        host = urlsplit(urljoin(base_url, reply.headers.get("location", ""))).hostname or ""
    except ValueError:
        host = ""
    if host != _GRAVATAR and not host.endswith(f".{_GRAVATAR}"):
        raise UnexpectedReply("sent on")
    return True
