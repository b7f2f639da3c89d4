"""When each host was asked, so that a service's pace holds across restarts. Names of hosts, nothing else."""

import struct
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from privacyguard.model.source import PaceRecord
from privacyguard.vault.database import Connection, Transaction
from privacyguard.vault.fields import Fields, moment_text, strictly

TIMES_KEPT = 1200
"""Of each host, the newest."""

KEPT_FOR = timedelta(days=1)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class PaceStore:
    """The network's memory of its pace. Each call is one transaction and raises what the vault raises."""

    def __init__(self, reading: Transaction, writing: Transaction, clock: Callable[[], datetime]) -> None:
        self._reading = reading
        self._writing = writing
        self._clock = clock
        self._is_tidy = False

    def load(self, host: str) -> PaceRecord:
        """When the host was asked in the last day, the oldest time first, and until when it wants to be left alone."""
        with self._reading() as connection:
            row = connection.execute("SELECT * FROM pace WHERE host = ?", (host,)).fetchone()
        if row is None:
            return PaceRecord()
        with strictly():
            fields = Fields.from_row(row)
            asked_at = _unpacked(fields.content("asked_at"))
            not_before = None if fields.value("not_before") is None else fields.moment("not_before")
        return PaceRecord(self._kept(asked_at), not_before)

    def save(self, host: str, record: PaceRecord) -> None:
        """Keep this in place of what was known of the host; on the disk when this returns."""
        packed = _packed(self._kept(record.asked_at))
        not_before = None if record.not_before is None else moment_text(record.not_before)
        with self._writing() as connection:
            if not self._is_tidy:
                self._forget_old(connection)
                self._is_tidy = True
            connection.execute("INSERT OR REPLACE INTO pace VALUES (?, ?, ?)", (host, packed, not_before))

    def _forget_old(self, connection: Connection) -> None:
        """Erase the hosts of which nothing is to be kept any more: the pages that were found for somebody are among them."""
        rows = connection.execute("SELECT * FROM pace").fetchall()
        now = self._clock()
        with strictly():
            for row in rows:
                fields = Fields.from_row(row)
                is_waiting = fields.value("not_before") is not None and fields.moment("not_before") > now
                if not is_waiting and not self._kept(_unpacked(fields.content("asked_at"))):
                    connection.execute("DELETE FROM pace WHERE host = ?", (fields.text("host"),))

    def _kept(self, asked_at: tuple[datetime, ...]) -> tuple[datetime, ...]:
        oldest = self._clock() - KEPT_FOR
        return tuple(sorted(moment for moment in asked_at if moment >= oldest)[-TIMES_KEPT:])


def _packed(moments: tuple[datetime, ...]) -> bytes:
    return struct.pack(f"<{len(moments)}q", *((moment - _EPOCH) // _MICROSECOND for moment in moments))


def _unpacked(untrusted: bytes) -> tuple[datetime, ...]:
    if len(untrusted) % 8:
        raise ValueError("cut")
    numbers = struct.unpack(f"<{len(untrusted) // 8}q", untrusted)
    return tuple(_EPOCH + number * _MICROSECOND for number in numbers)
