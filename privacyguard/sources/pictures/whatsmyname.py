"""WhatsMyName: which sites know a user name, by the list of https://github.com/WebBreacher/WhatsMyName (CC BY-SA 4.0).

The list is fetched first, with nothing about the person; then nobody is asked but the sites on it. Each is asked itself, one
after the other, with a plain question. Found and missing each take a status and a text in the body; whatever is neither is
told as not checked. A redirect is an answer, so none is followed.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from privacyguard.errors import ConnectionLost, NoNetwork, SourceError
from privacyguard.i18n import N_, ngettext
from privacyguard.model.person import IdentifierKind
from privacyguard.model.picture import Candidate
from privacyguard.model.profile import Profile
from privacyguard.model.source import Limit, SourceInfo, Theme
from privacyguard.net.gateway import Gateway
from privacyguard.net.unfollowed import get_unfollowed
from privacyguard.sources.base import Cache, PictureQuery
from privacyguard.sources.pictures.user_names import user_names
from privacyguard.sources.pictures.whatsmyname_kept import DATA, LIST_HOST, LIST_PATH, ListOld, SiteList
from privacyguard.sources.pictures.whatsmyname_list import SITES_AT_MOST, Answer, Site

PAGE_BYTES = 4 * 1024 * 1024
GIVES_UP_AFTER = 3
"""Sites without a connection, from the first on: then it is this computer that has none."""

_NAME = re.compile(r"[\w.~-]{1,64}")


class SitesUnclear(SourceError):
    """Some sites gave no clear answer: they count as not checked. ``unclear`` of ``asked`` questions."""

    remedy = N_("That does not mean that there is no account. We will try again at the next check.")

    def __init__(self, unclear: int, asked: int) -> None:
        super().__init__(f"{unclear} of {asked}")
        self.unclear, self.asked = unclear, asked
        self.title = ngettext(
            "{unclear} of {count} site gave no clear answer.", "{unclear} of {count} sites gave no clear answer.", asked
        ).format(unclear=unclear, count=asked)


@dataclass
class _Sweep:
    """What came so far. ``problems``: of questions that nobody answered, in order."""

    asked: int
    answered: int
    problems: list[SourceError]


class WhatsMyName:
    """Asks each site of the list about each user name.

    Args:
        cache: where the list is kept.
        base_url: stands in for the list's place and for all sites, each below its host's name; "" for none.
        data: the list that came with this copy of PrivacyGuard, if there is one.
        clock: the time, with its zone.
    """

    info = SourceInfo(
        id="whatsmyname",
        name="WhatsMyName",
        theme=Theme.PICTURES,
        finds=N_("Sites that show pictures and have an account under your user name."),
        accepts=frozenset({IdentifierKind.USERNAME}),
        hosts=frozenset({LIST_HOST}),
        discloses=N_(
            "your user name, to each site on a list of up to 60; each also sees your internet address."
            " The list is fetched from GitHub (raw.githubusercontent.com). GitHub sees your internet address and no more"
        ),
        cost=N_("Free. The list is by Micah Hoffman and others (CC BY-SA 4.0)."),
        terms_url="https://github.com/WebBreacher/WhatsMyName",
        limits=(Limit(1, 2.0),),
        requests_each=SITES_AT_MOST,
        listed_sites=True,
    )

    def __init__(
        self,
        cache: Cache,
        base_url: str = "",
        data: Path = DATA,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.base_url = base_url
        self._list = SiteList(cache, self._placed(f"https://{LIST_HOST}{LIST_PATH}"), data, clock)

    def search(self, query: PictureQuery, gateway: Gateway) -> Iterator[Candidate]:
        """The accounts that the sites know. All sites are asked before it is told that some gave no clear answer.

        Raises:
            NoUsableName: no user name can be one at such sites; nobody is asked then.
            ListMissing, ListDamaged: there is no list to go by.
            NoNetwork: the first sites could not be reached, one after the other.
            SitesUnclear: as many gave no clear answer.
            ListOld: all did, but the list is too old to be sure.
        """
        names = user_names(query, _NAME)
        kept = self._list.current(gateway)
        listed = gateway.for_listed(site.host for site in kept.sites)
        sweep = _Sweep(0, 0, [])
        for name in names:
            for site in kept.sites:
                if self._answer(site, name, listed, sweep) is Answer.FOUND:
                    yield _account(site, name)
        unclear = sweep.asked - sweep.answered
        if unclear:
            raise SitesUnclear(unclear, sweep.asked)
        if self._list.is_old(kept):
            raise ListOld("age")

    def _answer(self, site: Site, name: str, gateway: Gateway, sweep: _Sweep) -> Answer:
        sweep.asked += 1
        try:
            reply = get_unfollowed(
                gateway,
                self._placed(site.address(name)),
                what=N_("your user name"),
                purpose=N_("look for a profile"),
                max_bytes=PAGE_BYTES,
            )
        except SourceError as error:
            sweep.problems.append(error)
            _give_up_without_a_network(sweep)
            return Answer.UNCLEAR
        said = site.says(reply)
        sweep.answered += said is not Answer.UNCLEAR
        return said

    def _placed(self, address: str) -> str:
        """The address, or where the base stands in for its host."""
        parts = urlsplit(address)
        query = f"?{parts.query}" if parts.query else ""
        return f"{self.base_url}/{parts.hostname}{parts.path}{query}" if self.base_url else address


def _give_up_without_a_network(sweep: _Sweep) -> None:
    are_all = len(sweep.problems) == sweep.asked == GIVES_UP_AFTER
    if are_all and all(isinstance(each, NoNetwork) and not isinstance(each, ConnectionLost) for each in sweep.problems):
        raise sweep.problems[0]


def _account(site: Site, name: str) -> Candidate:
    page = site.page_of(name)
    profile = Profile(site=site.name, page=page, user_name=name, source_id=WhatsMyName.info.id)
    return Candidate(page=page, title=site.name, about=name, profile=profile)
