"""The pages of accounts, passwords, letters and what left, on a real vault, with real workers and services on loopback."""

import csv
import hashlib
import os
import stat
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from privacyguard.app import App
from privacyguard.model.breach import Breach
from privacyguard.model.checkup import Outcome, Status
from privacyguard.model.finding import Finding, FindingKind, finding_key
from privacyguard.model.person import Identifier, IdentifierKind, Person, Relation
from privacyguard.startup import started
from privacyguard.ui import theme
from privacyguard.ui.main_window import DETAILS, DISCLOSURES, FINDINGS, HOME, LETTER, PASSWORDS
from privacyguard.ui.widgets.text import Text
from privacyguard.ui.wizard.views import Step
from tests.gui.pages_under_test import RESULTS
from tests.support.canaries import needles, search
from tests.support.keyring_session import Session
from tests.support.servers import Answer
from tests.support.services import Scenario, Services

SECRET = "canary-Correct-horse-17"
OTHER = "canary-Battery-staple-4"
BITWARDEN = (
    "folder,favorite,type,name,notes,fields,reprompt,login_uri,login_username,login_password,login_totp\n"
    f",,login,Shop,,,0,https://www.shop.example.org/login,zoe@canary.example,{SECRET},\n"
    f",,login,Club,a canary note,,0,https://club.example.net,zoe,{OTHER},\n"
    f",,login,Club again,,,0,https://club.example.net/again,zoe,{SECRET},\n"
)
pytestmark = pytest.mark.timeout(180)


@pytest.fixture
def services() -> Iterator[Services]:
    with Services(Scenario(passwords={SECRET: 37_359})) as running:
        yield running


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    return home


@pytest.fixture
def app(
    qtbot: QtBot,
    qapp: QApplication,
    home: Path,
    services: Services,
    secret_service: Session,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[App]:
    """The program with an open vault; nobody is in it."""
    (home / "settings.toml").write_text(services.settings_toml(), encoding="utf-8")
    monkeypatch.setenv("PRIVACYGUARD_HOME", str(home))
    theme.apply(qapp, theme.LIGHT)
    with started(os.environ) as start:
        made = App(start, qapp)
        made.window.show()
        made.open_vault()
        qtbot.waitUntil(lambda: hasattr(made, "pages") and not made.tasks.is_busy, timeout=30_000)  # first looks too
        yield made
        made.window.close()
        made.end()
        made.window.deleteLater()  # what is left over would be given each later look again
        made.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def zoe(app: App) -> Person:
    """The grown-up whose computer it is."""
    return app.session.vault.add_person("me", Relation.ME, is_adult=True)


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "logins.csv"
    path.write_text(BITWARDEN, encoding="utf-8")
    return path


def services_of(app: App) -> set[str]:
    (person,) = app.session.vault.people()
    return {each.value for each in person.identifiers if each.kind is IdentifierKind.SERVICE}


def words_on(widget: QWidget) -> str:
    QApplication.processEvents()  # new rows are shown a moment later
    return "\n".join(label.text() for label in widget.findChildren(Text) if label.isVisible())


# --- import of services ---


def test_site_names_are_read_and_nothing_else(
    app: App, zoe: Person, export: Path, qtbot: QtBot, home: Path, secret_service: Session
) -> None:
    app.window.show_page(DETAILS)
    panel = app.window.details.accounts.services
    panel.file_chosen.emit(str(export))
    assert panel.working.isVisible()
    qtbot.waitUntil(lambda: bool(panel.words.text()), timeout=30_000)
    assert not panel.working.isVisible()
    assert panel.choose.isEnabled()
    assert panel.words.text() == (
        "We read 2 site names and nothing else. 2 are new."
        " Now delete the export file: it holds your passwords. Its name: logins.csv"
    )
    assert len(services_of(app)) == 2
    assert app.window.details.accounts.lists[IdentifierKind.SERVICE].shown == tuple(sorted(services_of(app)))
    assert export.is_file()
    sought = needles({"password": SECRET, "note": "a canary note", "name": "zoe@canary.example", "file": "logins.csv"})
    assert search([home, secret_service.runtime], sought) == []


def test_the_same_file_again_adds_nothing(app: App, zoe: Person, export: Path, qtbot: QtBot) -> None:
    panel = app.window.details.accounts.services
    for new in ("2 are new", "0 are new"):
        panel.file_chosen.emit(str(export))
        qtbot.waitUntil(lambda: new in panel.words.text(), timeout=30_000)  # noqa: B023  (it ends within the turn)
    assert len(services_of(app)) == 2


def test_a_file_that_is_no_list_says_so_and_adds_nothing(app: App, zoe: Person, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "holiday.csv"
    path.write_bytes(b"\xff\xd8\xff\xe0 not a list")
    app.window.show_page(DETAILS)
    panel = app.window.details.accounts.services
    panel.file_chosen.emit(str(path))
    qtbot.waitUntil(panel.problem.isVisible, timeout=30_000)
    assert "list of accounts" in panel.problem.accessibleName()
    assert panel.words.text() == ""
    assert panel.choose.isEnabled()
    assert services_of(app) == set()


def test_reading_can_be_stopped(app: App, zoe: Person, export: Path, qtbot: QtBot) -> None:
    panel = app.window.details.accounts.services
    panel.file_chosen.emit(str(export))
    panel.working.cancel.click()
    qtbot.waitUntil(lambda: panel.words.text() == "Stopped. Nothing was added.", timeout=5_000)
    assert services_of(app) == set()


def test_the_guided_checkup_reads_a_list_too(app: App, export: Path, qtbot: QtBot) -> None:
    wizard = app.window.wizard
    wizard.go_to(Step.WHO)
    wizard.who.ages.buttons()[0].setChecked(True)
    wizard.continued.emit(Step.WHO)
    wizard.go_to(Step.ACCOUNTS)
    panel = wizard.accounts.accounts.services
    assert panel.isVisible()
    panel.file_chosen.emit(str(export))
    qtbot.waitUntil(lambda: bool(panel.words.text()), timeout=30_000)
    assert len(services_of(app)) == 2
    assert set(wizard.accounts.accounts.lists[IdentifierKind.SERVICE].shown) == services_of(app)


def test_the_last_page_of_the_checkup_leads_to_what_left(app: App, zoe: Person) -> None:
    app.window.show_checkup()
    app.window.wizard.results.show_results(RESULTS)
    app.window.wizard.go_to(Step.RESULTS)
    app.window.wizard.results.disclosures.click()
    assert app.window.disclosures.isVisible()


def test_without_a_profile_no_file_is_read(app: App, export: Path) -> None:
    panel = app.window.details.accounts.services
    panel.file_chosen.emit(str(export))
    assert panel.words.text().startswith("Start a checkup first")
    assert not app.tasks.is_busy


# --- addresses ---


def test_the_plain_address_is_offered_for_a_plus_address(app: App, zoe: Person) -> None:
    app.window.show_page(DETAILS)
    accounts = app.window.details.accounts
    accounts.added.emit(IdentifierKind.EMAIL, "Zoe+Shop@Example.org")
    assert accounts.hint.isVisible()
    accounts.hint.add.click()
    (person,) = app.session.vault.people()
    assert [each.value for each in person.identifiers] == ["zoe+shop@example.org", "zoe@example.org"]
    assert not accounts.hint.isVisible()


@pytest.mark.parametrize("before", [[], ["zoe@example.org"]])
def test_nothing_is_offered_where_the_plain_address_is_there(app: App, zoe: Person, before: list[str]) -> None:
    app.window.show_page(DETAILS)
    accounts = app.window.details.accounts
    for address in before:
        accounts.added.emit(IdentifierKind.EMAIL, address)
    accounts.added.emit(IdentifierKind.EMAIL, "zoe+shop@example.org" if before else "zoe@example.org")
    assert not accounts.hint.isVisible()


def test_what_is_wrong_with_an_address_is_told_beside_it(app: App, zoe: Person) -> None:
    app.window.show_page(DETAILS)
    accounts = app.window.details.accounts
    accounts.fields[IdentifierKind.EMAIL].edit.setText("zoe at example")
    accounts.added.emit(IdentifierKind.EMAIL, "zoe at example")
    field = accounts.fields[IdentifierKind.EMAIL]
    assert field.error.text() == "This does not look like an e-mail address."
    assert field.edit.text() == "zoe at example"
    assert app.session.vault.people()[0].identifiers == ()


# --- passwords ---


def allow(app: App) -> None:
    app.window.show_page(DETAILS)
    app.window.details.passwords.click()
    assert app.window.passwords.isVisible()
    app.window.passwords.switch.box.click()


def test_no_password_is_tested_before_it_is_allowed(app: App, zoe: Person, services: Services, export: Path) -> None:
    app.window.show_page(PASSWORDS)
    page = app.window.passwords
    assert not page.switch.is_ticked
    assert not page.password.isEnabled()
    assert not page.choose.isEnabled()
    page.test_requested.emit(SECRET)
    page.file_chosen.emit(str(export))
    assert not app.tasks.is_busy
    assert services.requests == []


def test_a_typed_password_is_tested_by_five_signs_and_then_gone(
    app: App, zoe: Person, services: Services, qtbot: QtBot, home: Path, secret_service: Session
) -> None:
    allow(app)
    page = app.window.passwords
    qtbot.keyClicks(page.password, SECRET)
    page.test.click()
    qtbot.waitUntil(lambda: "37,359 times" in words_on(page), timeout=30_000)
    assert page.password.text() == ""
    assert not page.password.isUndoAvailable()
    (seen,) = services.requests
    code = hashlib.sha1(SECRET.encode()).hexdigest().upper()
    assert seen.path == f"/range/{code[:5]}"
    assert seen.headers["add-padding"] == "true"
    assert code[5:].encode() not in str(seen).upper().encode()
    assert search([home, secret_service.runtime], needles({"password": SECRET, "fingerprint": code})) == []
    page.back.click()
    app.window.show_page(PASSWORDS)
    assert "37,359" not in words_on(page)


def test_a_password_that_is_not_listed_is_no_promise(app: App, zoe: Person, qtbot: QtBot) -> None:
    allow(app)
    page = app.window.passwords
    page.password.setText(OTHER)
    page.test.click()
    qtbot.waitUntil(lambda: "not a promise" in words_on(page), timeout=30_000)


def test_a_service_that_does_not_work_is_never_told_as_not_listed(
    app: App, zoe: Person, services: Services, qtbot: QtBot
) -> None:
    services.scenario.broken["passwords"] = Answer(400, b"no", "text/plain")
    allow(app)
    page = app.window.passwords
    page.password.setText(SECRET)
    page.test.click()
    qtbot.waitUntil(page.problem.isVisible, timeout=30_000)
    assert "in the list" not in words_on(page)
    assert page.password.text() == SECRET
    assert page.test.isEnabled()


def test_passwords_of_a_file_are_told_by_site(app: App, zoe: Person, export: Path, qtbot: QtBot) -> None:
    allow(app)
    page = app.window.passwords
    page.file_chosen.emit(str(export))
    qtbot.waitUntil(lambda: "delete the export file" in words_on(page), timeout=30_000)
    words = words_on(page)
    assert "club.example.net: its password is in the list, 37,359 times" in words or "example.net" in words
    assert words.count("37,359 times") == 2
    assert "1 password is not in the list" in words
    assert SECRET not in words
    assert OTHER not in words
    assert services_of(app) == set()


@pytest.mark.parametrize("leave", ["page", "hide", "window"])
def test_leaving_lets_go_of_everything(app: App, zoe: Person, qtbot: QtBot, leave: str) -> None:
    allow(app)
    page = app.window.passwords
    page.password.setText(SECRET)
    page.test.click()
    qtbot.waitUntil(lambda: "37,359" in words_on(page), timeout=30_000)
    page.password.setText(OTHER)
    if leave == "page":
        app.window.show_page(HOME)
    elif leave == "hide":
        app.window.hide_at_once()
    else:
        app.window.close()
    assert page.password.text() == ""
    assert not page.password.isUndoAvailable()
    assert not [label.text() for label in page.findChildren(Text) if "37,359" in label.text() and label.parent()]


def test_an_answer_that_comes_after_leaving_is_not_shown(app: App, zoe: Person, qtbot: QtBot) -> None:
    allow(app)
    page = app.window.passwords
    page.password.setText(SECRET)
    page.test.click()
    app.window.show_page(HOME)
    qtbot.waitUntil(lambda: not app.tasks.is_busy, timeout=30_000)
    app.window.show_page(PASSWORDS)
    assert "37,359" not in words_on(page)
    assert not page.working.isVisible()


@pytest.mark.parametrize(
    ("relation", "is_adult"), [(Relation.ME, False), (Relation.MY_CHILD, False), (Relation.SOMEONE_I_HELP, True)]
)
def test_passwords_are_tested_for_a_grown_up_of_their_own_only(
    app: App, services: Services, relation: Relation, is_adult: bool
) -> None:
    app.session.vault.add_person("somebody", relation, is_adult)
    app.window.show_page(PASSWORDS)
    page = app.window.passwords
    assert not page.switch.box.isEnabled()
    page.switched.emit(True)
    page.test_requested.emit(SECRET)
    assert not app.tasks.is_busy
    assert services.requests == []


# --- what left ---


def test_what_left_is_narrowed_saved_and_cleared_after_one_question(
    app: App, zoe: Person, qtbot: QtBot, tmp_path: Path
) -> None:
    allow(app)
    app.window.passwords.password.setText(SECRET)
    app.window.passwords.test.click()
    qtbot.waitUntil(lambda: len(app.session.vault.disclosures()) == 1 and not app.tasks.is_busy, timeout=30_000)
    app.window.show_page(DISCLOSURES)
    page = app.window.disclosures
    assert page.table.rowCount() == 1
    assert [page.source.itemData(n) for n in range(page.source.count())] == ["", "passwords"]
    assert "1 request, " in words_on(page)

    out = tmp_path / "left.csv"
    page.save_requested.emit(str(out))
    with out.open(encoding="utf-8-sig", newline="") as file:
        (head, line) = list(csv.reader(file))
    assert (head[2], line[2]) == ("source", "passwords")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    page.save_requested.emit(str(tmp_path / "no folder" / "left.csv"))
    assert page.problem.isVisible()

    page.narrowed.emit("hibp", "", "")
    assert page.table.rowCount() == 0
    assert page.clear.isEnabled()
    for words, left in (("Keep it", 1), ("Clear the list", 0)):
        page.clear.click()
        (box,) = [each for each in page.findChildren(QMessageBox) if each.isVisible()]
        (answer,) = [each for each in box.findChildren(QPushButton) if each.text() == words]
        answer.click()
        assert len(app.session.vault.disclosures()) == left
        qtbot.waitUntil(lambda: not [each for each in page.findChildren(QMessageBox) if each.isVisible()])
    assert not page.clear.isEnabled()


# --- letters ---


def test_a_letter_is_written_saved_sent_and_answered(app: App, zoe: Person, tmp_path: Path, qtbot: QtBot) -> None:
    vault = app.session.vault
    vault.add_identifier(zoe.person_id, Identifier(IdentifierKind.ORGANISATION, "Example Gym"))
    app.window.show_page(DETAILS)
    rows = app.window.details.accounts.organisations
    assert "No letter yet" in words_on(rows)
    rows.letter_requested.emit("Example Gym")
    page = app.window.letter
    assert page.isVisible()
    assert "Example Gym" in page.text.toPlainText()
    qtbot.keyClicks(page.name, "Zoe Canary")
    assert "Zoe Canary" in page.text.toPlainText()

    out = tmp_path / "letter.txt"
    page.save_requested.emit(str(out))
    assert out.read_text("utf-8").strip() == page.text.toPlainText().strip()
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    page.save_requested.emit(str(tmp_path / "no folder" / "letter.txt"))
    assert page.problem.isVisible()

    assert vault.letters() == ()
    page.sent.click()
    (kept,) = vault.letters()
    today = app.session.clock().astimezone().date()
    assert (kept.recipient, kept.sent_on, kept.answered_on) == ("Example Gym", today, None)
    assert today < kept.due_on < today + timedelta(days=120)
    assert not page.sent.isEnabled()
    page.back.click()
    assert app.window.details.isVisible()
    assert "answer due by" in words_on(rows)
    rows.answer_came.emit(kept.letter_id)
    (answered,) = vault.letters()
    assert answered.answered_on == today
    assert "Answer came on" in words_on(rows)


def test_the_keyboard_goes_to_the_page_and_back_to_the_button(app: App, zoe: Person, qtbot: QtBot) -> None:
    with qtbot.waitActive(app.window):
        app.window.activateWindow()
    app.window.show_page(DETAILS)
    button = app.window.details.passwords
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert app.window.passwords.switch.box.hasFocus()
    back = app.window.passwords.back
    back.setFocus()
    qtbot.keyClick(back, Qt.Key.Key_Space)
    assert button.hasFocus()


def test_a_letter_about_a_leak_asks_what_leaked(app: App, zoe: Person, services: Services) -> None:
    vault, now = app.session.vault, app.session.clock()
    breach = Breach("ExampleGym", "Example Gym", "gym.example", date(2026, 5, 1), None, ("Photos",))
    subject = Identifier(IdentifierKind.EMAIL, "zoe@example.org")
    key = finding_key(FindingKind.BREACH, zoe.person_id, breach.key)
    found = Finding(key, FindingKind.BREACH, zoe.person_id, ("hibp",), now, now, breach, (subject,))
    vault.save_outcome(zoe.person_id, Outcome("hibp", Status.CHECKED), [found])
    app.pages.open_finding(key)
    (button,) = [each for each in app.window.findings.findChildren(QPushButton) if each.text() == "Letter…"]
    button.click()
    page = app.window.letter
    assert page.isVisible()
    assert page.kind.chosen == "leak-question"
    assert "May 2026" in page.text.toPlainText()
    page.back.click()
    assert app.window.findings.isVisible()


def test_the_page_of_a_letter_leads_back_to_where_it_was_opened(app: App, zoe: Person) -> None:
    app.window.show_page(FINDINGS)
    app.window.show_page(LETTER)
    app.window.letter.back.click()
    assert app.window.findings.isVisible()
