"""What a report says, whatever its form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from privacyguard.model.advice import Advice, Level
from privacyguard.model.checkup import Checkup
from privacyguard.model.finding import Finding
from privacyguard.model.person import Relation
from privacyguard.model.source import Disclosure


@dataclass(frozen=True)
class ReportContent:
    """Everything that goes into a report. Faces never do.

    ``levels``: of each finding by its key; ``source_names``: source id to the name on its card; ``relations``: person id
    to who that is, so that a child's findings speak of the child.
    """

    made_at: datetime
    advice: Sequence[Advice]
    findings: Sequence[Finding]
    levels: Mapping[str, Level]
    checkup: Checkup | None
    disclosures: Sequence[Disclosure]
    source_names: Mapping[str, str] = field(default_factory=dict)
    relations: Mapping[str, Relation] = field(default_factory=dict)

    def relation_of(self, person_id: str) -> Relation:
        """Who a person is to the one who reads."""
        return self.relations.get(person_id, Relation.ME)
