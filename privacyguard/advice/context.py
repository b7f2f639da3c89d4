"""What the rules know besides the findings, and the words they share."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from privacyguard.advice.helplines import HelpLines, help_for
from privacyguard.i18n import _
from privacyguard.model.advice import Advice
from privacyguard.model.checkup import Outcome
from privacyguard.model.finding import Finding, MarkKind
from privacyguard.model.letter import SentLetter
from privacyguard.model.person import Person, Relation


@dataclass(frozen=True)
class Context:
    """When and for whom advice is given.

    ``country``: two letters; ``people``: by id; ``source_names``: source id to the name on its card, translated;
    ``letters``: that were sent; ``private_names``: of very private services, case folded, filled in by the engine.
    """

    now: datetime
    country: str
    people: Mapping[str, Person] = field(default_factory=dict)
    source_names: Mapping[str, str] = field(default_factory=dict)
    letters: Sequence[SentLetter] = ()
    private_names: frozenset[str] = frozenset()

    @property
    def help_lines(self) -> HelpLines:
        """Who can help in this country."""
        return help_for(self.country)

    def relation_of(self, person_id: str) -> Relation:
        """Who a profile is for; somebody unknown is whoever reads."""
        person = self.people.get(person_id)
        return person.relation if person is not None else Relation.ME

    def is_child(self, person_id: str) -> bool:
        """Whether a profile is a child's."""
        return self.relation_of(person_id) is Relation.MY_CHILD

    def named(self, advice: Advice) -> Advice:
        """The advice; where it is about somebody else than whoever reads, with their name in the title."""
        person = self.people.get(advice.person_id)
        if person is None or person.relation is Relation.ME:
            return advice
        return replace(advice, title=_("{title} ({name})").format(title=advice.title, name=person.name))

    def name_of(self, source_id: str) -> str:
        """A source's name on its card."""
        return self.source_names.get(source_id, source_id)

    def names_of(self, source_ids: Sequence[str]) -> str:
        """Several names, as a list."""
        return ", ".join(map(self.name_of, source_ids))


Rule = Callable[[Sequence[Finding], Sequence[Outcome], Context], Iterator[Advice]]


def is_open(finding: Finding, context: Context) -> bool:
    """Whether a finding still wants advice: not marked, or "remind me" whose day has come or that has none."""
    mark = finding.mark
    if mark is None:
        return True
    if mark.kind is not MarkKind.LATER:
        return False
    return mark.until is None or mark.until <= context.now.date()  # without a day it must not stay away for ever


def who_can_help(context: Context) -> str:
    """The fifth line: a person to talk to, for data that leaked."""
    office = context.help_lines.data_authority
    if office is None:
        return _("Need a person? Open “Get help now”.")
    return _("Need a person? Your data office can help: {name}.").format(name=office.name)
