"""Mastodon: an account at the server that its name tells, as in ``name@server.example``.

API: https://docs.joinmastodon.org/methods/accounts/#lookup (since 3.4.0), read 2026-08. The person named the server by typing
such a name: it is the only one that is asked. Other names are not tried anywhere. Some servers want a sign-in first.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from privacyguard.errors import NetworkIntercepted, SourceError, UnexpectedReply
from privacyguard.i18n import N_
from privacyguard.model.person import Identifier, IdentifierKind
from privacyguard.model.picture import Candidate
from privacyguard.model.profile import Profile
from privacyguard.model.sites import HOST, in_ascii
from privacyguard.model.source import Limit, SourceInfo, Theme
from privacyguard.net.gateway import Gateway
from privacyguard.net.reply import Reply
from privacyguard.sources.base import PictureQuery
from privacyguard.sources.pictures.user_names import NoUsableName, shown_name
from privacyguard.sources.reading import a_name, an_address, an_object

_NAME = re.compile(r"@?([A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,28}[A-Za-z0-9_])?)@([^@\s/]+)")
_NO_PICTURE = "/avatars/original/missing.png"


class SignInWanted(SourceError):
    """The server shows accounts to those who signed in only."""

    title = N_("This server shows accounts only to people who sign in. So we could not look.")
    remedy = N_("You can look yourself: search for your name on that server.")


@dataclass(frozen=True)
class Account:
    """A user name that tells its server. ``typed``: as the person typed it."""

    name: str = field(repr=False)
    server: str = field(repr=False)
    typed: str = field(repr=False)


class Mastodon:
    """Asks the server of each such user name for the account. ``base_url``: stands in for all servers; "" for none."""

    info = SourceInfo(
        id="mastodon",
        name="Mastodon",
        theme=Theme.PICTURES,
        finds=N_("An account under a name that tells its server, as in name@server, and its picture."),
        accepts=frozenset({IdentifierKind.USERNAME}),
        hosts=frozenset(),
        discloses=N_("your user name, to the server that it tells"),
        cost=N_("Free"),
        terms_url="https://joinmastodon.org",
        named_sites=True,
        fetches_pictures=True,
        limits=(Limit(30, 60.0),),
    )

    def __init__(self, base_url: str = "") -> None:
        self.base_url = base_url

    def sites(self, query: PictureQuery) -> tuple[str, ...]:
        """The servers that the person named, as addresses: those that this source may ask for them."""
        return tuple(dict.fromkeys(f"https://{each.server}" for each in accounts(query.identifiers)))

    def search(self, query: PictureQuery, gateway: Gateway) -> Iterator[Candidate]:
        """The account of each such name that is one at its server. All servers are asked before a problem is told.

        Raises:
            NoUsableName: no user name tells its server.
        """
        asked = accounts(query.identifiers)
        if not asked:
            raise NoUsableName("form")
        problem: SourceError | None = None
        for account in asked:
            try:
                candidate = self._found(account, gateway)
            except SourceError as error:
                problem = problem or error
                continue
            if candidate is not None:
                yield candidate
        if problem is not None:
            raise problem

    def _found(self, account: Account, gateway: Gateway) -> Candidate | None:
        place = f"{self.base_url}/{account.server}" if self.base_url else f"https://{account.server}"
        reply = gateway.get(
            f"{place}/api/v1/accounts/lookup?acct={account.name}",
            what=N_("your user name"),
            purpose=N_("look for a profile"),
        )
        return parse(reply, account)


def accounts(identifiers: tuple[Identifier, ...]) -> tuple[Account, ...]:
    """The user names that tell their server, each once."""
    found: dict[tuple[str, str], Account] = {}
    for identifier in identifiers:
        typed = _NAME.fullmatch(identifier.value) if identifier.kind is IdentifierKind.USERNAME else None
        server = in_ascii(typed[2]) if typed else ""
        if typed and HOST.fullmatch(server):
            found.setdefault((typed[1].casefold(), server), Account(typed[1], server, identifier.value))
    return tuple(found.values())


def parse(reply: Reply, account: Account) -> Candidate | None:
    """The account in a reply; None where the server has no such account.

    Raises:
        SignInWanted: it does not say.
        SourceError: not the agreed form.
    """
    fields = _fields(reply)
    if reply.status == 401:
        raise SignInWanted("status 401")
    if reply.status == 404 and fields.get("error") == "Record not found":
        return None
    name = a_name(fields.get("username"))
    if reply.status != 200 or name.casefold() != account.name.casefold():
        raise UnexpectedReply(f"status {reply.status}")
    picture = an_address(a_name(fields.get("avatar_static") or fields.get("avatar")))
    if picture is None or picture.endswith(_NO_PICTURE):
        picture = None
    profile = Profile(
        site=f"Mastodon ({account.server})",
        page=f"https://{account.server}/@{name}",
        user_name=f"{name}@{account.server}",
        shown_name=shown_name(fields.get("display_name")),
        has_picture=picture is not None,
        source_id="mastodon",
    )
    return Candidate(address=picture, page=profile.page, title=profile.site, about=account.typed, profile=profile)


def _fields(reply: Reply) -> dict[str, object]:
    try:
        return an_object(reply.json())
    except NetworkIntercepted:
        if reply.status == 200:
            raise
        # A site without Mastodon has a page for what it does not know.
        raise UnexpectedReply(f"status {reply.status}") from None
