"""The report for programs."""

import json
from dataclasses import asdict
from pathlib import Path

from privacyguard.model.finding import Finding
from privacyguard.model.picture import FaceMatch
from privacyguard.report.content import ReportContent
from privacyguard.report.files import write_private

VERSION = 1


def write_json(path: Path, content: ReportContent) -> None:
    """Write the report as one JSON object, UTF-8. Raises as :func:`write_private`."""
    checkup = content.checkup
    report = {
        "version": VERSION,
        "made_at": content.made_at.isoformat(),
        "advice": [asdict(each) | {"due": each.due.isoformat() if each.due else None} for each in content.advice],
        "findings": [_finding(each) | {"level": content.levels[each.key].value} for each in content.findings],
        "checkup": None
        if checkup is None
        else {
            "started_at": checkup.started_at.isoformat(),
            "finished_at": checkup.finished_at.isoformat(),
            "outcomes": [asdict(outcome) for outcome in checkup.outcomes],
        },
        "left_this_computer": [asdict(each) | {"at": each.at.isoformat()} for each in content.disclosures],
    }
    write_private(path, json.dumps(report, indent=1, ensure_ascii=False, default=str).encode())


def _finding(finding: Finding) -> dict[str, object]:
    evidence = asdict(finding.evidence)
    if isinstance(finding.evidence, FaceMatch):
        del evidence["cut"]
    return {
        "key": finding.key,
        "kind": finding.kind.value,
        "sources": list(finding.sources),
        "first_seen": finding.first_seen.isoformat(),
        "last_seen": finding.last_seen.isoformat(),
        "subject": finding.subject,
        "mark": finding.mark.kind.value if finding.mark else None,
        "evidence": evidence,
    }
