"""Asking a source of leaks about all that one person named. A source that is asked over the network is asked in rounds:
what it said of each address is kept at once, and a checkup that was stopped is gone on with, not begun anew."""

from collections.abc import Iterator, Sequence

from privacyguard.checkup.parts import Parts, Tally
from privacyguard.errors import SourceError, UnexpectedReply
from privacyguard.model.finding import Finding, FindingKind, finding_key
from privacyguard.model.person import Identifier, Person
from privacyguard.net.gateway import Gateway
from privacyguard.sources.base import BreachSource

UNCLEAR_IN_A_ROW = 3
"""One address that a service cannot answer must not keep the ones after it from being asked, checkup after checkup. After so
many the service itself has changed: the rest is not sent in vain."""


class LeakQuestions:
    """What one source of leaks is asked about one person; ``tally`` tells how far it is."""

    def __init__(self, parts: Parts, person: Person, source: BreachSource, tally: Tally) -> None:
        self._parts = parts
        self._person = person
        self._source = source
        self._source_id = source.info.id
        self._tally = tally

    def steps(self, identifiers: Sequence[Identifier], gateway: Gateway) -> Iterator[None]:
        """The work, cut into steps: the first when it is known what is to be asked, then one between two identifiers.

        Raises:
            SourceError: the source could not tell of one of them; all that it said is in the tally or kept.
        """
        self._tally.total = len(identifiers)
        if self._source.info.requests_each:
            return self._in_a_round(identifiers, gateway)
        return self._by_a_list(identifiers, gateway)

    def _by_a_list(self, identifiers: Sequence[Identifier], gateway: Gateway) -> Iterator[None]:
        """Compare with a list that was fetched once. Where only a part of it can be had, all are compared with that."""
        trouble: SourceError | None = None
        for identifier in identifiers:
            yield
            try:
                self._ask(identifier, gateway)
            except SourceError as error:
                trouble = trouble or error
            else:
                self._tally.seen += 1
        if trouble is not None:
            raise trouble

    def _in_a_round(self, identifiers: Sequence[Identifier], gateway: Gateway) -> Iterator[None]:
        person_id, tally, rounds = self._person.person_id, self._tally, self._parts.vault.rounds
        still_to_ask = rounds.open(person_id, self._source_id, identifiers, self._parts.clock())
        tally.left = len(still_to_ask)
        tally.seen = len(identifiers) - tally.left
        tally.kept = list(rounds.findings(person_id, self._source_id))
        unclear: list[UnexpectedReply] = []
        in_a_row = 0
        for identifier in still_to_ask:
            yield
            known = len(tally.findings)
            try:
                self._ask(identifier, gateway)
            except UnexpectedReply as error:
                unclear.append(error)
                in_a_row += 1
                if in_a_row == UNCLEAR_IN_A_ROW:
                    raise
            else:
                in_a_row = 0
                self._keep(identifier, known)
        if unclear:
            raise unclear[0]
        rounds.close(person_id, self._source_id)

    def _keep(self, identifier: Identifier, known: int) -> None:
        """Keep the answer about one identifier: the findings after the first ``known``."""
        vault, tally, person_id = self._parts.vault, self._tally, self._person.person_id
        findings = tally.findings[known:]
        del tally.findings[known:]
        tally.new += vault.save_asked(person_id, self._source_id, identifier, findings)
        tally.seen, tally.left = tally.seen + 1, tally.left - 1
        if findings:  # under the keys of the vault, which joins what several services say of one leak
            tally.kept = list(vault.rounds.findings(person_id, self._source_id))

    def _ask(self, identifier: Identifier, gateway: Gateway) -> None:
        """Add what the source says, one by one: what it said before an error is found all the same."""
        person_id = self._person.person_id
        for breach in self._source.check(identifier, gateway):
            key, now = finding_key(FindingKind.BREACH, person_id, breach.key), self._parts.clock()
            finding = Finding(key, FindingKind.BREACH, person_id, (self._source_id,), now, now, breach, (identifier,))
            self._tally.findings.append(finding)
