"""From what is known to what the pages show. Plain functions."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from privacyguard import wording, wording_pictures
from privacyguard.advice.archives import SENDS
from privacyguard.advice.engine import level_of, worst_first
from privacyguard.checkup.archives import web_addresses, why_not
from privacyguard.checkup.plan import SWITCHED_OFF
from privacyguard.checkup.waiting import why_not_done
from privacyguard.i18n import N_, _, ngettext
from privacyguard.model.advice import Advice, Level
from privacyguard.model.breach import Breach
from privacyguard.model.checkup import Checkup, Outcome, Status
from privacyguard.model.finding import Evidence, Finding, MarkKind, place_of, profile_of
from privacyguard.model.person import Person, Relation
from privacyguard.model.picture import FaceMatch, PictureCopy
from privacyguard.model.profile import Profile
from privacyguard.model.provenance import HiddenInPhotos
from privacyguard.model.source import Disclosure
from privacyguard.report.disclosed import total_words
from privacyguard.ui.pages.views import (
    LEAK_DECISIONS,
    PICTURE_DECISIONS,
    FindingDetail,
    FindingRow,
    HomeView,
    PersonView,
    StateCount,
    StepRow,
)
from privacyguard.ui.presenters.leaks import with_leak_facts
from privacyguard.ui.presenters.profiles import with_profile
from privacyguard.ui.presenters.provenance import provenance_notes, with_hidden
from privacyguard.ui.wizard.views import ResultsView

STEPS_SHOWN = 3
STILL_OPEN = frozenset({MarkKind.LATER, MarkKind.NOT_MINE})
"""A profile that somebody else made is known, and there is something to do about it."""
LOOK_FIRST = N_("Have a look. If you are fine with it, press “That’s OK”.")
Names = Mapping[str, str]


def steps(advice: Sequence[Advice]) -> tuple[StepRow, ...]:
    """What there is to do, without the lines that only tell a state. What has no page of its own is told in full."""
    return tuple(
        StepRow(
            each.level,
            each.title,
            each.why if each.answers else " ".join((each.why, *(step.text for step in each.steps))),
            wording.minutes(each.steps[0].minutes) if each.steps[0].minutes else "",
            each.answers[0] if each.answers and each.level is not Level.COULD_NOT_CHECK else "",
        )
        for each in advice
        if each.level is not Level.NOTHING_FOUND
    )


def headline(advice: Sequence[Advice]) -> tuple[Level, str, str]:
    """The state of things: level, title, and the line below."""
    worst = min((each.level for each in advice), key=lambda level: level.rank, default=Level.COULD_NOT_CHECK)
    count = sum(each.level is worst for each in advice)
    others = sum(each.level.rank > worst.rank and each.level is not Level.NOTHING_FOUND for each in advice)
    titles = {
        Level.DO_TODAY: ngettext("{count} thing to do today", "{count} things to do today", count),
        Level.DO_THIS_WEEK: ngettext("{count} thing to do this week", "{count} things to do this week", count),
        Level.COULD_NOT_CHECK: ngettext(
            "{count} place could not be checked", "{count} places could not be checked", count
        ),
        Level.GOOD_TO_KNOW: ngettext("{count} thing is good to know", "{count} things are good to know", count),
        Level.NOTHING_FOUND: _("We found nothing new"),
    }
    if worst is Level.COULD_NOT_CHECK and not advice:
        return worst, _("Nothing was checked yet"), _("Do a checkup to see where you stand.")
    then = ngettext("Then there is {count} more.", "Then there are {count} more.", others).format(count=others)
    rest = then if others else _("You can stop here for today when it is done.")
    if worst is Level.NOTHING_FOUND:
        rest = next(each.why for each in advice if each.level is worst)
    return worst, titles[worst].format(count=count), rest


def home_view(advice: Sequence[Advice], checkup: Checkup | None, names: Names, now: datetime) -> HomeView:
    """Home, before the first checkup and after."""
    if checkup is None:
        return HomeView(
            None,
            _("Shall we look for your data and your pictures?"),
            _("It takes about 4 minutes. Nothing is sent before you say where we may look."),
        )
    level, title, rest = headline(advice)
    when = wording.moment(checkup.finished_at, now)
    return HomeView(
        level,
        title,
        rest,
        steps(advice)[:STEPS_SHOWN],
        _("Last check: {when}").format(when=when),
        _counts(checkup, names),
        _("Nobody can search the whole internet, so this is not a promise. You can stop here for today."),
    )


def _counts(checkup: Checkup, names: Names) -> tuple[StateCount, ...]:
    clear = [o for o in checkup.outcomes if o.status is Status.CHECKED and not o.findings]
    found = [o for o in checkup.outcomes if o.status is Status.CHECKED and o.findings]
    counts = []
    if clear:
        words = ngettext("in {count} place: {names}", "in {count} places: {names}", len(clear))
        counts.append(StateCount(Level.NOTHING_FOUND, words.format(count=len(clear), names=_named(clear, names))))
    if found:
        words = ngettext("{count} place had something: {names}", "{count} places had something: {names}", len(found))
        counts.append(StateCount(Level.GOOD_TO_KNOW, words.format(count=len(found), names=_named(found, names))))
    counts += [StateCount(Level.COULD_NOT_CHECK, words) for words in not_checked(checkup.outcomes, names)]
    return tuple(counts)


def _named(outcomes: Sequence[Outcome], names: Names) -> str:
    return ", ".join(names.get(outcome.source_id, outcome.source_id) for outcome in outcomes)


def not_checked(outcomes: Sequence[Outcome], names: Names, with_skipped: bool = False) -> tuple[str, ...]:
    """What was not checked and why; ``with_skipped``: also what was not asked."""
    off = [outcome for outcome in outcomes if outcome.problem == SWITCHED_OFF]
    skipped = [outcome for outcome in outcomes if outcome.status is Status.SKIPPED and outcome not in off]
    lines = [
        f"{names.get(outcome.source_id, outcome.source_id)}: {why_not_done(outcome)}"
        for outcome in [*(o for o in outcomes if o.status is Status.FAILED), *(skipped if with_skipped else ())]
    ]
    if with_skipped and off:
        lines.append(_("Switched off: {names}.").format(names=_named(off, names)))
    unread = sum(outcome.unreadable for outcome in outcomes)
    if unread:
        words = ngettext("{count} picture could not be opened.", "{count} pictures could not be opened.", unread)
        lines.append(words.format(count=unread))
    return tuple(lines)


def results_view(
    advice: Sequence[Advice], checkup: Checkup, names: Names, disclosures: Sequence[Disclosure]
) -> ResultsView:
    """The last page of the guided checkup."""
    level, title, _rest = headline(advice)
    rows = steps(advice)
    more = len(rows) - STEPS_SHOWN
    sent = [each for each in disclosures if checkup.started_at <= each.at <= checkup.finished_at]
    left = total_words(sent) if sent else _("Nothing left this computer in this checkup.")
    return ResultsView(
        level,
        title,
        rows[:STEPS_SHOWN],
        ngettext("{count} more is on the page Findings.", "{count} more are on the page Findings.", more).format(
            count=more
        )
        if more > 0
        else "",
        not_checked(checkup.outcomes, names, with_skipped=True),
        left,
        _("You can stop here for today. Nobody can search the whole internet, so this is not a promise."),
    )


def finding_rows(
    findings: Sequence[Finding], advice: Sequence[Advice], relations: Mapping[str, Relation]
) -> tuple[FindingRow, ...]:
    """The list, the worst first."""
    return tuple(
        FindingRow(
            finding.key,
            level_of(finding, advice),
            wording.finding_title(finding, relations.get(finding.person_id, Relation.ME)),
            _place(finding),
            _theme(finding),
            not is_open(finding),
        )
        for finding in worst_first(findings, advice)
    )


def is_open(finding: Finding) -> bool:
    """Whether there is something left to do or to say about it."""
    return finding.mark is None or finding.mark.kind in STILL_OPEN


def _theme(finding: Finding) -> str:
    if isinstance(finding.evidence, Breach):
        return "leaks"
    return "pictures" if profile_of(finding) is None else "profiles"


def _place(finding: Finding) -> str:
    evidence = finding.evidence
    if isinstance(evidence, Breach):
        return wording.month(evidence.occurred_on) if evidence.occurred_on else _("date not known")
    if isinstance(evidence, HiddenInPhotos) or (not isinstance(evidence, Profile) and evidence.on_this_computer):
        return _("on this computer")
    return urlsplit(place_of(evidence)).hostname or _("on a page")


def finding_detail(
    finding: Finding, advice: Sequence[Advice], person: Person, names: Names, now: datetime, show_name: bool = False
) -> FindingDetail:
    """One finding in the five-line pattern; a picture always in its own words."""
    given = next((each for each in advice if finding.key in each.answers), None)
    evidence = finding.evidence
    is_picture = isinstance(evidence, FaceMatch | PictureCopy)
    title = wording.finding_title(finding, person.relation, hide_sensitive=not show_name)
    why = given.why if given else _("You dealt with this one.")
    first = given.steps[0] if given else None
    cut = own = None
    is_fake = finding.mark is not None and finding.mark.kind is MarkKind.NOT_MINE
    if isinstance(evidence, FaceMatch):
        cut = evidence.cut
        words = wording.closeness(evidence.closeness, person.relation)
        title = _("A picture here {words}").format(words=words)
        if not is_fake:
            why = _("It may be you, or someone who looks like you. We cannot be sure.")
        own = person.template.photos[0].cut if person.template else None
    swap = evidence.swap if isinstance(evidence, FaceMatch | PictureCopy) else None
    if swap is not None:
        title = wording.finding_title(finding, person.relation)
        why = f"{wording_pictures.swap(swap, person.relation)} {_('We cannot be sure.')}"
    detail = FindingDetail(
        key=finding.key,
        level=level_of(finding, advice),
        title=title,
        why=why,
        first=first.text if first and (not is_picture or swap is not None or is_fake) else _(LOOK_FIRST),
        first_minutes=wording.minutes(first.minutes if first else 2),
        later=_("Can wait: {words}").format(words=given.later) if given and given.later else "",
        help_line=given.help_line if given else "",
        reason=_reason(finding, names, now),
        mark=finding.mark.kind if finding.mark else None,
        cut=cut,
        own_cut=own,
        own_caption=_("From your photos"),
        is_picture=is_picture,
        decisions=PICTURE_DECISIONS if is_picture else LEAK_DECISIONS,
        place="" if isinstance(evidence, Breach) else _where(evidence),
        hidden_name=evidence.title if isinstance(evidence, Breach) and evidence.sensitive and not show_name else "",
        web_page=_web_page(evidence),
        notes=provenance_notes(evidence),
        archive_sends=_(SENDS) if web_addresses(finding) and why_not(person) is None else "",
    )
    if isinstance(evidence, Breach):
        return with_leak_facts(detail, finding, evidence, names, show_name)
    return with_profile(with_hidden(detail, finding), finding)


def _web_page(evidence: Evidence) -> str:
    """The page, or the picture itself, of what was found on the web."""
    if isinstance(evidence, Breach | HiddenInPhotos):
        return ""
    if not isinstance(evidence, Profile) and evidence.on_this_computer:
        return ""
    place = place_of(evidence)
    return place if urlsplit(place).scheme in ("http", "https") else ""


def _where(evidence: FaceMatch | PictureCopy | Profile | HiddenInPhotos) -> str:
    """Where it is, or, beside its page, where the picture itself is."""
    place = evidence.picture if isinstance(evidence, FaceMatch | PictureCopy) else place_of(evidence)
    if isinstance(evidence, FaceMatch) and evidence.time_s is not None:
        return _("{place}, at {time}").format(place=place, time=wording.video_time(evidence.time_s))
    return place


def _reason(finding: Finding, names: Names, now: datetime) -> str:
    places = ", ".join(names.get(source, source) for source in finding.sources)
    words = _("Why you see this: {places} had it. First seen {first}, last seen {last}.").format(
        places=places, first=wording.day(finding.first_seen.date()), last=wording.moment(finding.last_seen, now)
    )
    if finding.mark is not None:
        words += " " + _("You said: {mark}.").format(mark=wording.mark(finding.mark.kind))
    return words


def person_view(person: Person) -> PersonView:
    """One person on "My details"."""
    template = person.template
    face = _("No face was added.")
    if template is not None:
        count = len(template.photos)
        face = ngettext(
            "Face pattern from {count} photo, made on {day}.", "Face pattern from {count} photos, made on {day}.", count
        ).format(count=count, day=wording.day(template.enrolled_at.date()))
    consent = ""
    if person.consent is not None:
        consent = _("You agreed on {day}.").format(day=wording.day(person.consent.given_at.date()))
    name = _("You") if person.relation is Relation.ME else person.name
    cuts = tuple(photo.cut for photo in template.photos) if template else ()
    return PersonView(
        person.person_id, name, wording.relation(person.relation), face, consent, template is not None, cuts
    )
