"""Everything joined for one run of the program: shared by the window and the command line.

Each part is made when it is first needed: the password store is asked, the database opened, the network and the workers
loaded no earlier. Free of Qt.
"""

import os
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from privacyguard import __version__, logs
from privacyguard.checkup import servers
from privacyguard.checkup.kept import ListsInVault, personal_values
from privacyguard.errors import UsageError
from privacyguard.i18n import _, system_country
from privacyguard.logs import PersonalValues
from privacyguard.paths import Paths, make_private, resources
from privacyguard.settings import Settings, read, switch

if TYPE_CHECKING:
    from privacyguard.analysis.page_reader import PageReader
    from privacyguard.analysis.pool import AnalysisPool
    from privacyguard.checkup.run import Parts
    from privacyguard.model.advice import Advice
    from privacyguard.model.source import SourceInfo
    from privacyguard.net.gateway import Network
    from privacyguard.report.content import ReportContent
    from privacyguard.sources.base import Source
    from privacyguard.vault.forget import Receipt
    from privacyguard.vault.keystore import SystemKeyStore
    from privacyguard.vault.vault import Vault

FIRST_PERSON = "me"
"""The name of the profile of whoever uses this computer, until they choose another."""

USER_AGENT = f"PrivacyGuard/{__version__}"
"""What services are told of us."""

COUNTRY_FLAG = "country"
"""The flag in the vault that holds the country a person chose, two letters."""

CONSENT_TEXT = "2026-11-23"
"""The version of the words that people agree to, kept with each consent. It changes with their meaning."""


def now() -> datetime:
    """The time, with its zone."""
    return datetime.now(UTC)


class Session:
    """The parts of one run, each made at first use, from any thread; close it (or use ``with``) to give them back."""

    def __init__(self, paths: Paths, personal: PersonalValues, clock: Callable[[], datetime] = now) -> None:
        self.paths = paths
        self.personal = personal
        self.clock = clock
        self._lock, self.turn = threading.RLock(), threading.Lock()  # the turn: held by every check, none is doubled
        self._opening = threading.RLock()  # of its own: it is held while the password store asks the person
        self._settings: Settings | None = None
        self._keys: SystemKeyStore | None = None
        self._vault: Vault | None = None
        self._network: Network | None = None
        self._pool: AnalysisPool | None = None
        self._pages: PageReader | None = None
        self._sources: tuple[Source, ...] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """End the workers and close the vault."""
        with self._lock:
            pool, self._pool = self._pool, None
            pages, self._pages = self._pages, None
        with self._opening:
            vault, self._vault = self._vault, None
        if pool is not None:
            pool.close()
        if pages is not None:
            pages.close()
        if vault is not None:
            vault.close()

    @property
    def settings(self) -> Settings:
        """What settings.toml says. Raises :class:`~privacyguard.errors.SettingsDamaged`."""
        with self._lock:
            if self._settings is None:
                self._settings = read(self.paths.settings, obeys_redirections=self.paths.obeys_redirections)
            return self._settings

    @property
    def keys(self) -> "SystemKeyStore":
        """The password store of this computer, for this home's entries."""
        from privacyguard.vault.keystore import SystemKeyStore, home_id

        with self._lock:
            if self._keys is None:
                make_private(self.paths.home)
                self._keys = SystemKeyStore(home_id(self.paths.home))
            return self._keys

    @property
    def vault(self) -> "Vault":
        """The vault, open. Its names, addresses, folders and readers of letters are kept out of the log from here on.

        Raises:
            VaultError: it cannot be opened; blocks while the password store asks the person to unlock it.
        """
        from privacyguard.vault.vault import Vault

        with self._opening:
            if self._vault is None:
                self._vault = Vault.open(self.paths.home, self.keys, clock=self.clock)
                self.personal.add(personal_values(self._vault))
            return self._vault

    @property
    def sources(self) -> "tuple[Source, ...]":
        """Every source of this version, in the order of the list. Needs no vault until one of them is asked."""
        from privacyguard.sources.catalogue import sources

        with self._lock:
            if self._sources is None:
                lists, now_ = ListsInVault(lambda: self.vault), lambda: self.clock()
                self._sources = sources(self.settings.bases, lists, self.server_of, now_)
            return self._sources

    @property
    def network(self) -> "Network":
        """The one way out. Each request is recorded in the vault before it is made."""
        from privacyguard.net.gateway import NetSettings, Network

        vault = self.vault
        with self._lock:
            if self._network is None:
                bases, resolve = self.settings.bases, self.settings.resolve
                # A proxy cannot reach this computer's own addresses; an empty one means: go straight there.
                here = [*(urlsplit(base).hostname for base in bases.values()), *resolve]
                straight = {f"{scheme}://{host}": "" for scheme in ("http", "https") for host in here}
                own = {each.info.id: self.server_of(each.info.id) for each in self.sources if each.info.own_server}
                confirmed = {source_id: address for source_id, address in own.items() if address is not None}
                settings = NetSettings(USER_AGENT, bases, resolve, {**self.proxies, **straight}, confirmed)
                self._network = Network(vault.record, settings, clock=self.clock, pace_store=vault.pace)
            return self._network

    @property
    def proxies(self) -> Mapping[str, str]:
        """The proxies that this computer is set to use, by scheme."""
        from urllib.request import getproxies

        return {scheme: proxy for scheme, proxy in getproxies().items() if scheme in ("http", "https") and proxy}

    @property
    def pool(self) -> "AnalysisPool":
        """The workers that open pictures."""
        from privacyguard.analysis.pool import AnalysisPool

        with self._lock:
            if self._pool is None:
                self._pool = AnalysisPool()
            return self._pool

    @property
    def pages(self) -> "PageReader":
        """The worker that reads pages of the web."""
        from privacyguard.analysis.page_reader import PageReader

        with self._lock:
            self._pages = self._pages or PageReader()
            return self._pages

    def parts(self) -> "Parts":
        """What a checkup works with."""
        from privacyguard.checkup.run import Parts

        return Parts(self.vault, self.sources, self.network, self.pool, self.clock, self.api_key, self.pages)

    def api_key(self, source_id: str) -> str | None:
        """The person's code for a source, from the password store, or None."""
        return self.keys.load(key_entry(source_id))

    def save_api_key(self, source_id: str, code: str) -> None:
        """Keep the person's code for a source in the password store."""
        self.keys.save(key_entry(source_id), code)

    def server_of(self, source_id: str) -> str | None:
        """The address of a server of their own that the person confirmed for a source, or None. Opens the vault, if any."""
        address = servers.server_of(self.vault, source_id) if any(self.paths.home.glob("vault.*")) else None
        self.personal.add(servers.personal_forms(address))
        return address

    def confirm_server(self, source_id: str, untrusted_address: str) -> None:
        """Keep the address that the person typed and said yes to, "" to take it away. Raises :class:`AddressRefused`."""
        servers.confirm_server(self.vault, source_id, untrusted_address)
        with self._lock:
            self._network = None  # the next one knows the address

    def forget_everything(self) -> "Receipt":
        """Erase all of this home, the keys first. The vault is not opened for it: it may be damaged, or its key lost."""
        from privacyguard.vault.forget import forget_everything

        keys, entries = self.keys, self.key_entries()
        self.close()
        logs.stop()  # a line written later would bring the folder back
        return forget_everything(self.paths.home, keys, entries)

    def key_entries(self) -> tuple[str, ...]:
        """The name of every code that may be in the password store, to erase them all; also with damaged settings."""
        from privacyguard.sources.catalogue import sources

        return tuple(key_entry(source.info.id) for source in sources({}, ListsInVault(lambda: self.vault)))

    def is_on(self, info: "SourceInfo") -> bool:
        """Whether the person switched this source on, or it is one of those that are on at first."""
        return self.settings.is_on(info.id, info.on_at_first)

    def is_ready(self, info: "SourceInfo") -> bool:
        """Whether this source could be asked: its code is in the password store and its server was named, if it needs them."""
        has_server = not info.own_server or info.id in self.settings.bases or self.server_of(info.id) is not None
        return has_server and (not info.needs_key or self.api_key(info.id) is not None)

    def switched_on(self) -> frozenset[str]:
        """The ids of the sources that are on."""
        return frozenset(source.info.id for source in self.sources if self.is_on(source.info))

    def switch(self, source_ids: Mapping[str, bool]) -> None:
        """Remember which sources are on. Any switch counts as the answer to "where may we look?"."""
        with self._lock:
            make_private(self.paths.home)
            switch(self.paths.settings, source_ids)
            self._settings = None

    def source(self, source_id: str) -> "Source":
        """The source with this id. Raises :class:`UsageError` when there is none."""
        for source in self.sources:
            if source.info.id == source_id:
                return source
        raise UsageError(_("There is no place with this id."))

    def advice(self, country: str | None = None) -> "tuple[Advice, ...]":
        """What to do, the most urgent first, from what is known of everybody and their last checkups.

        ``country``: two letters; without it the one that the person chose, else the system's.
        """
        from privacyguard.advice.engine import Context, advise

        vault = self.vault
        people = {person.person_id: person for person in vault.people()}
        where = country or vault.flag(COUNTRY_FLAG) or system_country(os.environ)
        context = Context(self.clock().astimezone(), where, people, self.source_names(), vault.letters())
        checkups = [checkup for person_id in people if (checkup := vault.last_checkup(person_id)) is not None]
        return advise(vault.findings(), [outcome for checkup in checkups for outcome in checkup.outcomes], context)

    def report(self) -> "ReportContent":
        """All that goes into a report."""
        from privacyguard.advice.engine import level_of, worst_first
        from privacyguard.report.content import ReportContent

        advice = self.advice()
        findings = worst_first(self.vault.findings(), advice)
        return ReportContent(
            made_at=self.clock().astimezone(),
            advice=advice,
            findings=findings,
            levels={finding.key: level_of(finding, advice) for finding in findings},
            checkup=self.vault.last_checkup(),
            disclosures=self.vault.disclosures(),
            source_names=self.source_names(),
            relations={person.person_id: person.relation for person in self.vault.people()},
        )

    def write_report(self, out: Path) -> None:
        """Write the report as .html or .json, by the name's ending. Raises as ``report.files.write_private``."""
        from privacyguard.report.report_html import write_html
        from privacyguard.report.report_json import write_json

        if out.suffix.lower() == ".json":
            write_json(out, self.report())
        else:
            write_html(out, self.report(), resources())

    def source_names(self) -> Mapping[str, str]:
        """The name on each source's card, by its id, in the chosen language; also of what the person brought back."""
        from privacyguard.checkup.brought import SOURCE_ID, SOURCE_NAME

        return {SOURCE_ID: _(SOURCE_NAME)} | {source.info.id: _(source.info.name) for source in self.sources}


def key_entry(source_id: str) -> str:
    """The name of a source's code in the password store."""
    return f"api-{source_id}"
