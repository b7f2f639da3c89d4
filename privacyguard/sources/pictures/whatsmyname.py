"""WhatsMyName: which sites know a user name, by the list of https://github.com/WebBreacher/WhatsMyName (CC BY-SA 4.0).

Each site is asked itself, one after the other, with a plain question. Found and missing each take a status and a text in the
body; whatever is neither is told as not checked. A redirect is an answer, so none is followed.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
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
from privacyguard.sources.base import PictureQuery
from privacyguard.sources.pictures.user_names import user_names
from privacyguard.sources.pictures.whatsmyname_list import DATA, Answer, Site, read_sites

PAGE_BYTES = 4 * 1024 * 1024
GIVES_UP_AFTER = 3
"""Sites without a connection, from the first on: then it is this computer that has none."""

_NAME = re.compile(r"[\w.~-]{1,64}")
_CARD = SourceInfo(
    id="whatsmyname",
    name="WhatsMyName",
    theme=Theme.PICTURES,
    finds=N_("Sites that show pictures and have an account under your user name."),
    accepts=frozenset({IdentifierKind.USERNAME}),
    hosts=frozenset(),
    discloses=N_("your user name, to each site on a list of up to 60; each also sees your internet address"),
    cost=N_("Free. The list is by Micah Hoffman and others (CC BY-SA 4.0)."),
    terms_url="https://github.com/WebBreacher/WhatsMyName",
    limits=(Limit(1, 2.0),),
)
_WITHOUT_A_LIST = replace(
    _CARD, finds=N_("Nothing in this copy of PrivacyGuard: the list of sites is not in it."), discloses=""
)


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
    """Asks each site of the list about each user name. Its card says so where there is no list.

    Args:
        base_url: stands in for all sites, each below its host's name; "" for none.
        data: the list.
    """

    def __init__(self, base_url: str = "", data: Path = DATA) -> None:
        self.base_url = base_url
        self._sites: Sequence[Site] = ()
        self._problem: SourceError | None = None
        try:
            self._sites = read_sites(data)
        except SourceError as error:
            self._problem = error
        hosts = frozenset(site.host for site in self._sites)
        self.info = replace(_CARD, hosts=hosts, requests_each=len(hosts)) if hosts else _WITHOUT_A_LIST

    def search(self, query: PictureQuery, gateway: Gateway) -> Iterator[Candidate]:
        """The accounts that the sites know. All sites are asked before it is told that some gave no clear answer.

        Raises:
            ListMissing, ListDamaged: there is no list to go by.
            NoUsableName: no user name can be one at such sites.
            NoNetwork: the first sites could not be reached, one after the other.
            SitesUnclear: as many gave no clear answer.
        """
        if self._problem is not None:
            raise self._problem
        sweep = _Sweep(0, 0, [])
        for name in user_names(query, _NAME):
            for site in self._sites:
                if self._answer(site, name, gateway, sweep) is Answer.FOUND:
                    yield _account(site, name)
        if sweep.answered < sweep.asked:
            raise SitesUnclear(sweep.asked - sweep.answered, sweep.asked)

    def _answer(self, site: Site, name: str, gateway: Gateway, sweep: _Sweep) -> Answer:
        sweep.asked += 1
        try:
            reply = get_unfollowed(
                gateway,
                self._address(site, name),
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

    def _address(self, site: Site, name: str) -> str:
        address = site.address(name)
        if not self.base_url:
            return address
        parts = urlsplit(address)
        return f"{self.base_url}/{site.host}{parts.path}{'?' if parts.query else ''}{parts.query}"


def _give_up_without_a_network(sweep: _Sweep) -> None:
    are_all = len(sweep.problems) == sweep.asked == GIVES_UP_AFTER
    if are_all and all(isinstance(each, NoNetwork) and not isinstance(each, ConnectionLost) for each in sweep.problems):
        raise sweep.problems[0]


def _account(site: Site, name: str) -> Candidate:
    page = site.page_of(name)
    profile = Profile(site=site.name, page=page, user_name=name, source_id=_CARD.id)
    return Candidate(page=page, title=site.name, about=name, profile=profile)
