"""The report for people: one file, no script, nothing loaded from anywhere, readable in grey print."""

from pathlib import Path

from privacyguard import wording
from privacyguard.i18n import _, ngettext
from privacyguard.model.breach import Breach
from privacyguard.model.checkup import Status
from privacyguard.model.finding import Finding
from privacyguard.report.content import ReportContent
from privacyguard.report.files import write_private

TEMPLATE = "report.html"


def write_html(path: Path, content: ReportContent, resources: Path) -> None:
    """Write the report as HTML. ``resources``: the folder with ``report/report.html``. Raises as :func:`write_private`."""
    write_private(path, as_html(content, resources).encode())


def as_html(content: ReportContent, resources: Path) -> str:
    """The report's text. Every foreign text is escaped by the template."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    pages = Environment(
        loader=FileSystemLoader(resources / "report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return pages.get_template(TEMPLATE).render(
        _=_,
        wording=wording,
        content=content,
        made_at=wording.moment(content.made_at, content.made_at),
        looked=_looked(content),
        rows=[_row(finding, content) for finding in content.findings],
        left=_left(content),
    )


def _looked(content: ReportContent) -> list[tuple[str, str, str]]:
    """Each place with how it went: name, state, words."""
    outcomes = content.checkup.outcomes if content.checkup else ()
    return [
        (
            _(content.source_names.get(outcome.source_id, outcome.source_id)),
            wording.status(outcome.status),
            _(outcome.problem)
            if outcome.problem
            else ngettext("{count} looked at", "{count} looked at", outcome.seen).format(count=outcome.seen),
        )
        for outcome in sorted(outcomes, key=lambda outcome: list(Status).index(outcome.status))
    ]


def _row(finding: Finding, content: ReportContent) -> dict[str, str]:
    evidence = finding.evidence
    if isinstance(evidence, Breach):
        where = ", ".join(evidence.data_classes)
    else:
        where = evidence.page or evidence.picture
    return {
        "level": wording.level(content.levels[finding.key]),
        "title": wording.finding_title(finding),
        "where": _shown(where),
        "when": wording.day(finding.first_seen.date()),
        "mark": wording.mark(finding.mark.kind) if finding.mark else "",
    }


def _left(content: ReportContent) -> str:
    count = len(content.disclosures)
    return ngettext("{count} request left this computer.", "{count} requests left this computer.", count).format(
        count=count
    )


def _shown(untrusted: str) -> str:
    """Foreign text without characters that change direction or hide."""
    return "".join(
        ch if ch.isprintable() and not "\u202a" <= ch <= "\u202e" else "\N{REPLACEMENT CHARACTER}" for ch in untrusted
    )
