"""The card of accounts: long lists fold and are searched, the plain address is offered, organisations show their letters."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from privacyguard.model.person import Identifier, IdentifierKind
from privacyguard.ui import theme
from privacyguard.ui.pages.accounts import AccountsCard
from privacyguard.ui.widgets.folded_list import FOLDED_AT, FoldedList
from tests.gui.pages_under_test import IDENTIFIERS, ORGANISATIONS

SITES = tuple(f"shop-{number}.example.org" for number in range(1, 144))


@pytest.fixture
def folded(qtbot: QtBot, qapp: QApplication) -> FoldedList:
    theme.apply(qapp, theme.LIGHT)
    made = FoldedList("Service you use")
    qtbot.addWidget(made)
    made.show_values(SITES)
    made.show()
    return made


@pytest.fixture
def card(qtbot: QtBot, qapp: QApplication) -> AccountsCard:
    theme.apply(qapp, theme.LIGHT)
    made = AccountsCard()
    qtbot.addWidget(made)
    made.show_identifiers(IDENTIFIERS, ORGANISATIONS)
    made.show()
    return made


def named(widget: QWidget, name: str) -> QPushButton:
    (found,) = [each for each in widget.findChildren(QPushButton) if each.accessibleName() == name]
    return found


def removers(folded: FoldedList) -> list[str]:
    QApplication.processEvents()  # new rows are shown a moment later
    buttons = folded.findChildren(QPushButton)
    return [
        each.accessibleName() for each in buttons if each.accessibleName().startswith("Remove") and each.isVisible()
    ]


def test_a_long_list_is_folded_until_all_of_it_is_wanted(folded: FoldedList) -> None:
    assert folded.shown == SITES[:FOLDED_AT]
    assert removers(folded) == [f"Remove {site}" for site in SITES[:FOLDED_AT]]
    assert folded.more.text() == "Show all 143"
    folded.more.click()
    assert folded.shown == SITES
    assert folded.more.text() == "Show fewer"


def test_a_long_list_is_searched_by_some_letters(folded: FoldedList, qtbot: QtBot) -> None:
    qtbot.keyClicks(folded.filter, "SHOP-14")
    assert folded.shown == ("shop-14.example.org", *(f"shop-14{n}.example.org" for n in range(4)))
    assert len(removers(folded)) == 5
    folded.filter.setText("nothing like it")
    assert folded.shown == ()
    assert removers(folded) == []


@pytest.mark.parametrize("count", [0, 1, FOLDED_AT])
def test_a_short_list_has_nothing_to_search_or_unfold(folded: FoldedList, count: int) -> None:
    folded.show_values(SITES[:count])
    assert folded.isVisible() is bool(count)
    assert not folded.filter.isVisible()
    assert not folded.more.isVisible()


def test_after_removing_the_keyboard_is_on_the_next_row(folded: FoldedList, qtbot: QtBot) -> None:
    with qtbot.waitActive(folded):
        folded.activateWindow()
    folded.removed.connect(lambda value: folded.show_values([each for each in SITES if each != value]))
    first = named(folded, "Remove shop-1.example.org")
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: named(folded, "Remove shop-2.example.org").hasFocus())


def test_the_same_values_again_keep_the_rows(folded: FoldedList) -> None:
    before = named(folded, "Remove shop-1.example.org")
    folded.show_values(list(SITES))
    assert named(folded, "Remove shop-1.example.org") is before


def test_the_plain_address_is_offered_and_added_once(card: AccountsCard, qtbot: QtBot) -> None:
    card.hint.show_plain("zoe@example.org")
    with qtbot.waitSignal(card.added) as added:
        card.hint.add.click()
    assert added.args == [IdentifierKind.EMAIL, "zoe@example.org"]
    assert not card.hint.isVisible()


def test_the_offer_can_be_turned_down(card: AccountsCard, qtbot: QtBot) -> None:
    card.hint.show_plain("zoe@example.org")
    with qtbot.assertNotEmitted(card.added):
        card.hint.leave.click()
    assert not card.hint.isVisible()


def test_an_organisation_is_written_to_answered_and_removed(card: AccountsCard, qtbot: QtBot) -> None:
    rows = card.organisations
    with qtbot.waitSignal(rows.letter_requested) as wanted:
        named(card, "Letter… Example Gym").click()
    assert wanted.args == ["Example Gym"]
    with qtbot.waitSignal(rows.answer_came) as came:
        named(card, "Answer came Rowing club").click()
    assert came.args == ["letter-2"]
    with qtbot.waitSignal(card.removed) as removed:
        named(card, "Remove Rowing club").click()
    assert removed.args == [Identifier(IdentifierKind.ORGANISATION, "Rowing club")]


def test_an_answer_is_noted_only_where_a_letter_waits_for_one(card: AccountsCard) -> None:
    names = [each.accessibleName() for each in card.findChildren(QPushButton)]
    assert "Answer came Example Gym" not in names


def test_in_the_guided_checkup_organisations_are_named_only(qtbot: QtBot, qapp: QApplication) -> None:
    made = AccountsCard(with_letters=False)
    qtbot.addWidget(made)
    made.show_identifiers(IDENTIFIERS)
    made.show()
    names = [each.accessibleName() for each in made.findChildren(QPushButton)]
    assert "Remove Example Gym" in names
    assert not [name for name in names if name.startswith("Letter")]
