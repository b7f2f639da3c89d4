"""The report for people: one file, no script, nothing loaded from anywhere, readable in grey print."""

import unicodedata
from pathlib import Path

from privacyguard import wording, wording_levels
from privacyguard.i18n import _, ngettext
from privacyguard.model.advice import Level
from privacyguard.model.breach import Breach
from privacyguard.model.checkup import Outcome, Status
from privacyguard.model.finding import Finding, places_of
from privacyguard.report.content import ReportContent
from privacyguard.report.files import write_private
from privacyguard.report.picture_words import more_words

TEMPLATE = "report.html"
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_JOINERS = "\u200c\u200d"  # part of words and of signs in some scripts


def write_html(path: Path, content: ReportContent, resources: Path) -> None:
    """Write the report as HTML. ``resources``: the folder with ``report/report.html``. Raises as :func:`write_private`."""
    write_private(path, as_html(content, resources).encode())


def as_html(content: ReportContent, resources: Path) -> str:
    """The report's text. Every foreign text is cleaned and escaped on its way into the template."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    pages = Environment(
        loader=FileSystemLoader(resources / "report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        finalize=_shown,
    )
    return pages.get_template(TEMPLATE).render(
        _=_,
        wording=wording,
        level_word=wording_levels.level,
        content=content,
        levels=list(Level),
        made_at=wording.moment(content.made_at, content.made_at),
        looked=_looked(content),
        stopped=content.checkup is not None and content.checkup.cancelled,
        rows=[_row(finding, content) for finding in content.findings],
        left=_left(content),
    )


def _looked(content: ReportContent) -> list[tuple[str, str, str]]:
    """Each place with how it went: name, state, words."""
    outcomes = content.checkup.outcomes if content.checkup else ()
    return [
        (
            _(content.source_names.get(outcome.source_id, outcome.source_id)),
            wording.ended(outcome),
            _how_it_went(outcome),
        )
        for outcome in sorted(outcomes, key=lambda outcome: list(Status).index(outcome.status))
    ]


def _how_it_went(outcome: Outcome) -> str:
    """What was looked at, what could not be opened, and why it ended early, if it did."""
    words = [_(outcome.problem)] if outcome.problem else []
    if outcome.seen or not words:
        seen = ngettext("{count} looked at.", "{count} looked at.", outcome.seen)
        words.append(seen.format(count=outcome.seen))
    if outcome.unreadable:
        unread = ngettext("{count} could not be opened.", "{count} could not be opened.", outcome.unreadable)
        words.append(unread.format(count=outcome.unreadable))
    if outcome.left:
        left = ngettext("{count} is left for the next checkup.", "{count} are left for the next checkup.", outcome.left)
        words.append(left.format(count=outcome.left))
    return " ".join(words)


def _row(finding: Finding, content: ReportContent) -> dict[str, str]:
    evidence = finding.evidence
    if not isinstance(evidence, Breach):
        where = " ".join(places_of(evidence))
    elif evidence.sensitive:
        # What leaked at such a service tells as much as its name does.
        where = _("Kept private here")
    else:
        where = ", ".join(evidence.data_classes)
    return {
        "level": content.levels[finding.key],
        "title": wording.finding_title(finding, content.relation_of(finding.person_id)),
        "where": where,
        "more": _more(finding, content),
        "when": wording.day(finding.first_seen.date()),
        "mark": wording.mark(finding.mark.kind) if finding.mark else "",
    }


def _more(finding: Finding, content: ReportContent) -> str:
    """Who says so of a leak, how many of the person's addresses are in it, and what is new; of the rest what it tells."""
    if not isinstance(finding.evidence, Breach):
        return more_words(finding)
    names = [_(content.source_names.get(source, source)) for source in finding.sources]
    lines = (wording.told_by(names), wording.addresses_in_it(finding), wording.grown(finding))
    return " ".join(filter(None, lines))


def _left(content: ReportContent) -> str:
    count = len(content.disclosures)
    return ngettext("{count} request left this computer.", "{count} requests left this computer.", count).format(
        count=count
    )


def _shown(value: object) -> object:
    """A text without characters that hide, change direction or cannot be written; anything else as it is.

    What has ``__html__`` is the output of the template's own macros, whose parts came through here.
    """
    if not isinstance(value, str) or hasattr(value, "__html__"):
        return value
    return "".join(
        ch if ch in _JOINERS or unicodedata.category(ch) not in _HIDDEN else "\N{REPLACEMENT CHARACTER}" for ch in value
    )
