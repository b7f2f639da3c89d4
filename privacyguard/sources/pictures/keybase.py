"""Keybase: an account by its user name. API: https://keybase.io/docs/api/1.0/call/user/lookup (its fields from general
knowledge; that an unknown name is ``null`` in the list is how programs of 2026 still use it).
"""

import re
from collections.abc import Iterator

from privacyguard.errors import UnexpectedReply
from privacyguard.i18n import N_
from privacyguard.model.person import IdentifierKind
from privacyguard.model.picture import Candidate
from privacyguard.model.profile import Profile
from privacyguard.model.source import Limit, SourceInfo, Theme
from privacyguard.net.gateway import Gateway
from privacyguard.sources.base import PictureQuery
from privacyguard.sources.pictures.user_names import shown_name, user_names
from privacyguard.sources.reading import a_list, a_name, an_address, an_object

BASE_URL = "https://keybase.io"

_NAME = re.compile(r"(?=.{2,16}\Z)[A-Za-z0-9](?:_?[A-Za-z0-9])*")


class Keybase:
    """Asks for the account of each user name."""

    info = SourceInfo(
        id="keybase",
        name="Keybase",
        theme=Theme.PICTURES,
        finds=N_("An account at Keybase under your user name, and its picture."),
        accepts=frozenset({IdentifierKind.USERNAME}),
        hosts=frozenset({"keybase.io", "s3.amazonaws.com"}),
        discloses=N_("your user name"),
        cost=N_("Free"),
        terms_url="https://keybase.io/docs/terms",
        limits=(Limit(20, 60.0),),
    )

    def __init__(self, base_url: str = BASE_URL) -> None:
        self.base_url = base_url

    def search(self, query: PictureQuery, gateway: Gateway) -> Iterator[Candidate]:
        """The account of each user name that is one there.

        Raises:
            NoUsableName: no user name can be one.
        """
        for name in user_names(query, _NAME):
            reply = gateway.get(
                f"{self.base_url}/_/api/1.0/user/lookup.json?usernames={name.lower()}&fields=basics,profile,pictures",
                what=N_("your user name"),
                purpose=N_("look for a profile"),
            )
            answer = reply.json()
            if reply.status != 200:
                raise UnexpectedReply(f"status {reply.status}")
            candidate = parse(answer, name)
            if candidate is not None:
                yield candidate


def parse(untrusted: object, name: str) -> Candidate | None:
    """The account in a reply; None where there is no such account.

    Raises:
        UnexpectedReply: the service could not look, or not the agreed form.
    """
    fields = an_object(untrusted)
    code = an_object(fields.get("status")).get("code")
    found = a_list(fields.get("them"), 1)
    if code != 0 or isinstance(code, bool) or len(found) != 1:
        raise UnexpectedReply("not one answer for one name")
    if found[0] is None:
        return None
    account = an_object(found[0])
    user_name = a_name(an_object(account.get("basics")).get("username"))
    if user_name.casefold() != name.casefold():
        raise UnexpectedReply("another account")
    about_them = an_object(account.get("profile") or {})
    primary = an_object(an_object(account.get("pictures") or {}).get("primary") or {})
    picture = an_address(primary["url"]) if primary.get("url") is not None else None
    profile = Profile(
        site="Keybase",
        page=f"{BASE_URL}/{user_name}",
        user_name=user_name,
        shown_name=shown_name(about_them.get("full_name")),
        has_picture=picture is not None,
        source_id="keybase",
    )
    return Candidate(address=picture, page=profile.page, title=profile.site, about=name, profile=profile)
