"""Bluesky: an account by its name. API: lexicon app.bsky.actor.getProfile of github.com/bluesky-social/atproto (read 2026-08).

Of an account that asks programs without an account to look away (the label ``!no-unauthenticated``) only that it exists is
told. Its pictures lie at an address that the reply names.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from privacyguard.errors import UnexpectedReply
from privacyguard.i18n import N_
from privacyguard.model.person import IdentifierKind
from privacyguard.model.picture import Candidate
from privacyguard.model.profile import Profile
from privacyguard.model.source import Limit, SourceInfo, Theme
from privacyguard.net.gateway import Gateway
from privacyguard.net.reply import Reply
from privacyguard.sources.base import PictureQuery
from privacyguard.sources.pictures.user_names import shown_name, user_names
from privacyguard.sources.reading import a_name, a_text, an_address, an_object, objects

BASE_URL = "https://public.api.bsky.app"
SITE_URL = "https://bsky.app/profile"
HOME = "bsky.social"
"""Where a name of one part is registered."""
LABELS_AT_MOST = 200

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HANDLE = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*")
_LOOK_AWAY = "!no-unauthenticated"


class Bluesky:
    """Asks for the account of each user name."""

    info = SourceInfo(
        id="bluesky",
        name="Bluesky",
        theme=Theme.PICTURES,
        finds=N_("An account at Bluesky under your user name, and its picture."),
        accepts=frozenset({IdentifierKind.USERNAME}),
        hosts=frozenset({"public.api.bsky.app"}),
        discloses=N_("your user name"),
        cost=N_("Free"),
        terms_url="https://bsky.social/about/support/tos",
        fetches_pictures=True,
        limits=(Limit(60, 60.0),),
    )

    def __init__(self, base_url: str = BASE_URL) -> None:
        self.base_url = base_url

    def search(self, query: PictureQuery, gateway: Gateway) -> Iterator[Candidate]:
        """The account of each user name that is one there.

        Raises:
            NoUsableName: no user name can be one.
        """
        for name in user_names(query, _HANDLE):
            handle = name.lower() if "." in name else f"{name.lower()}.{HOME}"
            reply = gateway.get(
                f"{self.base_url}/xrpc/app.bsky.actor.getProfile?actor={quote(handle, safe='')}",
                what=N_("your user name"),
                purpose=N_("look for a profile"),
            )
            candidate = parse(reply, handle, name)
            if candidate is not None:
                yield candidate


def parse(reply: Reply, handle: str, about: str) -> Candidate | None:
    """The account in a reply; None where there is no such account.

    Raises:
        SourceError: a page, or not the agreed form.
    """
    fields = an_object(reply.json())
    if reply.status == 400 and fields.get("error") == "InvalidRequest" and fields.get("message") == "Profile not found":
        return None
    if reply.status != 200 or a_name(fields.get("handle")).lower() != handle or not _is_did(fields.get("did")):
        raise UnexpectedReply(f"status {reply.status}")
    looks_away = _asks_to_look_away(fields)
    avatar = fields.get("avatar")
    picture = None if looks_away or avatar is None else an_address(avatar)
    profile = Profile(
        site="Bluesky",
        page=f"{SITE_URL}/{handle}",
        user_name=handle,
        shown_name=None if looks_away else shown_name(fields.get("displayName")),
        has_picture=picture is not None,
        source_id="bluesky",
    )
    return Candidate(address=picture, page=profile.page, title=profile.site, about=about, profile=profile)


def _is_did(untrusted: object) -> bool:
    return isinstance(untrusted, str) and untrusted.startswith("did:")


def _asks_to_look_away(fields: dict[str, Any]) -> bool:
    return any(a_text(label.get("val")) == _LOOK_AWAY for label in objects(fields, "labels", LABELS_AT_MOST))
