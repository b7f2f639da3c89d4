"""Telling how far each source is, one at a time, also from several threads."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from privacyguard.checkup.parts import Tally
from privacyguard.checkup.waiting import reason_to_wait
from privacyguard.model.checkup import Outcome
from privacyguard.model.progress import Progress, SourceState
from privacyguard.model.source import SourceInfo
from privacyguard.net.gateway import Gateway, Network


@dataclass(frozen=True)
class _Running:
    info: SourceInfo
    gateway: Gateway
    tally: Tally


class Telling:
    """Calls ``progress`` for every source of one checkup. After its end nothing more is told of a source."""

    def __init__(self, progress: Callable[[Progress], None], network: Network) -> None:
        self._progress = progress
        self._network = network
        self._lock = threading.Lock()
        self._running: dict[str, _Running] = {}

    def skipped(self, source_id: str) -> None:
        """The source is not asked."""
        with self._lock:
            self._progress(Progress(source_id, SourceState.SKIPPED))

    def started(self, info: SourceInfo, gateway: Gateway, tally: Tally) -> None:
        """The source is being asked from now on."""
        with self._lock:
            self._running[info.id] = _Running(info, gateway, tally)
            self._progress(Progress(info.id, SourceState.RUNNING))

    def is_at(self, source_id: str, found: int | None = None) -> None:
        """How far the source is, by its tally. ``found``: in place of what the tally holds."""
        with self._lock:
            self._tell(self._running[source_id], found)

    def still_waiting(self) -> None:
        """The same of every source that makes us wait: the time that is left has become less."""
        with self._lock:
            for running in self._running.values():
                if running.tally.left:
                    self._tell(running, None)

    def ended(self, outcome: Outcome, total: int | None) -> None:
        """The source is done, or was stopped, or has failed."""
        state = SourceState(outcome.status.value)
        with self._lock:
            self._running.pop(outcome.source_id, None)
            found = len(outcome.findings)
            self._progress(Progress(outcome.source_id, state, outcome.seen, total, found, left=outcome.left))

    def _tell(self, running: _Running, found: int | None) -> None:
        tally = running.tally
        remaining_s = limit = None
        if tally.left:
            limits, requests = running.gateway.limits, tally.left * running.info.requests_each
            remaining_s = self._network.remaining_s(replace(running.info, limits=limits), None, requests)
            limit = None if remaining_s is None else reason_to_wait(limits, requests, remaining_s)
        found = len(tally.keys) if found is None else found
        told = Progress(running.info.id, SourceState.RUNNING, tally.seen, tally.total, found, remaining_s, limit)
        self._progress(told)
