"""Every way to learn about leaks, in a real window, with the keyboard alone, on a real vault and password store and the
services on loopback; again weeks later, after a restart; then a search for anything personal outside the vault."""

import csv
import hashlib
import stat
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from privacyguard.model.breach import Breach
from privacyguard.model.checkup import Checkup, Status
from privacyguard.model.finding import Finding, MarkKind
from privacyguard.model.person import IdentifierKind
from privacyguard.report.disclosed import total_words
from privacyguard.ui import theme
from privacyguard.ui.main_window import DETAILS, DISCLOSURES, FINDINGS, HOME
from privacyguard.ui.pages.source_views import Group
from privacyguard.ui.wizard.views import Step
from tests.gui.keyboard import Person, programs
from tests.support.canaries import needles, plant, search
from tests.support.fakes.leaks import LEAKS, leak
from tests.support.keyring_session import Session
from tests.support.servers import Answer
from tests.support.services import HIBP_KEY, PRO_PLAN, Scenario, Services

MAIL = "zoe.canary-leaks@mail.example.org"
SECRET, UNLISTED = "canary-Correct-horse-17", "canary-Battery-staple-4"
CLUB, GYM = "Canary Climbing Hall", "Total Fitness"
"""The first is in no list; the leak at the second is in our own list of leaks of pictures alone."""
SIGNED = "Zoe Canary-Leaks"
FILE = "canary-logins.csv"
FIRST_DAY = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
WEEKS_LATER = FIRST_DAY + timedelta(days=45)

EXPORT = (
    "folder,favorite,type,name,notes,fields,reprompt,login_uri,login_username,login_password,login_totp,archivedDate\r\n"
    f'Home,1,login,Gym,"a canary note,\r\nin two lines",,0,https://gym.example.org/login,{MAIL},{SECRET},,\r\n'
    f",,login,Album,,,0,https://www.album.example.net/,zoe-canary,{UNLISTED},,\r\n"
    f',,login,Cinema,,,0,"https://cinema.example.com,https://m.cinema.example.com",zoe-canary,{SECRET},,\r\n'
    ",,note,A canary secret,text,,0,,,,,\r\n"
)
ALBUM = leak("Example Album", "album.example.net", ["Avatars", "Email addresses"], "2026-03-02")
CINEMA = leak("Example Cinema", "cinema.example.com", ["Email addresses", "Phone numbers"], "2026-08-09")
NEWEST = leak("Example Newcomer", "newcomer.example", ["Email addresses"], "2026-12-20")

pytestmark = pytest.mark.timeout(180)


@pytest.fixture
def services() -> Iterator[Services]:
    known = {MAIL: ["ExampleGym", "ExampleShop"]}
    scenario = Scenario(leaks=known, catalogue=[*LEAKS, ALBUM, CINEMA], plan=dict(PRO_PLAN), passwords={SECRET: 37_359})
    scenario.broken["xposedornot"] = Answer(429, b"{}", "application/json", {"Retry-After": "7200"})
    with Services(scenario) as running:
        yield running


@pytest.fixture
def home(secret_service: Session, tmp_path: Path, services: Services, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    (home / "settings.toml").write_text(services.settings_toml(), encoding="utf-8")
    monkeypatch.setenv("PRIVACYGUARD_HOME", str(home))
    return home


@pytest.fixture
def start(qtbot: QtBot, home: Path, qapp: QApplication) -> Iterator[Callable[..., Person]]:
    theme.apply(qapp, theme.LIGHT)
    with programs(qtbot, qapp) as begin:
        yield begin


@pytest.fixture
def chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the person's own files. The dialog of files gives the export, and takes each name it is offered."""
    folder = tmp_path / "own files"
    folder.mkdir()
    (folder / FILE).write_bytes(b"\xef\xbb\xbf" + EXPORT.encode())

    def open_file(*_asked: Any, **_options: Any) -> tuple[str, str]:
        return str(folder / FILE), ""

    def save_file(_parent: object, _title: str, name: str, *_asked: Any, **_options: Any) -> tuple[str, str]:
        return str(folder / name), ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", open_file)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", save_file)
    return folder


def at_time(begin: datetime) -> Callable[[], datetime]:
    """A clock that runs on from then."""
    real = time.monotonic()
    return lambda: begin + timedelta(seconds=time.monotonic() - real)


def leaks_of(person: Person) -> dict[str, Finding]:
    """The findings about leaks, by the leak's title."""
    findings = person.app.session.vault.findings()
    return {each.evidence.title: each for each in findings if isinstance(each.evidence, Breach)}


def last_checkup(person: Person) -> Checkup:
    checkup = person.app.session.vault.last_checkup()
    assert checkup is not None
    return checkup


def statuses(person: Person) -> dict[str, Status]:
    """How each place ended that was not passed over."""
    outcomes = last_checkup(person).outcomes
    return {each.source_id: each.status for each in outcomes if each.status is not Status.SKIPPED}


def look(person: Person) -> None:
    """From the page of places to the results."""
    person.at(Step.WHERE)
    person.go_on()
    person.at(Step.RESULTS)


def name_accounts(person: Person) -> None:
    """An address, the services out of an export, and who has a photo."""
    wizard = person.wizard
    person.wait(wizard.isVisible)
    person.at(Step.WELCOME)
    person.go_on()
    person.activate(wizard.who.ages.buttons()[0])
    person.go_on()
    person.at(Step.PERMISSION)
    person.activate(wizard.skip)  # no face: leaks are looked for all the same
    person.at(Step.ACCOUNTS)
    card = wizard.accounts.accounts
    person.type_into(card.fields[IdentifierKind.EMAIL].edit, MAIL)
    person.activate(card.services.choose)
    person.wait(lambda: bool(card.services.words.text()))
    assert card.services.words.text() == (
        "We read 3 site names and nothing else. 3 are new."
        f" Now delete the export file: it holds your passwords. Its name: {FILE}"
    )
    assert person.focused is card.services.choose
    person.sees(card.services.words)
    assert card.lists[IdentifierKind.SERVICE].shown == ("example.com", "example.net", "example.org")
    for organisation in (CLUB, GYM):
        person.type_into(card.fields[IdentifierKind.ORGANISATION].edit, organisation)
    assert "Later we help you to ask them what they hold." in person.read(card.organisations)
    person.go_on()


def switch_on(person: Person, services: Services) -> None:
    """The places that know leaks, one of them with a code."""
    person.at(Step.WHERE)
    where = person.wizard.where.sources
    person.activate(where.groups[Group.LEAKS].head)
    assert where.cards["catalogue"].switch.is_ticked
    assert services.requests == []
    for source_id in ("hibp", "xposedornot", "leakcheck"):
        assert not where.cards[source_id].switch.is_ticked
        person.activate(where.cards[source_id].switch.box)
    hibp = where.cards["hibp"]
    assert hibp.key is not None
    person.type_into(hibp.key.edit, HIBP_KEY)
    person.wait(lambda: "Your code works. Plan: Pro 1." in hibp.key_words.text())
    assert "only a part of a fingerprint of your address" in hibp.key_words.text()
    person.sees(hibp.key_words)


def read_results(person: Person, services: Services) -> None:
    """One place failed and is told as failed; the rest went on; nobody but who had to learned the address."""
    wanted = dict.fromkeys(("catalogue", "hibp", "leakcheck"), Status.CHECKED) | {"xposedornot": Status.FAILED}
    assert statuses(person) == wanted
    words = person.read(person.wizard.results)
    assert "XposedOrNot: This place asks us to wait" in words
    assert "Switched off: " in words
    assert person.focused is person.wizard.forward
    assert person.wizard.results.verticalScrollBar().value() == 0
    vault, checkup = person.app.session.vault, last_checkup(person)
    during = [each for each in vault.disclosures() if checkup.started_at <= each.at <= checkup.finished_at]
    assert total_words(during) in words
    assert len(vault.disclosures()) == len(services.requests)
    assert sorted(each.bytes for each in vault.disclosures()) == sorted(each.size for each in services.requests)

    assert sum("subscription" in each.path for each in services.requests_of("hibp")) == 1  # at the test of the code
    code = hashlib.sha1(MAIL.encode()).hexdigest().upper()
    asked = [each.path for each in services.requests_of("hibp")]
    assert [path for path in asked if "breachedaccount" in path] == [f"/api/v3/breachedaccount/range/{code[:6]}"]
    assert code[6:] not in str(services.requests_of("hibp")).upper()
    (hashed,) = services.requests_of("leakcheck")
    assert hashed.path.endswith(hashlib.sha256(MAIL.encode()).hexdigest()[:24])
    assert not [each for each in services.requests if CLUB in str(each) or "example.net" in each.path]


def read_findings(person: Person) -> None:
    """Each leak once, those of pictures first; two are dealt with."""
    known = leaks_of(person)
    assert {title: set(found.sources) for title, found in known.items()} == {
        "Example Gym": {"catalogue", "hibp", "leakcheck"},
        "Example Shop": {"hibp", "leakcheck"},
        "Example Album": {"catalogue"},
        "Example Cinema": {"catalogue"},
        GYM: {"catalogue"},
    }
    person.open_page(FINDINGS)
    page = person.window.findings
    titles = [person.read(row).partition("\n")[0] for row in rows_of(person)]
    assert titles[0] == "Password in a leak: Example Gym"
    assert set(titles[1:3]) == {"Pictures in a leak: Example Album", f"Pictures in a leak: {GYM}"}
    assert titles[3:] == ["Details in a leak: Example Cinema", "Details in a leak: Example Shop"]

    person.activate(row_of(person, GYM))
    words = person.read(page.detail)
    assert f"You told us that {GYM} has a photo of you. There was a leak there (June 2024)." in words
    assert f"No list of addresses has this leak. Only {GYM} can say who is in it." in words
    for name in ("Example Gym", "Example Shop"):
        person.activate(row_of(person, name))
        words = person.read(page.detail)
        assert "It is the same leak." in words
        assert f"• {MAIL}" in words
        person.press(Qt.Key.Key_D)
        assert leaks_of(person)[name].mark is not None
    assert len(rows_of(person)) == 3


def rows_of(person: Person) -> list[Any]:
    from privacyguard.ui.widgets.buttons import RowButton

    QApplication.processEvents()
    return [each for each in person.window.findings.list.findChildren(RowButton) if each.isVisible()]


def row_of(person: Person, name: str) -> Any:
    (row,) = [each for each in rows_of(person) if name in each.accessibleName()]
    return row


def write_letter(person: Person) -> None:
    """What the lists say of who has a photo; a letter to one of them, noted as sent."""
    person.open_page(DETAILS)
    rows = person.window.details.accounts.organisations
    words = person.read(rows)
    assert "There was a leak there. See the page Findings." in words
    assert "It is in no list of leaks that we know. Leaks of pictures are often in no list." in words
    person.activate(person.button(rows, f"Letter… {CLUB}"))
    page = person.window.letter
    person.wait(page.isVisible)
    person.choose(page.country, "GB")
    person.type_into(page.name, SIGNED)
    text = page.text.toPlainText()
    assert CLUB in text
    assert SIGNED in text
    person.activate(page.sent)
    due = (FIRST_DAY + timedelta(days=30)).date()
    (letter,) = person.app.session.vault.letters()
    assert (letter.recipient, letter.sent_on) == (CLUB, FIRST_DAY.date())
    assert due <= letter.due_on <= due + timedelta(days=2)
    assert "Noted. We remind you if there is no answer by" in person.read(page)
    person.activate(page.back)
    person.wait(person.window.details.isVisible)
    assert "answer due by" in person.read(rows)
    assert person.focused is person.button(rows, f"Letter… {CLUB}")


def try_passwords(person: Person, services: Services) -> None:
    """Typed, and all of the export; what is said names the site, never the password. Then the list is out of reach."""
    person.activate(person.window.details.passwords)
    page = person.window.passwords
    person.wait(page.isVisible)
    assert not page.password.isEnabled()
    person.activate(page.switch.box)
    person.type_into(page.password, SECRET)
    person.wait(lambda: "This password is in the list, 37,359 times." in person.read(page))
    assert page.password.text() == ""
    person.activate(page.choose)
    person.wait(lambda: "delete the export file" in person.read(page))
    words = person.read(page)
    for site in ("example.com", "example.org"):
        assert f"{site}: its password is in the list, 37,359 times. Change it there." in words
    assert "1 password is not in the list. Nobody has every list, so this is not a promise." in words
    assert SECRET not in words
    assert UNLISTED not in words
    for seen in services.requests_of("passwords"):
        assert len(seen.path) == len("/range/") + 5

    services.scenario.broken["passwords"] = Answer(503, b"", "text/plain")
    person.type_into(page.password, UNLISTED)
    person.wait(page.problem.isVisible)
    assert "in the list" not in person.read(page)
    del services.scenario.broken["passwords"]
    person.activate(page.back)
    person.wait(lambda: person.focused is person.window.details.passwords)


def read_what_left(person: Person, services: Services, folder: Path) -> None:
    """The list is narrowed, summed up and saved."""
    person.open_page(DISCLOSURES)
    page = person.window.disclosures
    assert page.table.rowCount() == len(services.requests)
    person.choose(page.source, "hibp")
    asked = [each for each in person.app.session.vault.disclosures() if each.source_id == "hibp"]
    assert page.table.rowCount() == len(asked)
    assert total_words(asked) in person.read(page)
    person.activate(page.save)
    saved = folder / "what-left.csv"
    with saved.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    assert [line["source"] for line in lines] == ["hibp"] * len(asked)
    assert MAIL not in saved.read_text("utf-8-sig")
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    person.choose(page.source, "")
    assert page.table.rowCount() == len(services.requests)


def grow(services: Services) -> None:
    """Weeks pass: one leak turns out to hold more, another service is down, the one that made us wait answers."""
    scenario = services.scenario
    shop = next(each for each in LEAKS if each["Name"] == "ExampleShop")
    grown = shop | {"DataClasses": [*shop["DataClasses"], "Photos"], "ModifiedDate": "2026-12-20T10:00:00Z"}
    others = [each for each in scenario.catalogue if each["Name"] != "ExampleShop"]
    scenario.catalogue = [*others, grown, NEWEST]
    scenario.broken = {"leakcheck": Answer(503, b"", "text/html")}


def all_is_still_there(person: Person, before: dict[str, Finding], left: int) -> None:
    """After a restart: what was found, decided, named, written and sent."""
    person.wait(lambda: person.window.home.isVisible())
    assert leaks_of(person) == before
    (zoe,) = person.app.session.vault.people()
    named = {each.value for each in zoe.identifiers}
    assert named == {MAIL, "example.com", "example.net", "example.org", CLUB, GYM}
    assert len(person.app.session.vault.disclosures()) == left
    words = person.read(person.window.home)
    assert f"No answer from {CLUB} yet" in words
    assert "Did it come? Then press “Answer came” on the page “My details”." in words
    assert "call it a complaint. In the UK" in words
    person.open_page(DETAILS)
    assert "The answer is late: it was due by" in person.read(person.window.details.accounts.organisations)
    person.open_page(HOME)


def look_again(person: Person) -> None:
    """A second checkup, with what was answered before."""
    person.activate(person.window.home.check)
    for step in (Step.WELCOME, Step.WHO):
        person.at(step)
        person.go_on()
    person.at(Step.PERMISSION)
    person.activate(person.wizard.skip)
    person.at(Step.ACCOUNTS)
    person.go_on()
    look(person)


def read_the_news(person: Person) -> None:
    """What was dealt with stays quiet; what grew speaks again and says what is new."""
    wanted = dict.fromkeys(("catalogue", "hibp", "xposedornot"), Status.CHECKED) | {"leakcheck": Status.FAILED}
    assert statuses(person) == wanted
    words = person.read(person.wizard.results)
    assert "LeakCheck" in words
    assert "This place is not working at the moment." in words
    assert "XposedOrNot" not in words
    person.go_on()
    known = leaks_of(person)
    assert set(known["Example Gym"].sources) == {"catalogue", "hibp", "leakcheck", "xposedornot"}
    assert (known["Example Gym"].mark is not None, known["Example Shop"].mark) == (True, None)
    person.wait(person.window.home.isVisible)
    assert "Example Gym" not in person.read(person.window.home)
    person.open_page(FINDINGS)
    titles = [person.read(row).partition("\n")[0] for row in rows_of(person)]
    assert not [title for title in titles if "Gym" in title]
    person.activate(row_of(person, "Example Shop"))
    words = person.read(person.window.findings.detail)
    assert "New: it also holds photos." in words
    assert f"• {MAIL}" in words


def clear_what_left(person: Person) -> None:
    """The list is cleared after one question; what keeps it is the default."""
    person.open_page(DISCLOSURES)
    page = person.window.disclosures
    count = page.table.rowCount()
    assert count > 0
    for words, left in (("Keep it", count), ("Clear the list", 0)):
        person.activate(page.clear)
        person.answer(page, words)
        assert len(person.app.session.vault.disclosures()) == left
    assert page.table.rowCount() == 0


def test_every_way_to_learn_about_leaks_with_the_keyboard_then_weeks_later_after_a_restart(
    start: Callable[..., Person],
    services: Services,
    chosen: Path,
    tmp_path: Path,
    home: Path,
    secret_service: Session,
) -> None:
    person = start(at_time(FIRST_DAY))
    name_accounts(person)
    switch_on(person, services)
    look(person)
    read_results(person, services)
    person.go_on()
    person.wait(person.window.home.isVisible)
    read_findings(person)
    write_letter(person)
    try_passwords(person, services)
    read_what_left(person, services, chosen)
    before = leaks_of(person)
    assert before["Example Gym"].mark is not None
    assert before["Example Gym"].mark.kind is MarkKind.DONE
    left = len(services.requests)
    person.leave()

    grow(services)
    again = start(at_time(WEEKS_LATER))
    all_is_still_there(again, before, left)
    look_again(again)
    read_the_news(again)
    clear_what_left(again)
    assert_nothing_personal_lies_about(again, [home, secret_service.home, secret_service.runtime], tmp_path)


def assert_nothing_personal_lies_about(person: Person, folders: list[Path], tmp_path: Path) -> None:
    """Byte for byte, while the vault is open and after; the search is proven on planted values first."""
    values = {
        "mail": MAIL,
        "typed password": SECRET,
        "other password": UNLISTED,
        "organisation": CLUB,
        "other organisation": GYM,
        "signed": SIGNED,
        "file": FILE,
        "code": HIBP_KEY,
        "service": "example.net",
        "note": "a canary note",
    }
    sought = needles(values)
    planted = tmp_path / "planted"
    planted.mkdir()
    plant(planted, sought)
    assert {hit.form for hit in search([planted], sought)} == set(sought)
    assert search(folders, sought) == []
    person.leave()
    assert search(folders, sought) == []
