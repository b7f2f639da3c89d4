"""What the vault keeps beside people and findings: checkups, places, letters, what left this computer, small things."""

from datetime import datetime

from privacyguard.model.checkup import Checkup
from privacyguard.model.letter import SentLetter
from privacyguard.model.place import Place
from privacyguard.model.source import Disclosure, DisclosureTotals
from privacyguard.vault import disclosed, history, letters
from privacyguard.vault.guard import GuardStore
from privacyguard.vault.pace import PaceStore
from privacyguard.vault.transactions import Transactions


class Journal(Transactions):
    """Typed reads and writes, each in one transaction."""

    def places(self) -> tuple[Place, ...]:
        """Every place, in the order they were added."""
        with self._reading() as connection:
            return history.places(connection)

    def add_place(self, place: Place) -> bool:
        """Whether it is new."""
        with self._writing() as connection:
            return history.add_place(connection, place)

    def remove_place(self, place: Place) -> bool:
        """Whether it was there."""
        with self._writing() as connection:
            return history.remove_place(connection, place)

    def save_checkup(self, checkup: Checkup) -> None:
        """Keep a checkup's results."""
        with self._writing() as connection:
            history.save_checkup(connection, checkup)

    def last_checkup(self, person_id: str | None = None) -> Checkup | None:
        """The latest checkup, or a person's, or None."""
        with self._reading() as connection:
            return history.last_checkup(connection, person_id)

    def record(self, disclosure: Disclosure) -> None:
        """Keep that a request is about to leave this computer; on the disk when this returns."""
        with self._writing() as connection:
            disclosed.record(connection, disclosure)

    def disclosures(
        self, source_id: str | None = None, since: datetime | None = None, host: str | None = None
    ) -> tuple[Disclosure, ...]:
        """Every request, the newest first; where given, only those of a source, from a time on, to a host."""
        with self._reading() as connection:
            return disclosed.disclosures(connection, source_id, since, host)

    def disclosure_totals(self, since: datetime | None = None) -> DisclosureTotals:
        """How many requests left this computer, from a time on where one is given."""
        with self._reading() as connection:
            return disclosed.totals(connection, since)

    def clear_disclosures(self) -> None:
        """Erase the list of requests."""
        with self._writing() as connection:
            disclosed.clear(connection)

    def load(self, name: str) -> tuple[bytes, datetime] | None:
        """Bytes kept by name, and when they were kept, or None."""
        with self._reading() as connection:
            return history.load(connection, name)

    def save(self, name: str, content: bytes) -> None:
        """Keep bytes by name from now on."""
        with self._writing() as connection:
            history.save(connection, name, content, self._clock())

    def flag(self, name: str) -> str | None:
        """A small value kept by name, or None."""
        with self._reading() as connection:
            return history.flag(connection, name)

    def set_flag(self, name: str, value: str) -> None:
        """Keep a small value by name."""
        with self._writing() as connection:
            history.set_flag(connection, name, value)

    def letters(self) -> tuple[SentLetter, ...]:
        """Every letter that was sent, in the order they were first kept."""
        with self._reading() as connection:
            return letters.letters(connection)

    def save_letter(self, letter: SentLetter) -> None:
        """Keep a letter, in place of what has its id. LookupError for an unknown person."""
        with self._writing() as connection:
            letters.save(connection, letter)

    def remove_letter(self, letter_id: str) -> bool:
        """Whether it was there."""
        with self._writing() as connection:
            return letters.remove(connection, letter_id)

    @property
    def pace(self) -> PaceStore:
        """When each host was asked, for the network."""
        return PaceStore(self._reading, self._writing, self._clock)

    @property
    def guard(self) -> GuardStore:
        """The state of the regular check."""
        return GuardStore(self._reading, self._writing)
