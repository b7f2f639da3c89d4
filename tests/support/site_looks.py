"""A person with a face pattern and the typed statement, and looks at a named site: a real vault, workers and requests."""

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from privacyguard.analysis.page_reader import PageReader
from privacyguard.analysis.pool import AnalysisPool
from privacyguard.checkup.parts import Parts
from privacyguard.checkup.plan import CheckupPlan
from privacyguard.checkup.run import run_checkup
from privacyguard.faces.enrolment import enrolled_photos, judge
from privacyguard.model.checkup import Checkup, Outcome
from privacyguard.model.person import FaceTemplate, Person, Relation
from privacyguard.model.picture import FaceMatch, PictureCopy
from privacyguard.model.place import Place, PlaceKind
from privacyguard.model.progress import Progress
from privacyguard.net.gateway import NetSettings, Network
from privacyguard.sources.catalogue import sources
from privacyguard.vault.vault import Vault
from tests.support.keystores import MemoryKeyStore
from tests.support.own_time import Hurried
from tests.support.web_sites import Site

BEGINNING = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


@dataclass
class Clock:
    """The time of day; a second later each time it is asked."""

    now: datetime = BEGINNING

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@dataclass
class Looks:
    """Looks at what one vault names, one after the other."""

    vault: Vault
    pool: AnalysisPool
    reader: PageReader
    site: Site
    clock: Clock = field(default_factory=Clock)
    left_out: Counter[str] = field(default_factory=Counter)
    progress: list[Progress] = field(default_factory=list)

    @classmethod
    def made(cls, home: Path, pool: AnalysisPool, reader: PageReader, site: Site) -> "Looks":
        clock = Clock()
        return cls(Vault.open(home, MemoryKeyStore(), clock=clock), pool, reader, site, clock)

    def person(self, photos: Sequence[Path | bytes], *, states: bool = True) -> Person:
        """Me, grown up, with this face, and the site's first page named."""
        person = self.vault.add_person("me", Relation.ME, True)
        self.enrol(person, photos)
        if states:
            self.vault.save_statement(person.person_id, self.clock())
        self.name(self.site.start)
        return self.vault.person(person.person_id)

    def enrol(self, person: Person, photos: Sequence[Path | bytes]) -> None:
        looked = [self.pool.analyse(photo, cuts=True) for photo in photos]
        template = FaceTemplate(enrolled_photos(judge(looked)), looked[0].model_id, self.clock())
        self.vault.save_template(person.person_id, template)

    def name(self, address: str) -> None:
        self.vault.add_place(Place(PlaceKind.URL, address))

    def look(self, person: Person, cancel: Hurried | None = None) -> tuple[Checkup, Outcome]:
        """One checkup of the named pages alone."""
        token = cancel or Hurried()
        settings = NetSettings("PrivacyGuard/test", {}, self.site.resolve)
        network = Network(self.vault.record, settings, monotonic_s=lambda: token.now_s, chance=lambda: 0.0)
        parts = Parts(
            self.vault, sources({}, self.vault), network, self.pool, self.clock, lambda source_id: None, self.reader
        )
        plan = CheckupPlan(person.person_id, frozenset({"pages"}))
        checkup = run_checkup(plan, parts, self.progress.append, token)
        return checkup, next(each for each in checkup.outcomes if each.source_id == "pages")

    def found(self, outcome: Outcome) -> set[str]:
        """Addresses of the pictures in which the person was found."""
        findings = {finding.key: finding for finding in self.vault.findings()}
        evidence = [findings[key].evidence for key in outcome.findings]
        return {each.picture for each in evidence if isinstance(each, FaceMatch | PictureCopy)}


class Connections:
    """Every connection that this process makes or tries from now on, as the system is asked for it."""

    def __init__(self) -> None:
        self.asked: list[object] = []
        self._is_listening = True
        sys.addaudithook(self._heard)

    def _heard(self, event: str, arguments: tuple[object, ...]) -> None:
        if self._is_listening and event == "socket.connect":
            self.asked.append(arguments[1])
        if self._is_listening and event == "socket.getaddrinfo":
            self.asked.append(("looked up", arguments[0]))

    def stop(self) -> None:
        self._is_listening = False
