"""A year of a computer and its owner, by a seed: when it is awake, where it is, what it is at, and which services are down.

All in slots of five minutes of true time. Nothing here knows how the regular check decides.
"""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from privacyguard.model.guard import Conditions

SLOT = timedelta(minutes=5)
SLOTS = 365 * 24 * 12
START = datetime(2026, 1, 1, tzinfo=UTC)
HOME = "Europe/Berlin"
HOUR, DAY = 12, 288

SERVICES = ("catalogue", "hibp", "xposedornot", "whatsmyname")
"""Ids of the sources that are asked; the last one has a slower pace of its own."""


@dataclass(frozen=True)
class Leak:
    """A leak that a service tells of from a slot on. ``is_grave``: it needs doing."""

    name: str
    source_id: str
    slot: int
    is_grave: bool


@dataclass
class World:
    """``started``, ``woke``: slots at which the computer started anew, or woke up; ``offsets``: how wrong its clock is."""

    awake: bytearray = field(default_factory=lambda: bytearray(SLOTS))
    offline: bytearray = field(default_factory=lambda: bytearray(SLOTS))
    metered: bytearray = field(default_factory=lambda: bytearray(SLOTS))
    battery: bytearray = field(default_factory=lambda: bytearray(SLOTS))
    presenting: bytearray = field(default_factory=lambda: bytearray(SLOTS))
    busy: bytearray = field(default_factory=lambda: bytearray(SLOTS))
    locked: bytearray = field(default_factory=lambda: bytearray(SLOTS))
    started: set[int] = field(default_factory=set)
    woke: set[int] = field(default_factory=set)
    offsets: list[timedelta] = field(default_factory=lambda: [timedelta()] * SLOTS)
    zones: list[str] = field(default_factory=lambda: [HOME] * SLOTS)
    down: dict[str, bytearray] = field(default_factory=lambda: {name: bytearray(SLOTS) for name in SERVICES})
    leaks: list[Leak] = field(default_factory=list)
    opens_app: set[int] = field(default_factory=set)
    checks_by_hand: set[int] = field(default_factory=set)
    pauses: set[int] = field(default_factory=set)
    kills: set[int] = field(default_factory=set)
    letters: set[int] = field(default_factory=set)

    def conditions(self, slot: int) -> Conditions:
        """What the computer is at."""
        flags = (self.battery, self.metered, self.offline, self.presenting, self.busy, self.locked)
        on_battery, metered, offline, presenting, busy, locked = (bool(each[slot]) for each in flags)
        return Conditions(on_battery, metered, not offline, presenting, busy, locked)

    def zone(self, slot: int) -> ZoneInfo:
        """Where it is."""
        return ZoneInfo(self.zones[slot])


def time_of(slot: int) -> datetime:
    """The true time at which a slot begins."""
    return START + slot * SLOT


def made(seed: int) -> World:
    """The year of this seed."""
    chance = random.Random(seed)
    world = World()
    _travel(world, chance)
    _days(world, chance)
    _network(world, chance)
    _clock(world, chance)
    _services(world, chance)
    _person(world, chance)
    return world


def _set(flags: bytearray, first: int, length: int) -> None:
    last = min(SLOTS, first + length)
    flags[first:last] = b"\x01" * max(0, last - first)


def _travel(world: World, chance: random.Random) -> None:
    for zone, days in (("America/New_York", 10), ("Asia/Tokyo", 14), ("Australia/Lord_Howe", 6)):
        first = chance.randrange(20, 330) * DAY
        for slot in range(first, min(SLOTS, first + days * DAY)):
            world.zones[slot] = zone


def _days(world: World, chance: random.Random) -> None:
    """When it is switched on: by the hours of wherever it is. Two holidays without it, and some nights it stays on."""
    holidays = {first + day for first in (chance.randrange(30, 150), chance.randrange(180, 330)) for day in range(15)}
    for day in range(365):
        if day in holidays or chance.random() < 0.1:
            continue
        offset = time_of(day * DAY).astimezone(world.zone(day * DAY)).utcoffset() or timedelta()
        for begin, hours, likely in ((8, 4.5, 0.6), (13, 5, 0.6), (19.5, 3.5, 0.7)):
            if chance.random() < likely:
                first = day * DAY + int((begin + chance.uniform(-1, 1)) * HOUR) - int(offset / SLOT)
                _session(world, chance, max(0, first), int(hours * chance.uniform(0.1, 1.2) * HOUR))
        if chance.random() < 0.05:
            _session(world, chance, day * DAY, DAY)


def _session(world: World, chance: random.Random, first: int, length: int) -> None:
    if first >= SLOTS or world.awake[first]:
        return
    _set(world.awake, first, length)
    has_restarted = chance.random() < 0.4
    (world.started if has_restarted else world.woke).add(first)
    if has_restarted and chance.random() < 0.3:
        _set(world.locked, first, chance.choice((3, 12, 40, length)))
    for flags, likely, longest in (
        (world.battery, 0.35, 5 * HOUR),
        (world.offline, 0.15, 6 * HOUR),
        (world.presenting, 0.2, 2 * HOUR),
        (world.busy, 0.4, 3 * HOUR),
    ):
        if chance.random() < likely:
            _set(flags, first + chance.randrange(max(1, length)), chance.randrange(2, longest))


def _network(world: World, chance: random.Random) -> None:
    for flags, spans, days in ((world.offline, 2, 5), (world.metered, 4, 4), (world.battery, 1, 20)):
        for _ in range(spans):
            _set(flags, chance.randrange(SLOTS), int(days * DAY * chance.uniform(0.5, 1)))


def _clock(world: World, chance: random.Random) -> None:
    """Wrong clocks: at a start of the computer, until the time of the network sets it right."""
    starts = sorted(world.started)
    for off, slots in (
        (timedelta(days=3), 6 * HOUR),
        (timedelta(hours=-1), DAY),
        (timedelta(days=-40), 6),
        (timedelta(days=-26 * 365), 2),
        (timedelta(days=-730), 3 * DAY),
        (timedelta(days=1400), 2 * HOUR),
    ):
        first = chance.choice(starts)
        for slot in range(first, min(SLOTS, first + slots)):
            world.offsets[slot] = off


def _services(world: World, chance: random.Random) -> None:
    for name in SERVICES:
        for days in (0.1, 0.3, 1, 2, 4, 10, 24):
            _set(world.down[name], chance.randrange(SLOTS), int(days * DAY * chance.uniform(0.5, 1.5)))
        for number in range(chance.randrange(4, 9)):
            slot, is_grave = chance.randrange(SLOTS), chance.random() < 0.6
            world.leaks.append(Leak(f"{name}-{number}", name, slot, is_grave))


def _person(world: World, chance: random.Random) -> None:
    usable = [slot for slot in range(SLOTS) if world.awake[slot] and not world.locked[slot]]
    world.opens_app = set(chance.sample(usable, 25))
    world.checks_by_hand = set(chance.sample(usable, 5))
    world.pauses = set(chance.sample(usable, 5))
    world.kills = set(chance.sample(usable, 1500))
    world.letters = set(chance.sample(usable, 4))
