"""Who has a photo of the person: how far the letters are, and what the lists of leaks say."""

from collections.abc import Sequence
from datetime import date

from privacyguard import wording
from privacyguard.i18n import _
from privacyguard.model.checkup import Checkup, Status
from privacyguard.model.finding import Finding
from privacyguard.model.letter import SentLetter
from privacyguard.model.person import Identifier, IdentifierKind, Person
from privacyguard.ui.pages.views import OrganisationRow


def organisation_rows(
    person: Person,
    letters: Sequence[SentLetter],
    findings: Sequence[Finding],
    checkup: Checkup | None,
    today: date,
) -> tuple[OrganisationRow, ...]:
    """A row for each organisation the person named, then each other one a letter of theirs waits for. ``checkup``: the last."""
    is_checked = checkup is not None and any(
        outcome.source_id == "catalogue" and outcome.status is Status.CHECKED for outcome in checkup.outcomes
    )
    named = [each for each in person.identifiers if each.kind is IdentifierKind.ORGANISATION]
    mine = [letter for letter in letters if letter.person_id == person.person_id]
    rows = [_row(each, mine, findings, is_checked, today) for each in named]
    has_row = {each.value.casefold() for each in named}
    others = [letter for letter in mine if letter.recipient.casefold() not in has_row and letter.answered_on is None]
    return (*rows, *(_row_of_letter(letter, today) for letter in others))


def _row(
    named: Identifier, letters: Sequence[SentLetter], findings: Sequence[Finding], is_checked: bool, today: date
) -> OrganisationRow:
    written = [letter for letter in letters if letter.recipient.casefold() == named.value.casefold()]
    last = max(written, key=lambda letter: (letter.answered_on is None, letter.sent_on), default=None)
    note = ""
    if any(named in finding.subjects for finding in findings):
        note = _("There was a leak there. See the page Findings.")
    elif is_checked:
        note = _("It is in no list of leaks that we know. Leaks of pictures are often in no list.")
    return OrganisationRow(
        named.value,
        letter_state(last, today),
        last is not None and last.answered_on is None and last.due_on < today,
        note,
        last.letter_id if last is not None and last.answered_on is None else "",
    )


def _row_of_letter(letter: SentLetter, today: date) -> OrganisationRow:
    state, is_late = letter_state(letter, today), letter.due_on < today
    return OrganisationRow(letter.recipient, state, is_late, open_letter=letter.letter_id, is_named=False)


def letter_state(last: SentLetter | None, today: date) -> str:
    """How far a letter is, in words."""
    if last is None:
        return _("No letter yet")
    if last.answered_on is not None:
        return _("Answer came on {day}.").format(day=wording.day(last.answered_on))
    words = _("Asked on {day}, answer due by {due}.")
    if last.due_on < today:
        words = _("Asked on {day}. The answer is late: it was due by {due}.")
    return words.format(day=wording.day(last.sent_on), due=wording.day(last.due_on))
