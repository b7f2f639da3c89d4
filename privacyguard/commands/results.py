"""findings, mark, advice and report: what is known, what was decided, and what to do first."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from privacyguard import wording, wording_levels
from privacyguard.advice.engine import level_of, worst_first
from privacyguard.commands.answers import advice_as_json, finding_as_json
from privacyguard.commands.call import DONE, NOT_ALL_DONE, Call, Subparsers
from privacyguard.commands.letters import checked_country, finding_with
from privacyguard.errors import UsageError, VaultUnwritable
from privacyguard.i18n import _, ngettext
from privacyguard.model.advice import Advice
from privacyguard.model.breach import Breach
from privacyguard.model.finding import Finding, Mark, MarkKind, places_of
from privacyguard.session import Session

LATER_DAYS = 30
"""Until a finding that was put off comes back, where no date is given."""

REPORT_FORMATS = (".html", ".json")


def add_to(commands: Subparsers) -> None:
    """The parsers of these commands."""
    commands.add("findings", _("show what was found"), _list_findings)
    parser = commands.add("mark", _("remember what you decided about a finding"), _mark)
    parser.add_argument("key", metavar="KEY", help=_("the finding, as in: privacyguard findings --json"))
    parser.add_argument("mark", choices=[kind.value for kind in MarkKind], help=_("what you decided"))
    parser.add_argument("--until", metavar="DATE", help=_("with later: until when, as 2026-12-31; else 30 days"))
    parser = commands.add("advice", _("show what to do first"), _list_advice)
    parser.add_argument("--country", metavar="CC", help=_("your country, two letters: for help lines and laws"))
    parser = commands.add("report", _("write a report"), _write_report)
    parser.add_argument("--out", metavar="FILE", required=True, help=_("a file that ends in .html or .json"))


def _list_findings(call: Call) -> int:
    session = call.session
    advice = session.advice()
    findings = worst_first(session.vault.findings(), advice)
    people = {person.person_id: person for person in session.vault.people()}
    answer = []
    for finding in findings:
        level, person = level_of(finding, advice), people[finding.person_id]
        title = wording.finding_title(finding, person.relation)
        answer.append(finding_as_json(finding, person.name, level, title))
        call.out.say(f"{finding.key}  {wording_levels.level(level)}: {title}")
        for line in _more(finding, session.source_names()):
            call.out.say(f"  {line}")
        if finding.mark is not None:
            call.out.say("  " + _("You said: {mark}").format(mark=wording.mark(finding.mark.kind)))
    call.out.give(answer)
    count = len(answer)
    call.out.say(ngettext("{count} finding.", "{count} findings.", count).format(count=count))
    return DONE


def _more(finding: Finding, names: Mapping[str, str]) -> list[str]:
    """The page and the picture; of a leak who says so, how many addresses are in it, and what is new."""
    evidence = finding.evidence
    if not isinstance(evidence, Breach):
        return list(places_of(evidence))
    told_by = wording.told_by([names.get(source, source) for source in finding.sources])
    return [line for line in (told_by, wording.addresses_in_it(finding), wording.grown(finding)) if line]


def _mark(call: Call) -> int:
    kind = MarkKind(call.arguments.mark)
    until = _until(call, kind)
    key = call.arguments.key
    finding = finding_with(call, key)
    call.session.vault.mark(key, Mark(kind, until))
    call.out.give({"key": key, "mark": kind.value})
    call.out.say(_("Noted: {mark}").format(mark=wording.mark(kind)))
    if until is not None:
        call.out.say(_("It comes back on {day}.").format(day=wording.day(until)))
    elif isinstance(finding.evidence, Breach):
        call.out.say(_("It stays quiet. If it turns out that more leaked, we tell you again."))
    return DONE


def _until(call: Call, kind: MarkKind) -> date | None:
    written = call.arguments.until
    today = call.session.clock().astimezone().date()
    if kind is not MarkKind.LATER:
        if written is not None:
            raise UsageError(_("--until goes with later only."))
        return None
    if written is None:
        return today + timedelta(days=LATER_DAYS)
    try:
        until = date.fromisoformat(written)
    except ValueError:
        raise UsageError(_("Write the date as in 2026-12-31.")) from None
    if until <= today:
        raise UsageError(_("The date has to lie in the future."))
    return until


def _list_advice(call: Call) -> int:
    country = call.arguments.country
    advice = call.session.advice(checked_country(country) if country is not None else None)
    call.out.give([advice_as_json(each) for each in advice])
    for each in advice:
        _say_advice(call, each)
    return DONE


def _say_advice(call: Call, advice: Advice) -> None:
    call.out.say(f"{wording_levels.level(advice.level)}: {advice.title}")
    call.out.say(f"  {advice.why}")
    for number, step in enumerate(advice.steps, start=1):
        minutes = f" ({wording.minutes(step.minutes)})" if step.minutes else ""
        call.out.say(f"  {number}. {step.text}{minutes}")
        if step.link:
            call.out.say(f"     {step.link}")
    for line in (advice.later, advice.help_line):
        if line:
            call.out.say(f"  {line}")
    call.out.say()


def _write_report(call: Call) -> int:
    out = Path(call.arguments.out)
    if out.suffix.lower() not in REPORT_FORMATS:
        raise UsageError(_("This version writes reports that end in .html or .json."))
    if not _is_written(call.session, out):
        call.out.problem(_("This file cannot be written. Is there such a folder, and may you write there?"))
        return NOT_ALL_DONE
    call.out.give({"out": call.arguments.out})
    call.out.say(_("The report is ready. It holds personal things, and only you can read it: {path}").format(path=out))
    return DONE


def _is_written(session: Session, out: Path) -> bool:
    session.vault  # noqa: B018  (what keeps it from opening is not the report's fault)
    if not out.parent.is_dir():
        return False
    try:
        session.write_report(out)
    except VaultUnwritable:
        return False
    return True
