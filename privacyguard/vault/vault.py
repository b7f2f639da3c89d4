"""The vault: typed reads and writes, each in one transaction, from any thread."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Self

from privacyguard.errors import DiskFull
from privacyguard.model.checkup import Checkup, Outcome
from privacyguard.model.finding import Finding, Mark
from privacyguard.model.person import Consent, FaceTemplate, Identifier, Person, Relation
from privacyguard.model.picture import NotMe
from privacyguard.model.place import LookedAt, Place
from privacyguard.model.source import Disclosure
from privacyguard.vault import findings as stored
from privacyguard.vault import history, index, people
from privacyguard.vault.database import Connection
from privacyguard.vault.forget import Receipt
from privacyguard.vault.index import Index
from privacyguard.vault.keystore import KeyStore
from privacyguard.vault.unlocking import Unlocked

_RENEWAL_DUE = "vault.renewal-due"
"""A flag, set together with the erasing and cleared after the new key: after a kill the next start makes it good."""


class Vault:
    """The only durable store of personal data. Methods that name a person raise LookupError for an unknown id.

    Times need their zone (ValueError). Everything may raise a :class:`~privacyguard.errors.VaultError`: DiskFull
    (nothing of the call is kept, all before is), VaultDamaged, VaultUnwritable, VaultClosed.
    """

    def __init__(self, unlocked: Unlocked, clock: Callable[[], datetime]) -> None:
        self._unlocked = unlocked
        self._clock = clock
        self._lock = RLock()

    @classmethod
    def open(cls, home: Path, keys: KeyStore, *, clock: Callable[[], datetime]) -> "Vault":
        """The vault of ``home``, made at first start. Blocks while the password store asks the person to unlock it.

        Raises:
            VaultError: NoPasswordStore, PasswordStoreLocked, PasswordStoreRefused, KeyMissing, WrongKey, VaultDamaged,
                VaultTooNew, DiskFull, VaultInUse or VaultUnwritable.
        """
        vault = cls(Unlocked(home, keys), clock)
        try:
            vault._finish_renewal()
        except BaseException:
            vault.close()
            raise
        return vault

    def close(self) -> None:
        """Close the file. Calling it again does nothing; any other call raises VaultClosed from now on."""
        with self._lock:
            self._unlocked.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def check(self) -> None:
        """Read the whole file. Raises VaultDamaged where a part was changed or lost."""
        with self._lock:
            self._unlocked.database.check()

    # --- people ---

    def people(self) -> tuple[Person, ...]:
        """Everybody, in the order they were added."""
        with self._reading() as connection:
            return people.people(connection)

    def person(self, person_id: str) -> Person:
        """The person with this id."""
        with self._reading() as connection:
            return people.person(connection, person_id)

    def person_named(self, name: str) -> Person | None:
        """The person with exactly this name (white space folded), or None."""
        with self._reading() as connection:
            return people.named(connection, name)

    def add_person(self, name: str, relation: Relation, is_adult: bool) -> Person:
        """A new person. Raises ValueError for a name that is taken or holds control characters."""
        with self._writing() as connection:
            return people.person(connection, people.add(connection, name, relation, is_adult))

    def rename_person(self, person_id: str, name: str) -> Person:
        """The person under another name. Raises ValueError for a name that is taken or holds control characters."""
        with self._writing() as connection:
            people.rename(connection, person_id, name)
            return people.person(connection, person_id)

    def save_consent(self, person_id: str, consent: Consent) -> None:
        """Keep what the person agreed to, in place of what they agreed to before."""
        with self._writing() as connection:
            people.save_consent(connection, person_id, consent)

    def save_template(self, person_id: str, template: FaceTemplate) -> None:
        """Keep a face pattern in place of the one before; embeddings as float32."""
        with self._writing() as connection:
            people.save_template(connection, person_id, template)

    def add_identifier(self, person_id: str, identifier: Identifier) -> bool:
        """Whether it is new."""
        with self._writing() as connection:
            return people.add_identifier(connection, person_id, identifier)

    def remove_identifier(self, person_id: str, identifier: Identifier) -> bool:
        """Whether it was there."""
        with self._writing() as connection:
            return people.remove_identifier(connection, person_id, identifier)

    # --- forgetting ---

    def forget_face(self, person_id: str) -> Receipt:
        """Erase the person's face pattern, every cut of their face, and which pictures were looked at for it.

        Findings stay, with their place and without the face. The file is written anew under a new key, so that copies
        of it so far do not open any more; takes about as long as writing the file twice.

        Raises:
            DiskFull: before or after the rows were erased; the new key is then made at the next start.
        """
        with self._lock:
            with self._writing() as connection:
                had_pattern = people.forget_face(connection, person_id)
                had_cuts = stored.forget_face(connection, person_id) > 0
                had_pictures = index.forget(connection, person_id) > 0
                history.set_flag(connection, _RENEWAL_DUE, "face")
            self._renew()
        return Receipt.of_face(had_pattern, had_cuts, had_pictures, self._clock())

    def forget_person(self, person_id: str) -> Receipt:
        """Erase the person and all that is about them, and renew the key as :meth:`forget_face` does."""
        with self._lock:
            with self._writing() as connection:
                people.forget(connection, person_id)
                history.set_flag(connection, _RENEWAL_DUE, "person")
            self._renew()
        return Receipt.of_person(self._clock())

    # --- findings ---

    def findings(self, person_id: str | None = None) -> tuple[Finding, ...]:
        """Every finding, or a person's, in the order they were first kept."""
        with self._reading() as connection:
            return stored.findings(connection, person_id)

    def finding(self, key: str) -> Finding | None:
        """The finding with this key, or None."""
        with self._reading() as connection:
            return stored.finding(connection, key)

    def save_outcome(
        self, person_id: str, outcome: Outcome, findings: Sequence[Finding], looked_at: Sequence[LookedAt] = ()
    ) -> tuple[str, ...]:
        """Keep what a source brought, all or nothing; the keys of findings that are new to the person.

        A known finding keeps its first day and the person's decision; its sources grow, its last day and evidence are
        the newest. The face cut of a "not me" does not come back. Of the outcome only the source counts here: outcomes
        are kept with their checkup.
        """
        if any(one.person_id != person_id for one in findings):
            raise ValueError("a finding of another person")
        with self._writing() as connection:
            people.require(connection, person_id)
            index.remember(connection, person_id, looked_at)
            return stored.save(connection, outcome.source_id, findings)

    def mark(self, key: str, mark: Mark) -> Finding:
        """The finding with the person's decision; "not me" erases the face cut. LookupError for an unknown key."""
        with self._writing() as connection:
            return stored.mark(connection, key, mark)

    def not_me(self, person_id: str) -> frozenset[NotMe]:
        """Faces in pictures that the person called "not me"; an all-zero box stands for the whole picture."""
        with self._reading() as connection:
            return stored.not_me(connection, person_id)

    # --- what was looked at on this computer ---

    def index(self, person_id: str) -> Index:
        """What a scan for this person needs to go on where the last one stopped."""
        return Index(person_id, self._reading, self._writing)

    def looked_at(self, person_id: str, path: str) -> LookedAt | None:
        """What is known of a picture file for a person, or None."""
        return self.index(person_id).known([path]).get(path)

    def remember(self, person_id: str, looked_at: Sequence[LookedAt]) -> None:
        """Keep what was looked at, in place of what was known of the same paths."""
        with self._writing() as connection:
            people.require(connection, person_id)
            index.remember(connection, person_id, looked_at)

    def scenes(self, person_id: str) -> Iterator[tuple[str, str, str | None]]:
        """Path, scene and key of the finding (or None) of every picture with a scene; read in pages, between other calls."""
        return self.index(person_id).scenes()

    # --- places, checkups, what left this computer ---

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
            history.record(connection, disclosure)

    def disclosures(self) -> tuple[Disclosure, ...]:
        """Every request, the newest first."""
        with self._reading() as connection:
            return history.disclosures(connection)

    def clear_disclosures(self) -> None:
        """Erase the list of requests."""
        with self._writing() as connection:
            history.clear_disclosures(connection)

    # --- small things by name ---

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

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._lock, self._unlocked.database.reading() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._lock, self._unlocked.database.writing() as connection:
            yield connection

    def _renew(self) -> None:
        self._unlocked.renew()
        with self._writing() as connection:
            history.clear_flag(connection, _RENEWAL_DUE)

    def _finish_renewal(self) -> None:
        if self.flag(_RENEWAL_DUE) is None:
            return
        try:
            self._renew()
        except DiskFull:
            # The rows are erased and the new key stays due; a full disk must not keep the person from what is left.
            return
