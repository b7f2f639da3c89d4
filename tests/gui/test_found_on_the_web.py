"""What the window says of a face on a page, of profiles and of hidden details. No window is needed."""

from dataclasses import replace

import pytest

from privacyguard.advice.context import Context
from privacyguard.advice.engine import advise
from privacyguard.model.finding import Finding, Mark, MarkKind
from privacyguard.model.person import Person, Relation
from privacyguard.ui.pages.views import FindingDetail
from privacyguard.ui.presenters.views import finding_detail, finding_rows, is_open
from tests.gui.found_on_the_web import ALL, FACE, FAKE, IN_PHOTOS, ME, NAMES, NOW, ON_A_PAGE, PAGE, PICTURE, UNDECIDED


def detail(finding: Finding, person: Person = ME) -> FindingDetail:
    advice = advise((finding,), (), Context(NOW, "GB", {"p": person}, NAMES))
    return finding_detail(finding, advice, person, NAMES, NOW)


def test_a_face_on_a_page_names_page_and_picture_and_says_what_the_picture_says() -> None:
    shown = detail(ON_A_PAGE)
    assert (shown.web_page, shown.place) == (PAGE, PICTURE)
    assert "This picture says that it was changed by AI." in shown.notes
    assert shown.archive_sends
    assert MarkKind.NOT_MINE not in shown.decisions


def test_an_archive_is_not_offered_for_a_child() -> None:
    child = Person("p", "Kim", Relation.MY_CHILD)
    assert detail(ON_A_PAGE, child).web_page == PAGE
    assert detail(ON_A_PAGE, child).archive_sends == ""


def test_what_is_on_this_computer_has_no_page_and_no_archive() -> None:
    here = replace(ON_A_PAGE, evidence=replace(FACE, on_this_computer=True, picture="/home/j/1.jpg", page=None))
    shown = detail(here)
    assert (shown.web_page, shown.archive_sends, shown.place) == ("", "", "/home/j/1.jpg")
    assert not shown.cleans_photos


def test_a_profile_can_be_called_not_mine_and_then_has_its_own_first_step() -> None:
    assert MarkKind.NOT_MINE in detail(UNDECIDED).decisions
    before, after = detail(replace(FAKE, mark=None)), detail(FAKE)
    assert MarkKind.NOT_MINE in before.decisions
    assert MarkKind.NOT_MINE not in after.decisions
    assert "That’s OK" not in after.first
    assert after.first != before.first
    assert after.why != before.why


def test_hidden_details_lead_to_cleaned_copies() -> None:
    shown = detail(IN_PHOTOS)
    assert shown.cleans_photos
    assert (shown.web_page, shown.archive_sends) == ("", "")


@pytest.mark.parametrize("kind", [None, *MarkKind])
def test_what_is_to_be_looked_at_later_and_a_fake_profile_stay_open(kind: MarkKind | None) -> None:
    marked = replace(FAKE, mark=None if kind is None else Mark(kind))
    assert is_open(marked) == (kind in (None, MarkKind.LATER, MarkKind.NOT_MINE))


def test_each_finding_is_in_one_list_and_a_fake_profile_stays_open_until_it_is_done() -> None:
    done = replace(FAKE, key="face-1", mark=Mark(MarkKind.DONE))
    findings = (*ALL, done)
    advice = advise(findings, (), Context(NOW, "GB", {"p": ME}, NAMES))
    rows = {row.key: row for row in finding_rows(findings, advice, {})}
    themes = {finding.key: rows[finding.key].theme for finding in findings}
    assert themes == {
        ON_A_PAGE.key: "pictures",
        FAKE.key: "profiles",
        UNDECIDED.key: "profiles",
        IN_PHOTOS.key: "pictures",
        done.key: "profiles",
    }
    assert {key for key, row in rows.items() if row.is_done} == {done.key}
