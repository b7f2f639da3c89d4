"""The whole guided checkup in a real window, with the keyboard alone, on real photos, a real password store and the services
on loopback; then again after a restart; then a search for anything personal outside the vault."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from PIL import Image, ImageEnhance
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from privacyguard.model.breach import Breach
from privacyguard.model.checkup import Status
from privacyguard.model.finding import FindingKind, MarkKind
from privacyguard.model.person import IdentifierKind
from privacyguard.model.statement import SENTENCE
from privacyguard.report.disclosed import total_words
from privacyguard.ui import theme
from privacyguard.ui.main_window import DISCLOSURES, FINDINGS, HOME
from privacyguard.ui.pages.source_views import Group
from privacyguard.ui.widgets.drop_area import PhotoDropArea
from privacyguard.ui.widgets.text import Text
from privacyguard.ui.wizard.views import Step
from tests.conftest import Portraits
from tests.gui.keyboard import Person, programs
from tests.support.canaries import needles, plant, search
from tests.support.fakes.profiles import Accounts
from tests.support.keyring_session import Session
from tests.support.services import PICTURE_HOST, VISION_KEY, Scenario, Services

MAIL = "zoe.canary-walk@mail.example.org"
OTHER_MAIL = "second.canary-walk@mail.example.org"
USER_NAME = "zoe-canary-walk"
FOLDER = "Søndag canary-walk"
CLUB = f"http://{PICTURE_HOST}/club.html"
BY_SOURCE = {"folders": 1, "gravatar": 1, "google-vision": 1, "pages": 1, "github": 1}
"""How many findings each place brings; of the pictures of a stranger there is none."""
pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def variants(free_portraits: Portraits, tmp_path: Path) -> dict[str, Path]:
    """The astronaut in several pictures, and a stranger."""
    folder = tmp_path / "photos"
    folder.mkdir()
    with Image.open(free_portraits.astronaut) as original:
        face = original.convert("RGB")
    made = {
        "one": face.crop((60, 0, 400, 330)),
        "two": ImageEnhance.Brightness(face.crop((100, 0, 380, 300))).enhance(1.25).resize((480, 514)),
        "three": face.crop((20, 0, 460, 420)).transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        "found": ImageEnhance.Contrast(face.crop((80, 0, 420, 360))).enhance(0.9).rotate(4),
        "on the web": ImageEnhance.Color(face.crop((40, 0, 440, 380))).enhance(0.6),
        "at the club": ImageEnhance.Brightness(face.crop((50, 0, 430, 400))).enhance(0.85),
        "at the site": ImageEnhance.Contrast(face.crop((30, 0, 420, 390))).enhance(1.15),
    }
    for name, picture in made.items():
        picture.save(folder / f"{name}.jpg", quality=88)
    shutil.copy(free_portraits.grace_hopper, folder / "stranger.jpg")
    return {path.stem: path for path in folder.iterdir()}


@pytest.fixture
def services(variants: dict[str, Path]) -> Iterator[Services]:
    scenario = Scenario(
        leaks={MAIL: ["ExampleGym", "ExampleShop"]},
        avatars={MAIL: variants["on the web"].read_bytes(), OTHER_MAIL: variants["stranger"].read_bytes()},
        pictures={
            "me.jpg": variants["one"].read_bytes(),
            "other.jpg": variants["stranger"].read_bytes(),
            "club.html": b'<title>The club</title><img src="/team.jpg"><img src="/other.jpg">',
            "team.jpg": variants["at the club"].read_bytes(),
        },
        accounts=Accounts(
            names={"github": {USER_NAME: "Zoe C"}}, pictures={USER_NAME: variants["at the site"].read_bytes()}
        ),
    )
    with Services(scenario) as running:
        scenario.vision = {
            "pagesWithMatchingImages": [
                {
                    "url": "https://running-club.example/page",
                    "pageTitle": "The <b>club</b>",
                    "fullMatchingImages": [{"url": running.picture_address("me.jpg")}],
                }
            ],
            "visuallySimilarImages": [{"url": running.picture_address("other.jpg")}],
        }
        yield running


@pytest.fixture
def home(secret_service: Session, tmp_path: Path, services: Services, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    (home / "settings.toml").write_text(services.settings_toml(), encoding="utf-8")
    monkeypatch.setenv("PRIVACYGUARD_HOME", str(home))
    return home


@pytest.fixture
def start(qtbot: QtBot, home: Path, qapp: QApplication) -> Iterator[Callable[[], Person]]:
    """Start the program as ``privacyguard`` does, in this process."""
    theme.apply(qapp, theme.LIGHT)
    with programs(qtbot, qapp) as begin:
        yield begin


def files(paths: list[Path]) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def drop(target: PhotoDropArea, paths: list[Path]) -> None:
    """Hand over what the system hands over when files are dropped."""
    action, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    mime = files(paths)  # the event does not own it
    target.dropEvent(QDropEvent(QPoint(5, 5), action, mime, left, Qt.KeyboardModifier.NoModifier))


def state_own_face(person: Person) -> None:
    """The page that asks for the sentence, once."""
    page = person.wizard.statement
    person.wait(page.edit.hasFocus)
    assert not page.go_on.isEnabled()
    person.type_into(page.edit, SENTENCE)


def send(person: Person, photo: Path) -> None:
    """The page that shows a photo before it leaves: first the kept cut of the face, then the whole photo, then yes."""
    page = person.wizard.sending
    person.wait(page.yes.isEnabled)
    assert person.focused is page.choices.checkedButton()
    page.file_chosen.emit(str(photo))
    assert not page.yes.isEnabled()
    person.wait(page.yes.isEnabled)
    person.activate(page.yes)


def walk(person: Person, variants: dict[str, Path], folder: Path) -> None:
    wizard = person.wizard
    person.wait(lambda: wizard.isVisible())
    person.at(Step.WELCOME)
    person.go_on()
    assert not wizard.forward.isEnabled()
    person.activate(wizard.who.ages.buttons()[0])
    person.go_on()
    person.at(Step.PERMISSION)
    assert not any(tick.is_ticked for tick in wizard.permission.ticks)
    assert not wizard.forward.isEnabled()
    for tick in wizard.permission.ticks:
        person.activate(tick.box)
    person.go_on()
    person.at(Step.FACE)
    assert not wizard.forward.isEnabled()
    QApplication.clipboard().setMimeData(files([variants["one"], variants["two"], variants["three"]]))
    person.qtbot.keyClick(person.focused, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    drop(wizard.face.drop, [variants["stranger"]])
    person.wait(lambda: len(wizard.state.photos) == 4 and not any(photo.is_busy for photo in wizard.state.photos))
    assert wizard.state.used == 3, [photo.heading for photo in wizard.state.photos]
    person.go_on()
    person.at(Step.ACCOUNTS)
    fields = wizard.accounts.accounts.fields
    person.type_into(fields[IdentifierKind.EMAIL].edit, "not an address")
    assert fields[IdentifierKind.EMAIL].error.isVisible()
    fields[IdentifierKind.EMAIL].edit.selectAll()
    person.type_into(fields[IdentifierKind.EMAIL].edit, MAIL)
    person.type_into(fields[IdentifierKind.EMAIL].edit, OTHER_MAIL)
    person.type_into(fields[IdentifierKind.SERVICE].edit, "gym.example.org")
    person.type_into(fields[IdentifierKind.USERNAME].edit, USER_NAME)
    assert len(wizard.state.identifiers) == 4
    person.activate(wizard.back)
    person.at(Step.FACE)
    assert wizard.state.used == 3
    person.go_on()
    person.go_on()
    person.at(Step.WHERE)
    where = wizard.where.sources
    where.folders.added.emit(str(folder))
    for group in (Group.LEAKS, Group.PAGES, Group.PROFILES, Group.PHOTO):
        person.activate(where.groups[group].head)
    person.activate(where.cards["xposedornot"].switch.box)
    gravatar = where.cards["gravatar"].switch.box
    person.activate(gravatar)
    state_own_face(person)
    person.wait(lambda: gravatar.isChecked() and gravatar.hasFocus())
    person.activate(where.cards["github"].switch.box)
    person.activate(where.cards["pages"].switch.box)
    person.type_into(where.pages.field.edit, "javascript:alert(1)")
    assert where.pages.field.error.isVisible()
    where.pages.field.edit.selectAll()
    person.type_into(where.pages.field.edit, CLUB)
    assert where.pages.list.shown == (CLUB,)
    person.activate(where.cards["google-vision"].switch.box)
    key = where.cards["google-vision"].key
    assert key is not None
    person.type_into(key.edit, VISION_KEY)
    person.wait(lambda: bool(where.cards["google-vision"].key_words.text()))
    person.go_on()
    send(person, variants["one"])
    person.at(Step.LOOKING)
    person.at(Step.RESULTS)


def look_at_findings(person: Person, keys: dict[str, str]) -> None:
    """The picture on the named page, a face that is not theirs, and a profile that somebody else made."""
    window = person.app.window
    page = window.findings
    person.open_page(FINDINGS)
    for source in ("pages", "google-vision", "github"):
        person.wait(page.rows[keys[source]].isVisible)
        person.activate(page.rows[keys[source]])
        assert person.focused is page.rows[keys[source]]
        words = [label.text() for label in page.detail.findChildren(Text)]
        if source == "pages":
            assert {CLUB, f"The picture: http://{PICTURE_HOST}/team.jpg"} <= set(words)
        elif source == "google-vision":
            person.press(Qt.Key.Key_N)
            assert keys[source] not in page.rows
        else:
            person.activate(person.button(page.detail, "I did not make it"))
            assert person.focused is page.rows[keys[source]]
            assert "A profile that you did not make: GitHub" in [each.text() for each in page.detail.findChildren(Text)]


def test_the_whole_checkup_with_the_keyboard_then_again_after_a_restart(
    start: Callable[[], Person],
    variants: dict[str, Path],
    services: Services,
    tmp_path: Path,
    home: Path,
    secret_service: Session,
) -> None:
    folder = tmp_path / FOLDER
    folder.mkdir()
    shutil.copy(variants["found"], folder / "holiday canary-walk.jpg")
    shutil.copy(variants["stranger"], folder / "work.jpg")
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff broken")

    person = start()
    walk(person, variants, folder)
    vault = person.app.session.vault
    findings = vault.findings()
    assert {source: sum(source in each.sources for each in findings) for source in BY_SOURCE} == BY_SOURCE
    leaks = {f.evidence.key for f in findings if isinstance(f.evidence, Breach)}
    assert leaks == {"examplegym", "exampleshop"}
    checkup = vault.last_checkup()
    assert checkup is not None
    statuses = {outcome.source_id: outcome.status for outcome in checkup.outcomes}
    asked = {source_id for source_id, status in statuses.items() if status is Status.CHECKED}
    assert asked == {"catalogue", "xposedornot", *BY_SOURCE}
    assert set(statuses.values()) == {Status.CHECKED, Status.SKIPPED}
    folders = next(outcome for outcome in checkup.outcomes if outcome.source_id == "folders")
    assert (folders.seen, folders.unreadable) == (3, 1)

    recorded, seen = vault.disclosures(), services.requests
    during = [each for each in recorded if checkup.started_at <= each.at <= checkup.finished_at]
    assert total_words(during) in [label.text() for label in person.wizard.results.findChildren(Text)]
    assert len(recorded) == len(seen) > 5
    assert sorted(each.bytes for each in recorded) == sorted(each.size for each in seen)
    sent = [each for each in services.requests_of("google-vision") if each.method == "POST"]
    assert len(sent) == 1
    assert b"Exif" not in sent[0].body

    person.go_on()
    person.wait(lambda: person.app.window.home.isVisible())
    keys = {source: each.key for each in findings if each.kind is FindingKind.FACE for source in each.sources}
    look_at_findings(person, keys)
    person.app.window.show_page(DISCLOSURES)
    assert person.app.window.disclosures.table.rowCount() == len(recorded)
    person.leave()

    again = start()
    again.wait(lambda: again.app.window.home.isVisible())
    again.app.window.show_page(FINDINGS)
    known = {f.key: f for f in again.app.session.vault.findings()}
    assert set(known) == {f.key for f in findings}
    marks = {key: each.mark.kind for key, each in known.items() if each.mark is not None}
    assert marks == {keys["google-vision"]: MarkKind.NOT_ME, keys["github"]: MarkKind.NOT_MINE}
    assert again.app.window.windowTitle() == "PrivacyGuard"
    again.app.window.show_page(HOME)

    assert_nothing_personal_lies_about(again, [home, secret_service.home, secret_service.runtime], tmp_path)


def assert_nothing_personal_lies_about(person: Person, folders: list[Path], tmp_path: Path) -> None:
    """Byte for byte, while the vault is open and after; the search is proven on planted values first."""
    template = next(p.template for p in person.app.session.vault.people() if p.template)
    values: dict[str, str | bytes | Sequence[float]] = {
        "mail": MAIL,
        "other": OTHER_MAIL,
        "user name": USER_NAME,
        "page": CLUB,
        "folder": FOLDER,
        "file": "holiday canary-walk",
        "key": VISION_KEY,
        **{f"embedding {n}": embedding for n, embedding in enumerate(template.embeddings)},
    }
    sought = needles(values)
    planted = tmp_path / "planted"
    planted.mkdir()
    plant(planted, sought)
    assert {hit.form for hit in search([planted], sought)} == set(sought)
    assert search(folders, sought) == []
    person.leave()
    assert search(folders, sought) == []
