"""GitHub: an account by its user name. API: https://docs.github.com/en/rest/users (version 2022-11-28), read 2026-08.

Without a code it may be asked 60 times an hour. Every account has a picture: GitHub draws one of squares until its owner
chooses one. The two are told apart by how little such a drawing weighs (:func:`is_drawn`).
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from email.utils import parsedate_to_datetime

from privacyguard.errors import SourceError, TooManyRequests, UnexpectedReply
from privacyguard.i18n import N_
from privacyguard.model.person import IdentifierKind
from privacyguard.model.picture import Candidate
from privacyguard.model.profile import Profile
from privacyguard.model.source import Limit, SourceInfo, Theme
from privacyguard.net.gateway import Gateway
from privacyguard.net.pacing import too_many
from privacyguard.net.reply import Reply
from privacyguard.sources.base import PictureQuery
from privacyguard.sources.pictures.avatars import is_drawn, picture_in
from privacyguard.sources.pictures.user_names import shown_name, user_names
from privacyguard.sources.reading import a_name, an_address, an_object

BASE_URL = "https://api.github.com"
SITE_URL = "https://github.com"
HEADERS = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}

_LOGIN = re.compile(r"[A-Za-z0-9](?:-?[A-Za-z0-9]){0,38}")
_DAY_S = 86_400.0


class GitHub:
    """Asks for the account of each user name, and for its picture."""

    info = SourceInfo(
        id="github",
        name="GitHub",
        theme=Theme.PICTURES,
        finds=N_("An account at GitHub under your user name, and its picture."),
        accepts=frozenset({IdentifierKind.USERNAME}),
        hosts=frozenset({"api.github.com", "avatars.githubusercontent.com"}),
        discloses=N_("your user name"),
        cost=N_("Free"),
        terms_url="https://docs.github.com/site-policy",
        limits=(Limit(10, 60.0), Limit(60, 3600.0)),
        requests_each=2,
    )

    def __init__(self, base_url: str = BASE_URL) -> None:
        self.base_url = base_url

    def search(self, query: PictureQuery, gateway: Gateway) -> Iterator[Candidate]:
        """The account of each user name that is one there.

        Raises:
            NoUsableName: no user name can be one.
        """
        for name in user_names(query, _LOGIN):
            reply = gateway.get(
                f"{self.base_url}/users/{name}",
                what=N_("your user name"),
                purpose=N_("look for a profile"),
                headers=HEADERS,
            )
            candidate = parse(reply, name)
            if candidate is not None:
                yield _with_picture(candidate, gateway)


def _with_picture(candidate: Candidate, gateway: Gateway) -> Candidate:
    """The candidate with its picture's content; without any where GitHub drew it. A picture that does not come is left to the
    checkup, which counts it."""
    if candidate.address is None or candidate.profile is None:
        return candidate
    try:
        reply = gateway.get(candidate.address, what=N_("the address of a picture"), purpose=N_("profile picture"))
        content = picture_in(reply)
    except SourceError:
        return candidate
    if content is None or is_drawn(content):
        return replace(candidate, address=None, profile=replace(candidate.profile, has_picture=False))
    return replace(candidate, address=None, content=content)


def parse(reply: Reply, name: str) -> Candidate | None:
    """The account in a reply, with its picture's address; None where there is no such account.

    Raises:
        TooManyRequests: the hour's requests are used up.
        SourceError: a page, or not the agreed form.
    """
    fields = an_object(reply.json())
    if reply.status == 403 and reply.headers.get("x-ratelimit-remaining") == "0":
        raise _used_up(reply)
    if reply.status == 404 and fields.get("message") == "Not Found":
        return None
    login = a_name(fields.get("login"))
    if reply.status != 200 or login.casefold() != name.casefold():
        raise UnexpectedReply(f"status {reply.status}")
    picture = an_address(fields.get("avatar_url"))
    profile = Profile(
        site="GitHub",
        page=f"{SITE_URL}/{login}",
        user_name=login,
        shown_name=shown_name(fields.get("name")),
        has_picture=picture is not None,
        source_id="github",
    )
    return Candidate(address=picture, page=profile.page, title=profile.site, about=name, profile=profile)


def _used_up(reply: Reply) -> TooManyRequests:
    """With the time until the limit is lifted, by the service's own clock; without, where it does not say."""
    try:
        lifted_at = float(reply.headers.get("x-ratelimit-reset", "")[:12])
        now = parsedate_to_datetime(reply.headers.get("date", "")).timestamp()
    except (ValueError, OverflowError):
        return too_many(None)
    return too_many(min(max(lifted_at - now, 0.0), _DAY_S))
