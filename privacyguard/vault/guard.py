"""The state of the regular check: when it is due, what each source answered last, and what there is to say."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import astuple, replace
from datetime import UTC, date, datetime, timedelta

from privacyguard.model.guard import GuardState, News, NewsKind, Pace, Presence, SourceRecord
from privacyguard.vault import people
from privacyguard.vault.database import Connection, Row, Transaction
from privacyguard.vault.fields import Fields, day_text, moment_text, strictly

NEWS_KEPT = timedelta(days=400)
"""Longer than a year, so that what was told in one is not told anew."""

_MOMENTS = (
    *("switched_at", "due_at", "regular_at", "last_try_at", "last_end_at"),
    *("trying_since", "paused_until", "last_notice_at", "set_back_at"),
)


class GuardStore:
    """What is kept of the regular check. Each call is one transaction and raises what the vault raises.

    LookupError for an unknown person, ValueError for a time without its zone.
    """

    def __init__(self, reading: Transaction, writing: Transaction) -> None:
        self._reading = reading
        self._writing = writing

    def state(self) -> GuardState:
        """The state; that of a new vault is off."""
        with self._reading() as connection:
            return _state(connection)

    def change(self, change: Callable[[GuardState], GuardState]) -> GuardState:
        """The state as ``change`` makes it of the kept one, kept; nothing is written where that is the same."""
        with self._writing() as connection:
            before = _state(connection)
            after = change(before)
            if after != before:
                _put_state(connection, after)
            return after

    def sources(self, person_id: str) -> dict[str, SourceRecord]:
        """What is kept of each source that was asked for a person, by its id."""
        with self._reading() as connection:
            rows = connection.execute("SELECT * FROM guard_source WHERE person_id = ?", (person_id,)).fetchall()
        with strictly():
            return {str(row["source_id"]): _record(Fields.from_row(row)) for row in rows}

    def presence(self, person_id: str) -> dict[str, Presence]:
        """What is kept of a person's findings on the web, by key; of one that was never missed there is nothing."""
        statement = """SELECT guard_presence.* FROM guard_presence JOIN finding USING (key) WHERE person_id = ?"""
        with self._reading() as connection:
            rows = connection.execute(statement, (person_id,)).fetchall()
        with strictly():
            return {str(row["key"]): _presence(Fields.from_row(row)) for row in rows}

    def note(
        self,
        person_id: str,
        records: Mapping[str, SourceRecord],
        presence: Mapping[str, Presence] | None = None,
        news: Sequence[News] = (),
    ) -> None:
        """Keep what a check brought for a person, all or nothing. News that are known already stay as they are."""
        with self._writing() as connection:
            people.require(connection, person_id)
            rows = [_record_row(person_id, source_id, record) for source_id, record in records.items()]
            connection.executemany("INSERT OR REPLACE INTO guard_source VALUES (?, ?, ?, ?, ?, ?)", rows)
            connection.executemany(
                # A finding that was erased meanwhile is passed over.
                "INSERT OR REPLACE INTO guard_presence SELECT key, ?2, ?3, ?4 FROM finding WHERE key = ?1",
                [_presence_row(key, one) for key, one in (presence or {}).items()],
            )
            _forget_old_news(connection, news)
            _add_news(connection, news)

    def add_news(self, news: Sequence[News]) -> None:
        """Keep what there is to say; what is known already stays as it is."""
        with self._writing() as connection:
            for one in news:
                people.require(connection, one.person_id)
            _add_news(connection, news)

    def news(self) -> tuple[News, ...]:
        """All that there was to say in about a year, the oldest first."""
        return self._listed("SELECT * FROM guard_news")

    def unseen(self) -> tuple[News, ...]:
        """What the person did not see in the app yet, the oldest first."""
        return self._listed("SELECT * FROM guard_news WHERE seen_at IS NULL")

    def untold(self) -> tuple[News, ...]:
        """What the person neither saw nor was told of, the oldest first."""
        return self._listed("SELECT * FROM guard_news WHERE seen_at IS NULL AND told_at IS NULL")

    def _listed(self, statement: str) -> tuple[News, ...]:
        with self._reading() as connection:
            rows = connection.execute(statement).fetchall()
        with strictly():
            return tuple(sorted((_news(Fields.from_row(row)) for row in rows), key=lambda one: one.at))

    def told(self, news: Sequence[News], at: datetime) -> None:
        """Keep that a notice was given, for all of these together."""
        with self._writing() as connection:
            _put_state(connection, replace(_state(connection), last_notice_at=at))
            rows = [(moment_text(at), *_news_key(one)) for one in news]
            statement = """UPDATE guard_news SET told_at = ?
                WHERE kind = ? AND person_id = ? AND about = ? AND since = ?"""
            connection.executemany(statement, rows)

    def seen(self, about: Collection[str] | None, at: datetime) -> None:
        """Keep that the person saw in the app what is about these findings, letters and sources; None: all there is."""
        with self._writing() as connection:
            if about is None:
                connection.execute("UPDATE guard_news SET seen_at = ? WHERE seen_at IS NULL", (moment_text(at),))
                return
            rows = [(moment_text(at), one) for one in about]
            connection.executemany("UPDATE guard_news SET seen_at = ? WHERE seen_at IS NULL AND about = ?", rows)

    def reminders(self, today: date) -> tuple[tuple[str, str, date], ...]:
        """Person, key and day of each "remind me" whose day has come."""
        statement = "SELECT person_id, key, mark_until FROM finding WHERE mark = 'later' AND mark_until <= ?"
        with self._reading() as connection:
            rows = connection.execute(statement, (today.isoformat(),)).fetchall()
        with strictly():
            fields = [Fields.from_row(row) for row in rows]
            return tuple((one.text("person_id"), one.text("key"), _day(one, "mark_until")) for one in fields)


def _state(connection: Connection) -> GuardState:
    row: Row | None = connection.execute("SELECT * FROM guard").fetchone()
    if row is None:
        return GuardState()
    with strictly():
        fields = Fields.from_row(row)
        moments = {name: _optional_moment(fields, name) for name in _MOMENTS}
        return GuardState(is_on=fields.truth("is_on"), pace=Pace(fields.text("pace")), **moments)


def _put_state(connection: Connection, state: GuardState) -> None:
    is_on, pace, *moments = astuple(state)
    row = (is_on, pace.value, *map(_optional_text, moments))
    connection.execute("INSERT OR REPLACE INTO guard VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)


def _add_news(connection: Connection, news: Sequence[News]) -> None:
    rows = [(*_news_key(one), moment_text(one.at)) for one in news]
    connection.executemany("INSERT OR IGNORE INTO guard_news VALUES (?, ?, ?, ?, ?, NULL, NULL)", rows)


def _forget_old_news(connection: Connection, fresh: Sequence[News]) -> None:
    if not fresh:
        return
    oldest = min(one.at for one in fresh) - NEWS_KEPT
    # Not in the statement: times are kept with their own zones, which do not compare as text.
    known = connection.execute("SELECT * FROM guard_news").fetchall()
    with strictly():
        old = [one for one in (_news(Fields.from_row(row)) for row in known) if one.at < oldest]
    statement = "DELETE FROM guard_news WHERE kind = ? AND person_id = ? AND about = ? AND since = ?"
    connection.executemany(statement, [_news_key(one) for one in old])


def _news_key(one: News) -> tuple[str, str, str, str]:
    return one.kind.value, one.person_id, one.about, day_text(one.since) or ""


def _news(fields: Fields) -> News:
    return News(
        NewsKind(fields.text("kind")),
        fields.text("person_id"),
        fields.text("about"),
        fields.moment("at"),
        _day(fields, "since") if fields.text("since") else None,
        _optional_moment(fields, "told_at"),
        _optional_moment(fields, "seen_at"),
    )


def _record(fields: Fields) -> SourceRecord:
    return SourceRecord(
        fields.moment("tried_at").astimezone(UTC),
        _optional_moment(fields, "asked_at"),
        fields.integer("failures"),
        _optional_moment(fields, "failing_since"),
    )


def _record_row(person_id: str, source_id: str, record: SourceRecord) -> tuple[object, ...]:
    tried_at, asked_at = moment_text(record.tried_at), _optional_text(record.asked_at)
    return person_id, source_id, tried_at, asked_at, record.failures, _optional_text(record.failing_since)


def _presence(fields: Fields) -> Presence:
    return Presence(
        fields.integer("missed"), _optional_moment(fields, "gone_at"), _optional_moment(fields, "returned_at")
    )


def _presence_row(key: str, one: Presence) -> tuple[object, ...]:
    return key, one.missed, _optional_text(one.gone_at), _optional_text(one.returned_at)


def _optional_moment(fields: Fields, name: str) -> datetime | None:
    return None if fields.value(name) is None else fields.moment(name).astimezone(UTC)


def _optional_text(moment: datetime | None) -> str | None:
    return None if moment is None else moment_text(moment)


def _day(fields: Fields, name: str) -> date:
    day = fields.day(name)
    if day is None:
        raise ValueError("a day is missing")
    return day
