"""The vault: typed reads and writes, each in one transaction, from any thread."""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from privacyguard.errors import DiskFull
from privacyguard.model.checkup import Outcome
from privacyguard.model.finding import Finding, Mark
from privacyguard.model.person import Consent, FaceTemplate, Identifier, Person, Relation
from privacyguard.model.picture import NotMe
from privacyguard.model.place import LookedAt
from privacyguard.model.statement import SearchConsent, Statement
from privacyguard.vault import findings as stored
from privacyguard.vault import history, index, merging, people, rounds, statements
from privacyguard.vault.forget import Receipt
from privacyguard.vault.index import Index
from privacyguard.vault.journal import Journal
from privacyguard.vault.keystore import KeyStore
from privacyguard.vault.rounds import Rounds
from privacyguard.vault.unlocking import Unlocked

_RENEWAL_DUE = "vault.renewal-due"
"""A flag, set together with the erasing and cleared after the new key: after a kill the next start makes it good."""


class Vault(Journal):
    """The only durable store of personal data. Methods that name a person raise LookupError for an unknown id.

    Times need their zone (ValueError). Everything may raise a :class:`~privacyguard.errors.VaultError`: DiskFull
    (nothing of the call is kept, all before is), VaultDamaged, VaultUnwritable, VaultClosed.
    """

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
            vault._finish_merging()
        except BaseException:
            vault.close()
            raise
        return vault

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
        """Keep a face pattern in place of the one before; embeddings as float32.

        A typed statement stays only where every photo of the new one looks a lot like the old one.
        """
        with self._writing() as connection:
            statements.save_template(connection, person_id, template)

    def statement(self, person_id: str) -> Statement | None:
        """What the person typed for their face pattern as it is now, or None."""
        with self._reading() as connection:
            return statements.statement(connection, person_id)

    def save_statement(self, person_id: str, now: datetime) -> Statement:
        """Keep that the person typed the sentence, in place of every other statement; it says from when on it counts.

        Raises:
            StatementRefused: a child, someone who is helped, a person under 18; NoFaceToState: no face pattern.
        """
        with self._writing() as connection:
            return statements.save(connection, person_id, now)

    def note_search(self, consent: SearchConsent) -> None:
        """Keep the yes to one search by a service that compares faces itself."""
        with self._writing() as connection:
            statements.note_search(connection, consent)

    def searches(self, person_id: str) -> tuple[SearchConsent, ...]:
        """Each such yes of the person, the oldest first."""
        with self._reading() as connection:
            return statements.searches(connection, person_id)

    def add_identifier(self, person_id: str, identifier: Identifier) -> bool:
        """Whether it is new."""
        return self.add_identifiers(person_id, (identifier,)) == 1

    def add_identifiers(self, person_id: str, identifiers: Iterable[Identifier]) -> int:
        """How many of them are new; all are kept or, after an error, none."""
        with self._writing() as connection:
            people.require(connection, person_id)
            return sum(people.add_identifier(connection, person_id, one) for one in identifiers)

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

        A known finding keeps its first day and the person's decision; its sources and subjects grow, its last day and
        evidence are the newest. A leak that another source told of is joined with what it said, under the key that was
        there first (:meth:`kept_keys`). A leak with a decision that turns out to hold more, or another address, loses
        the decision and is named as new. The face cut of a "not me" does not come back. Of the outcome only the source
        counts here: outcomes are kept with their checkup.
        """
        _require_of(person_id, findings)
        with self._writing() as connection:
            people.require(connection, person_id)
            index.remember(connection, person_id, looked_at)
            return stored.save(connection, person_id, outcome.source_id, findings).new

    def save_asked(
        self, person_id: str, source_id: str, identifier: Identifier, findings: Sequence[Finding]
    ) -> tuple[str, ...]:
        """Keep what a source answered about one identifier, and that it was asked, all or nothing; the new keys.

        Findings are kept as by :meth:`save_outcome`; :meth:`Rounds.findings` has their keys.
        """
        _require_of(person_id, findings)
        with self._writing() as connection:
            people.require(connection, person_id)
            saved = stored.save(connection, person_id, source_id, findings)
            rounds.note(connection, person_id, source_id, identifier, saved.keys, self._clock())
            return saved.new

    def kept_keys(self, person_id: str, source_id: str, findings: Sequence[Finding]) -> tuple[str, ...]:
        """The keys under which these findings of a source are kept, each once: a leak's may be another source's."""
        with self._reading() as connection:
            return stored.kept_keys(connection, person_id, source_id, findings)

    @property
    def rounds(self) -> Rounds:
        """What each source was asked of a person's identifiers, to go on after a stop."""
        return Rounds(self._reading, self._writing)

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

    def _renew(self) -> None:
        self._unlocked.renew()
        with self._writing() as connection:
            history.clear_flag(connection, _RENEWAL_DUE)

    def _finish_renewal(self) -> None:
        if self.flag(_RENEWAL_DUE) is None:
            return
        # The rows are erased and the new key stays due; a full disk must not keep the person from what is left.
        with contextlib.suppress(DiskFull):
            self._renew()

    def _finish_merging(self) -> None:
        if self.flag(merging.DUE) is None:
            return
        # A full disk must not keep the person from what is there: they see a leak twice until the next start.
        with contextlib.suppress(DiskFull), self._writing() as connection:
            merging.merge_leaks(connection)
            history.clear_flag(connection, merging.DUE)


def _require_of(person_id: str, findings: Sequence[Finding]) -> None:
    if any(one.person_id != person_id for one in findings):
        raise ValueError("a finding of another person")
