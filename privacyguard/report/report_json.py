"""The report for programs."""

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path

from privacyguard.model.checkup import Checkup
from privacyguard.model.finding import Finding
from privacyguard.model.provenance import HiddenInPhotos
from privacyguard.report.content import ReportContent
from privacyguard.report.files import write_private

VERSION = 3
"""2: ``subjects`` and ``grown`` of a finding in place of its one ``subject``. 3: accounts, and what pictures say of themselves:
``profile``, ``provenance``, and ``counts`` of hidden details by their kind."""

_NOT_FOR_REPORTS = ("cut", "sha256", "phash")


def write_json(path: Path, content: ReportContent) -> None:
    """Write the report as one JSON object, all of it ASCII: no text in it can hide or turn. Raises as :func:`write_private`."""
    write_private(path, json.dumps(as_object(content), indent=1, default=_day).encode("ascii"))


def as_object(content: ReportContent) -> dict[str, object]:
    """The report as what becomes JSON. No pixels of a face and no hashes of pictures."""
    return {
        "version": VERSION,
        "made_at": content.made_at.isoformat(),
        "advice": [asdict(each) for each in content.advice],
        "findings": [_finding(each) | {"level": content.levels[each.key].value} for each in content.findings],
        "checkup": None if content.checkup is None else _checkup(content.checkup),
        "left_this_computer": [asdict(each) | {"at": each.at.isoformat()} for each in content.disclosures],
    }


def _checkup(checkup: Checkup) -> dict[str, object]:
    return {
        "started_at": checkup.started_at.isoformat(),
        "finished_at": checkup.finished_at.isoformat(),
        "cancelled": checkup.cancelled,
        "outcomes": [asdict(outcome) for outcome in checkup.outcomes],
    }


def _finding(finding: Finding) -> dict[str, object]:
    evidence = {name: value for name, value in asdict(finding.evidence).items() if name not in _NOT_FOR_REPORTS}
    if isinstance(finding.evidence, HiddenInPhotos):
        evidence["counts"] = {kind.value: number for kind, number in finding.evidence.counts}
    return {
        "key": finding.key,
        "kind": finding.kind.value,
        "person_id": finding.person_id,
        "sources": list(finding.sources),
        "first_seen": finding.first_seen.isoformat(),
        "last_seen": finding.last_seen.isoformat(),
        "subjects": [{"kind": subject.kind.value, "value": subject.value} for subject in finding.subjects],
        "grown": list(finding.grown),
        "mark": finding.mark.kind.value if finding.mark else None,
        "until": finding.mark.until if finding.mark else None,
        "evidence": evidence,
    }


def _day(value: object) -> str:
    """A date as JSON writes it. Raises TypeError for anything else that JSON does not know."""
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"a report holds no {type(value).__name__}")
