"""Lives through a year of :mod:`tests.support.guard_world` with the program's own regular check and vault, and counts."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Lock

from privacyguard.analysis.pool import AnalysisPool
from privacyguard.checkup import guarding, notices, schedule
from privacyguard.checkup.changes import Speak
from privacyguard.checkup.parts import Parts
from privacyguard.checkup.plan import CheckupPlan
from privacyguard.checkup.regular import Chosen, Guard
from privacyguard.checkup.run import run_checkup
from privacyguard.checkup.waking import wake
from privacyguard.errors import NoNetwork, ServiceDown
from privacyguard.i18n import N_
from privacyguard.model.breach import Breach
from privacyguard.model.finding import Mark, MarkKind
from privacyguard.model.guard import Conditions, News, NewsKind, Pace
from privacyguard.model.letter import SentLetter
from privacyguard.model.person import Identifier, IdentifierKind, Relation
from privacyguard.model.progress import CancelToken
from privacyguard.model.source import SourceInfo, Theme
from privacyguard.net.gateway import Gateway, NetSettings, Network
from privacyguard.vault.vault import Vault
from tests.support.guard_world import SERVICES, SLOT, SLOTS, World, time_of
from tests.support.keystores import MemoryKeyStore

ADDRESS = Identifier(IdentifierKind.EMAIL, "jane@mail.example.org")
_NOTHING = timedelta()


class Killed(BaseException):
    """The computer was switched off in the middle of a check."""


class Service:
    """A service of leaks: answers by the plan of the year."""

    def __init__(self, source_id: str, year: "Year") -> None:
        self.info = SourceInfo(
            id=source_id,
            name=source_id,
            theme=Theme.LEAKS,
            finds=N_("leaks"),
            accepts=frozenset({IdentifierKind.EMAIL}),
            hosts=frozenset({f"{source_id}.example"}),
            discloses="",
            cost="",
        )
        self._year = year

    def check(self, identifier: Identifier, gateway: Gateway) -> Iterator[Breach]:
        """The leaks until now."""
        return iter(self._year.answer(self.info.id))


class Year:
    """``counted``: by name; ``late``, ``silences``, ``notice_gaps``: one for each check, piece of news, notice."""

    def __init__(self, home: Path, world: World, pace: Pace) -> None:
        self.counted: Counter[str] = Counter()
        self.late: list[timedelta] = []
        self.silences: list[timedelta] = []
        self.awake_silence = _NOTHING
        self.notice_gaps: list[timedelta] = []
        self.due = 0
        self._home, self._world, self._pace = home, world, pace
        self._keys = MemoryKeyStore()
        self._slot = 0
        self._passed = _NOTHING  # since the slot began
        self._vault: Vault | None = None
        self._guard: Guard | None = None
        self._awake_since: datetime | None = None
        self._next_in = _NOTHING
        self._services = tuple(Service(name, self) for name in SERVICES)
        self._answered: dict[str, tuple[datetime, datetime]] = {}
        self._answering: dict[str, tuple[datetime, datetime]] = {}
        self._is_by_hand = False
        self._due_seen: set[datetime | None] = set()
        self._could_slots = 0
        self._notice_at: datetime | None = None
        self.wrong_clock_silence = _NOTHING
        self._by_wrong_clock: set[tuple[str, date | None]] = set()
        self._grave = frozenset(leak.name for leak in world.leaks if leak.is_grave)
        self._light: set[str] = set()
        self._open: dict[tuple[str, date | None], tuple[int, int]] = {}

    @property
    def days_awake(self) -> float:
        """Days that the computer was awake."""
        return sum(self._world.awake) * SLOT / timedelta(days=1)

    def true_now(self) -> datetime:
        """The true time."""
        return time_of(self._slot) + self._passed

    def clock(self) -> datetime:
        """What the computer's clock shows."""
        return self.true_now() + self._world.offsets[self._slot]

    def local(self, moment: datetime) -> datetime:
        """A moment where the person is."""
        return moment.astimezone(self._world.zone(self._slot))

    # --- the course of the year ---

    def live(self, slots: int = SLOTS) -> None:
        """From the first slot to the last, or so many of them."""
        world = self._world
        for slot in range(slots):
            self._slot, self._passed = slot, _NOTHING
            if slot in world.started:
                self._end()
            if not world.awake[slot]:
                continue
            if slot in world.started or slot in world.woke:
                self._awake_since = self.clock()
            if self._guard is None and world.locked[slot]:
                continue
            guard = self._guard or self._start()
            self._person(guard)
            self._watch(guard)
            self._next_in -= SLOT
            if self._next_in <= _NOTHING:
                self._wake(guard)
        self._close_the_year()
        self._end()

    def _start(self) -> Guard:
        is_first = self._vault is None and not any(self._home.iterdir())
        vault = self._vault = Vault.open(self._home, self._keys, clock=self.clock)
        if is_first:
            person_id = vault.add_person("Jane", Relation.ME, True).person_id
            vault.add_identifier(person_id, ADDRESS)
            guarding.set_pace(vault, self._pace)
            guarding.switch(vault, True, self.clock())
        self._awake_since = self._awake_since or self.clock()
        self._next_in = _NOTHING
        self._guard = Guard(
            vault,
            self._parts,
            self._conditions,
            self.clock,
            lambda: Chosen(True, frozenset(SERVICES), "DE"),
            Lock(),
            lambda: self._awake_since,
        )
        return self._guard

    def _conditions(self) -> Conditions:
        """What the computer is at; a check looks once more after its last question, and there it may be killed."""
        if self._slot in self._world.kills and self._answering:
            raise Killed
        return self._world.conditions(self._slot)

    def _end(self) -> None:
        if self._vault is not None:
            self._vault.close()
        self._vault = self._guard = None

    def _parts(self) -> Parts:
        vault = self._vault
        assert vault is not None
        network = Network(vault.record, NetSettings("PrivacyGuard/test"), clock=self.clock, pace_store=vault.pace)
        self._passed += timedelta(minutes=2)  # a check takes its time
        return Parts(vault, self._services, network, AnalysisPool(workers=1), self.clock, lambda source_id: None)

    def _wake(self, guard: Guard) -> None:
        before = guard.vault.guard.state()
        self._answering = {}
        self.counted["wakings"] += 1
        try:
            woken = wake(guard, CancelToken(), local=self.local)
        except Killed:
            self.counted["killed"] += 1
            self._answered |= self._answering
            self._end()
            self._awake_since = self.clock()
            return
        if woken.ran is not None:
            self._count_due(before.due_at)
            self._ran(caught_up=not schedule.is_regular(before, self.clock()))
        if isinstance(woken.says, Speak):
            self._notice(guard, woken.says)
        assert woken.next_in is not None
        self._next_in, self._answering = woken.next_in, {}

    def answer(self, source_id: str) -> list[Breach]:
        """What a service says now. Asked too soon after its last answer, it is counted."""
        slot, world = self._slot, self._world
        if slot in world.kills and slot % 2 and not self._is_by_hand:
            raise Killed
        if world.offline[slot]:
            raise NoNetwork("offline")
        if world.down[source_id][slot]:
            raise ServiceDown("down")
        now, shown = self.true_now(), self.clock()
        before = self._answered.get(source_id)
        half = schedule.period_of(source_id, self._pace) / 2
        if before is not None and now - before[0] < half:
            was_right = abs((shown - before[1]) - (now - before[0])) < timedelta(minutes=1)
            self.counted["by hand" if self._is_by_hand else "doubled" if was_right else "wrong clock"] += 1
        self._answering[source_id] = (now, shown)
        known = [leak for leak in world.leaks if leak.source_id == source_id and leak.slot <= slot]
        return [
            Breach(
                leak.name,
                leak.name,
                f"{leak.name}.example",
                date(2025, 1, 1),
                None,
                ("Passwords",) if leak.is_grave else ("Names",),
                spam_list=not leak.is_grave,
            )
            for leak in known
        ]

    # --- what the person does ---

    def _person(self, guard: Guard) -> None:
        slot, world, vault = self._slot, self._world, guard.vault
        if slot in world.pauses:
            guarding.pause_for_a_day(vault, self.clock())
        if slot in world.letters:
            today = self.local(self.clock()).date()
            person_id = vault.people()[0].person_id
            vault.save_letter(SentLetter(f"{slot:016x}", person_id, "Gym", "delete", today, today + timedelta(days=30)))
        if slot in world.checks_by_hand and not world.offline[slot]:
            person_id = vault.people()[0].person_id
            self._is_by_hand, self._answering = True, {}
            run_checkup(CheckupPlan(person_id, frozenset(SERVICES)), self._parts(), lambda told: None, CancelToken())
            self._answered |= self._answering
            self._is_by_hand, self._answering = False, {}
        if slot in world.opens_app:
            self._opens_app(guard)

    def _opens_app(self, guard: Guard) -> None:
        vault = guard.vault
        vault.guard.seen(None, self.clock())
        today = self.local(self.clock()).date()
        for number, finding in enumerate(vault.findings()):
            if finding.mark is None or finding.mark.kind is MarkKind.LATER:
                is_done = number % 3
                vault.mark(
                    finding.key,
                    Mark(MarkKind.DONE) if is_done else Mark(MarkKind.LATER, today + timedelta(days=20)),
                )
        for letter in vault.letters()[:1]:
            vault.remove_letter(letter.letter_id)

    # --- counting ---

    def _could(self, due_at: datetime) -> bool:
        """Whether nothing is in the way of a check that is due: told from the plan of the year alone."""
        slot, world = self._slot, self._world
        if world.offline[slot] or world.metered[slot] or world.offsets[slot]:
            return False
        is_patient = self.clock() - due_at < schedule.PATIENCE[self._pace]
        return not (is_patient and (world.battery[slot] or world.busy[slot]))

    def _watch(self, guard: Guard) -> None:
        state = guard.vault.guard.state()
        now = self.clock()
        if state.due_at is not None and now >= state.due_at:
            self._count_due(state.due_at)
        is_due = state.due_at is not None and now >= state.due_at
        is_paused = state.paused_until is not None and now < state.paused_until
        if state.due_at is None or not is_due:
            self._could_slots = 0
        elif not is_paused and self._could(state.due_at):
            self._could_slots += 1
        if state.set_back_at or self._world.offsets[self._slot]:
            self._by_wrong_clock |= self._open.keys()
        if not (is_paused or self._world.presenting[self._slot] or state.set_back_at):
            self._count_silence(guard)

    def _count_due(self, due_at: datetime | None) -> None:
        if due_at not in self._due_seen:
            self._due_seen.add(due_at)
            self.due += 1

    def _count_silence(self, guard: Guard) -> None:
        """Of each piece of news: the slot at which a notice could be given first, and in how many it could since."""
        waiting = {(one.about, one.since): one for one in self._needing(guard)}
        for key in list(self._open):
            if key not in waiting:
                self._closed(key)
                self.counted["seen first"] += 1
        for key in waiting:
            first, slots = self._open.get(key, (self._slot, 0))
            if slots == 0:
                self.counted["news"] += 1
            self._open[key] = (first, slots + 1)

    def _needing(self, guard: Guard) -> list[News]:
        """News that nobody was told of or saw, of grave leaks that are open; told from the plan, not by the advice."""
        news = guard.vault.guard.untold()
        if not news:
            return []
        today = self.local(self.clock()).date()

        def needs(one: News) -> bool:
            if one.kind is not NewsKind.NEW or one.about in self._light:
                return one.kind is NewsKind.LETTER
            finding = guard.vault.finding(one.about)
            assert finding is not None and isinstance(finding.evidence, Breach)
            if finding.evidence.name not in self._grave:
                self._light.add(one.about)
                return False
            return finding.mark is None or (finding.mark.until is not None and finding.mark.until <= today)

        return [one for one in news if needs(one)]

    def _closed(self, key: tuple[str, date | None]) -> None:
        first, slots = self._open.pop(key)
        if key in self._by_wrong_clock:
            self.wrong_clock_silence = max(self.wrong_clock_silence, (self._slot - first) * SLOT)
            return
        self.silences.append((self._slot - first) * SLOT)
        self.awake_silence = max(self.awake_silence, (slots - 1) * SLOT)

    def _ran(self, *, caught_up: bool) -> None:
        self.counted["run"] += 1
        self.counted["caught up"] += caught_up
        self.late.append(max(0, self._could_slots - 1) * SLOT)
        self._could_slots = 0
        self._answered |= self._answering

    def _notice(self, guard: Guard, speak: Speak) -> None:
        now = self.true_now()
        self.counted["notices"] += 1
        if self._notice_at is not None:
            self.notice_gaps.append(now - self._notice_at)
        self._notice_at = now
        for one in self._needing(guard):
            if (one.about, one.since) not in self._open:  # told in the moment it was found
                self._open[one.about, one.since] = (self._slot, 1)
                self.counted["news"] += 1
            assert one in speak.news
            self._closed((one.about, one.since))
            self.counted["told"] += 1
        notices.told(guard, speak)

    def _close_the_year(self) -> None:
        """What was known to a service for long before the end, and still nobody heard of; and what was not even found."""
        self.counted["neither"] += sum(slots * SLOT > timedelta(days=1) for _first, slots in self._open.values())
        with Vault.open(self._home, self._keys, clock=self.clock) if self._vault is None else self._vault as vault:
            found = {one.evidence.name for one in vault.findings() if isinstance(one.evidence, Breach)}
        until = SLOTS - (schedule.period_of(SERVICES[-1], self._pace) * 2 + timedelta(days=30)) / SLOT
        self.counted["never found"] += sum(leak.name not in found for leak in self._world.leaks if leak.slot < until)
