"""A checkup: every chosen source is asked, what comes is looked at here, each outcome is kept at once.

Services that know leaks are waited for side by side, next to the pictures, which are looked at one source after the other.
A source that fails says so and the others go on. Nothing but the person's wish to stop ends a checkup early.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from privacyguard.checkup.lanes import Lane, repeated, side_by_side
from privacyguard.checkup.leaks import LeakQuestions
from privacyguard.checkup.parts import Parts, Tally
from privacyguard.checkup.pictures import Pictures
from privacyguard.checkup.plan import CheckupPlan, Web, reason_to_skip
from privacyguard.checkup.sites import not_all_of_it
from privacyguard.checkup.telling import Telling
from privacyguard.checkup.web_faces import note_yes, why_not
from privacyguard.errors import Cancelled, SourceError
from privacyguard.i18n import N_
from privacyguard.model.checkup import Checkup, Outcome, Status
from privacyguard.model.person import Identifier, Person
from privacyguard.model.place import PlaceKind
from privacyguard.model.progress import CancelToken, Progress
from privacyguard.model.source import SourceInfo
from privacyguard.net.gateway import Gateway
from privacyguard.sources.base import BreachSource, PictureQuery, PictureSource, SiteSource
from privacyguard.vault.vault import Vault

__all__ = ["NONE_OPENED", "STOPPED", "Parts", "run_checkup"]

STOPPED = N_("You stopped the checkup before this place was done.")
NONE_OPENED = N_("None of the pictures from this place could be opened.")

TOLD_EVERY_S = 20.0
"""While a service makes us wait, how long that is still to be is told anew."""


def run_checkup(plan: CheckupPlan, parts: Parts, progress: Callable[[Progress], None], cancel: CancelToken) -> Checkup:
    """Ask every source of the plan and keep what it found; blocks until all are done or ``cancel`` is set.

    A cancelled checkup is kept too: its open sources are SKIPPED, what was found stays, and the next checkup goes on with
    the addresses that a service was not asked about yet. Errors of a source become its outcome; errors of the vault (a full
    disk, say) set ``cancel`` and are raised. ``progress`` is called from several threads, one call at a time.
    """
    started_at = parts.clock()
    run = _Run(plan, parts, Telling(progress, parts.network), cancel)
    run.all()
    checkup = Checkup(
        started_at,
        parts.clock(),
        tuple(run.outcomes[source.info.id] for source in run.sources),
        plan.person_id,
        tuple(dict.fromkeys(key for source in run.sources for key in run.new.get(source.info.id, ()))),
        cancel.is_cancelled,
    )
    parts.vault.save_checkup(checkup)
    return checkup


@dataclass(frozen=True)
class _Question:
    """A source that is to be asked, and the person's code for it."""

    source: BreachSource | PictureSource
    api_key: str | None


class _Run:
    """``outcomes`` and the ``new`` keys of each source, by its id, when :meth:`all` has ended."""

    def __init__(self, plan: CheckupPlan, parts: Parts, telling: Telling, cancel: CancelToken) -> None:
        self.sources: list[BreachSource | PictureSource] = [
            source
            for source in parts.sources
            if isinstance(source, BreachSource | PictureSource) and not source.info.by_hand
        ]
        self.outcomes: dict[str, Outcome] = {}
        self.new: dict[str, list[str]] = {}
        self._plan = plan
        self._parts = parts
        self._telling = telling
        self._cancel = cancel
        self._person = parts.vault.person(plan.person_id)
        self._folders = plan.folders if plan.folders is not None else _folders(parts.vault)
        self._sites = tuple(place.value for place in parts.vault.places() if place.kind is PlaceKind.URL)
        self._web = _web(parts, self._person, bool(self._sites))
        self._stopped = plan.why_stopped or STOPPED

    def all(self) -> None:
        """Ask all sources, those of leaks each in a thread of its own."""
        asked = [source for source in self.sources if self._is_asked(source)]
        # In this thread, one after the other: the password store may ask the person to unlock it.
        questions = [_Question(source, self._parts.api_key(source.info.id)) for source in asked]
        leaks = [question for question in questions if isinstance(question.source, BreachSource)]
        others = [question for question in questions if question not in leaks]
        with repeated(self._telling.still_waiting, TOLD_EVERY_S):
            side_by_side(self._lane(others), [self._lane([question]) for question in leaks], self._cancel)

    def _is_asked(self, source: BreachSource | PictureSource) -> bool:
        """Whether the source is asked; its outcome says why where it is not."""
        reason = reason_to_skip(source.info, self._person, self._plan, bool(self._folders), self._web)
        source_id = source.info.id
        if reason is not None:
            self._skip(source, reason)
        elif source_id in self._plan.kept:
            self._telling.skipped(source_id)
            self.outcomes[source_id] = self._plan.kept[source_id]
        return source_id not in self.outcomes

    def _skip(self, source: BreachSource | PictureSource, reason: str) -> None:
        self._telling.skipped(source.info.id)
        self.outcomes[source.info.id] = Outcome(source.info.id, Status.SKIPPED, problem=reason)

    def _lane(self, questions: list[_Question]) -> Lane:
        def ask_all() -> None:
            for question in questions:
                if self._cancel.is_cancelled:
                    self._skip(question.source, self._stopped)
                else:
                    self._ask(question)

        return ask_all

    def _ask(self, question: _Question) -> None:
        """One source's outcome, kept in the vault together with its findings."""
        info, tally = question.source.info, Tally()
        note_yes(info, self._plan, self._parts.vault, self._parts.clock())
        query = self._query(info)
        sites = question.source.sites(query) if isinstance(question.source, SiteSource) else ()
        gateway = self._parts.network.bind(info, self._cancel, question.api_key, sites)
        self._telling.started(info, gateway, tally)
        status, problem, remedy = self._ended(question.source, query, gateway, tally)
        outcome = Outcome(info.id, status, (), problem, remedy, tally.seen, tally.unreadable)
        outcome = self._kept(outcome, tally)
        self.outcomes[info.id], self.new[info.id] = outcome, tally.new
        self._telling.ended(outcome, tally.total)

    def _kept(self, outcome: Outcome, tally: Tally) -> Outcome:
        """The outcome with the keys of the vault, which joins what several services say of one leak."""
        vault, person_id = self._parts.vault, self._person.person_id
        tally.new += vault.save_outcome(person_id, outcome, tally.findings)
        keys = (*tally.kept, *vault.kept_keys(person_id, outcome.source_id, tally.findings))
        return replace(outcome, findings=tuple(dict.fromkeys(keys)), left=tally.left if tally.seen else 0)

    def _query(self, info: SourceInfo) -> PictureQuery:
        identifiers: tuple[Identifier, ...] = tuple(i for i in self._person.identifiers if i.kind in info.accepts)
        sites = self._sites if info.named_sites and not info.accepts else ()
        return PictureQuery(identifiers, photos=self._plan.photos.get(info.id, ()), sites=sites)

    def _ended(
        self, source: BreachSource | PictureSource, query: PictureQuery, gateway: Gateway, tally: Tally
    ) -> tuple[Status, str | None, str | None]:
        """Ask the source; how it ended, with problem and remedy."""
        try:
            for _ in self._steps(source, query, gateway, tally):
                self._cancel.check()
                self._telling.is_at(source.info.id)
        except Cancelled:
            return Status.SKIPPED, self._stopped, None
        except SourceError as error:
            return Status.FAILED, error.title, error.remedy
        if source.info.id != "folders" and tally.seen > 0 and tally.unreadable == tally.seen:
            return Status.FAILED, NONE_OPENED, SourceError.remedy
        return Status.CHECKED, not_all_of_it(tally.left_out), None

    def _steps(
        self, source: BreachSource | PictureSource, query: PictureQuery, gateway: Gateway, tally: Tally
    ) -> Iterator[None]:
        """The work on one source, cut into steps between which progress is told and a wish to stop is seen."""
        info = source.info
        if isinstance(source, BreachSource):
            return LeakQuestions(self._parts, self._person, source, tally).steps(query.identifiers, gateway)
        pictures = Pictures(self._parts, self._person, source, tally, self._cancel)
        if info.id == "folders":
            return pictures.in_folders(
                self._folders, gateway, self._plan.fresh, lambda found: self._telling.is_at(info.id, found)
            )
        return pictures.on_sites(query, gateway) if query.sites else pictures.elsewhere(query, gateway)


def _folders(vault: Vault) -> tuple[Path, ...]:
    return tuple(Path(place.value) for place in vault.places() if place.kind is PlaceKind.FOLDER)


def _web(parts: Parts, person: Person, has_pages: bool) -> Web:
    settings = parts.network.settings
    servers = frozenset((*settings.bases, *settings.confirmed))
    return Web(why_not(person, parts.vault, parts.clock()), has_pages, servers)
