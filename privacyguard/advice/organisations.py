"""Advice about who has a photo of the person: asking them, and what to do where no answer comes. Facts: T10, 3.1, 3.3."""

from collections.abc import Iterator, Sequence

from privacyguard import wording
from privacyguard.advice.context import Context, who_can_help
from privacyguard.advice.leak_words import pick
from privacyguard.advice.leaks import breaches_in
from privacyguard.advice.letters import law_of
from privacyguard.i18n import _, ngettext
from privacyguard.model.advice import Advice, Level, Step
from privacyguard.model.checkup import Outcome
from privacyguard.model.finding import Finding
from privacyguard.model.letter import SentLetter
from privacyguard.model.person import IdentifierKind, Person


def who_has_a_photo(findings: Sequence[Finding], outcomes: Sequence[Outcome], context: Context) -> Iterator[Advice]:
    """Organisations that the person named and wrote no letter to: one advice for all of them."""
    for person in context.people.values():
        count = len(_without_letter(person, findings, context))
        if not count:
            continue
        child = context.is_child(person.person_id)
        why = ngettext(
            "You named {count} place that has a photo. Leaks of pictures are often in no list, so asking is the way to know.",
            "You named {count} places that have a photo. Leaks of pictures are often in no list, so asking is the way to know.",
            count,
        )
        which = ngettext(
            "On the page “My details”, press “Letter…” beside it.",
            "Choose the two or three that matter most. On the page “My details”, press “Letter…” beside each.",
            count,
        )
        yield Advice(
            key=f"photos:{person.person_id}",
            level=Level.GOOD_TO_KNOW,
            title=pick(
                child,
                _("Ask who has a photo of you what they hold"),
                _("Ask who has a photo of your child what they hold"),
            ),
            why=why.format(count=count),
            steps=(Step(which, 10),),
            answers=(),
            later=_("In many countries an answer is due within a month. We remind you."),
            help_line=who_can_help(context),
            person_id=person.person_id,
        )


def _without_letter(person: Person, findings: Sequence[Finding], context: Context) -> list[str]:
    """The names of organisations; those with an open leak of pictures have an advice of their own."""
    written = {each.recipient.casefold() for each in context.letters if each.person_id == person.person_id}
    leaked = {
        subject
        for finding, breach in breaches_in(findings)
        if finding.person_id == person.person_id and breach.has_pictures
        for subject in finding.subjects
    }
    return [
        each.value
        for each in person.identifiers
        if each.kind is IdentifierKind.ORGANISATION and each not in leaked and each.value.casefold() not in written
    ]


def answer_is_late(findings: Sequence[Finding], outcomes: Sequence[Outcome], context: Context) -> Iterator[Advice]:
    """A letter whose answer did not come in time; quiet until then."""
    today = context.now.date()
    for letter in context.letters:
        if letter.answered_on is not None or letter.due_on >= today:
            continue
        words = _("You wrote on {day} and wanted an answer by {due}. You noted none so far.")
        yield Advice(
            key=f"letter:{letter.letter_id}",
            level=Level.DO_THIS_WEEK,
            title=_("No answer from {name} yet").format(name=_name(letter, context)),
            why=words.format(day=wording.day(letter.sent_on), due=wording.day(letter.due_on)),
            steps=(Step(_("Did it come? Then press “Answer came” on the page “My details”."), 1), *_complaint(context)),
            answers=(),
            later=_("Keep a copy of each letter. This is general information, not legal advice."),
            help_line=who_can_help(context),
            due=letter.due_on,
            person_id=letter.person_id,
        )


def _name(letter: SentLetter, context: Context) -> str:
    is_private = letter.recipient.casefold() in context.private_names
    return _(wording.PRIVATE_SERVICE) if is_private else letter.recipient


def _complaint(context: Context) -> tuple[Step, Step]:
    """What comes next where no answer came, by country; free and official ways only."""
    law, office = law_of(context.country), context.help_lines.data_authority
    code = law.code if law is not None else ""
    again = Step(_("If not: write once more, and ask for an answer within two weeks."), 10)
    if code == "gb":
        again = Step(
            _("If not: write once more and call it a complaint. In the UK they have 30 days to confirm that."), 10
        )
    if office is not None and code == "gb":
        words = _("Still nothing after 30 days? Tell {name}, within three months of your last letter. It is free.")
        return again, Step(words.format(name=office.name), 20, office.link)
    if office is not None:
        words = _("Still nothing? You can complain to your data office: {name}. It is free.")
        return again, Step(words.format(name=office.name), 20, office.link)
    if code == "eu":
        return again, Step(_("Still nothing? You can complain to the data office where you live. It is free."), 20)
    if code == "us":
        return again, Step(
            _("Still nothing? If you live in California, you can tell CalPrivacy, the state office for this."), 20
        )
    return again, Step(_("Still nothing? Ask if your country has an office for data questions. It may help."), 20)
