"""Pages still to be read, and which of them comes next: every kind of page gets its share, so that no kind eats it all."""

from collections import Counter, deque
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from privacyguard.model.webpage import LeftOut
from privacyguard.sources.pictures.crawl.addresses import grows_for_ever, is_of_calendar, same_page_key, shape_of

DEPTH = 3
"""Links from a named page to the farthest one that is read."""

WAITING_AT_MOST = 20_000
CALENDAR_PAGES = 24
COMBINATIONS = 40
"""Pages of one path that differ in two parameters or more: lists that can be sorted and filtered in every way."""

SHARE = 10
"""Pages of one kind in a row, before another kind has its turn."""


@dataclass(frozen=True)
class Waiting:
    """A page to be read. ``depth``: links from the named page."""

    address: str = field(repr=False)
    depth: int
    order: int


@dataclass
class _Kind:
    taken: int = 0
    waiting: deque[Waiting] = field(default_factory=deque)

    @property
    def rank(self) -> tuple[int, int, int]:
        first = self.waiting[0]
        return self.taken // SHARE, first.depth, first.order


class Frontier:
    """The pages of one site. Each is taken once, in whatever form it is linked."""

    def __init__(self) -> None:
        self._known: set[str] = set()
        self._kinds: dict[str, _Kind] = {}
        self._calendars: Counter[str] = Counter()
        self._combinations: Counter[str] = Counter()
        self._order = 0
        self._count = 0

    def knows(self, address: str) -> bool:
        """Whether the page was taken, or is waiting."""
        return same_page_key(address) in self._known

    def note(self, address: str) -> None:
        """A page that needs no reading any more."""
        self._known.add(same_page_key(address))

    def add(self, address: str, depth: int) -> LeftOut | None:
        """Take a page, unless it is known; why it is left out, None where it is not."""
        key = same_page_key(address)
        if key in self._known:
            return None
        self._known.add(key)
        reason = self._reason(address, depth)
        if reason is None:
            kind = self._kinds.setdefault(shape_of(address), _Kind())
            kind.waiting.append(Waiting(address, depth, self._order))
            self._order += 1
            self._count += 1
        return reason

    def next(self) -> Waiting | None:
        """The page to be read now; None where there is none left."""
        kinds = [kind for kind in self._kinds.values() if kind.waiting]
        if not kinds:
            return None
        kind = min(kinds, key=lambda each: each.rank)
        kind.taken += 1
        self._count -= 1
        return kind.waiting.popleft()

    def __len__(self) -> int:
        return self._count

    def _reason(self, address: str, depth: int) -> LeftOut | None:
        if depth > DEPTH:
            return LeftOut.TOO_DEEP
        if self._count >= WAITING_AT_MOST:
            return LeftOut.TOO_MANY_PAGES
        return LeftOut.ENDLESS if self._is_endless(address) else None

    def _is_endless(self, address: str) -> bool:
        if grows_for_ever(address):
            return True
        if is_of_calendar(address):
            shape = shape_of(address)
            self._calendars[shape] += 1
            return self._calendars[shape] > CALENDAR_PAGES
        parts = urlsplit(address)
        if len(parse_qsl(parts.query, keep_blank_values=True)) < 2:
            return False
        self._combinations[parts.path] += 1
        return self._combinations[parts.path] > COMBINATIONS
