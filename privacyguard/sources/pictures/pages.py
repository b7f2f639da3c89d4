"""Web pages and sites that the person named: the club, the school, the old blog. Looked through as politely as can be."""

from collections.abc import Iterator

from privacyguard.errors import SourceError
from privacyguard.i18n import N_
from privacyguard.model.picture import Candidate
from privacyguard.model.source import Limit, SourceInfo, Theme
from privacyguard.net.gateway import Gateway
from privacyguard.sources.base import PictureQuery
from privacyguard.sources.pictures.crawl.addresses import one_form, site_named
from privacyguard.sources.pictures.crawl.site import PACE_S, SiteWalk


class NotAllSites(SourceError):
    """Of several sites that the person named, some could not be looked at. ``remedy``: why the first of them could not."""

    title = N_("Some of the pages that you named could not be looked at.")

    def __init__(self, first: SourceError) -> None:
        super().__init__("some sites")
        self.remedy = first.title


class Pages:
    """Goes through the sites that the person named. Needs ``query.look``."""

    info = SourceInfo(
        id="pages",
        name=N_("Web pages you name"),
        theme=Theme.PICTURES,
        finds=N_("Pictures that look like you, on pages you name and pages of that site they link to."),
        accepts=frozenset(),
        hosts=frozenset(),
        discloses=N_("the address of the page. The site can see your internet address and that PrivacyGuard asked"),
        cost=N_("Free"),
        fetches_pictures=True,
        named_sites=True,
        limits=(Limit(1, PACE_S),),
    )

    def sites(self, query: PictureQuery) -> tuple[str, ...]:
        """The pages that the person named, but what is no address."""
        return tuple(address for typed in query.sites if (address := one_form(typed)) is not None)

    def search(self, query: PictureQuery, gateway: Gateway) -> Iterator[Candidate]:
        """Every picture of each site, once, with the first page that shows it.

        Raises:
            SourceError: a page that the person named could not be read. The other sites are looked at before.
            ValueError: without ``query.look``.
        """
        if query.look is None:
            raise ValueError("pages without a reader and a memory")
        failures: list[SourceError] = []
        sites = sites_of(query.sites)
        for site, starts in sites.items():
            try:
                yield from SiteWalk(site, starts, gateway, query.look).candidates()
            except SourceError as error:
                failures.append(error)
        if failures:
            raise failures[0] if len(sites) == 1 else NotAllSites(failures[0])


def sites_of(addresses: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """The pages by the registered name of their site, in order, each once."""
    sites: dict[str, tuple[str, ...]] = {}
    for typed in addresses:
        address = one_form(typed) or typed
        site = site_named(address)
        if address not in sites.get(site, ()):
            sites[site] = (*sites.get(site, ()), address)
    return sites
