"""What a report says, whatever its form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from privacyguard.model.advice import Advice, Level
from privacyguard.model.checkup import Checkup
from privacyguard.model.finding import Finding
from privacyguard.model.source import Disclosure


@dataclass(frozen=True)
class ReportContent:
    """Everything that goes into a report. Faces never do.

    ``levels``: of each finding by its key; ``source_names``: source id to the name on its card.
    """

    made_at: datetime
    advice: Sequence[Advice]
    findings: Sequence[Finding]
    levels: Mapping[str, Level]
    checkup: Checkup | None
    disclosures: Sequence[Disclosure]
    source_names: Mapping[str, str] = field(default_factory=dict)
