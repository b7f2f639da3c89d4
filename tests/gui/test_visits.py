"""Looking by hand, on a real vault with real workers: there with open eyes, and back with results."""

import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageOps
from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from privacyguard.app import App
from privacyguard.faces.enrolment import enrolled_photos, judge
from privacyguard.model.person import FaceTemplate, Relation
from privacyguard.startup import started
from privacyguard.ui import theme
from privacyguard.ui.main_window import VISITS
from privacyguard.ui.pages.visits import VisitsPage
from privacyguard.ui.widgets.text import Text
from tests.conftest import Portraits
from tests.support import saved_pages as made
from tests.support.keyring_session import Session
from tests.support.saved_pages import Result

CLUB = "https://club.example.org/p/1"
PATIENCE_MS = 60_000
pytestmark = pytest.mark.timeout(180)


class Visiting:
    """The page in the open program, and the addresses that were opened."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.page: VisitsPage = app.window.visits
        self.opened: list[str] = []
        self.browser_works = True
        self.presenter = app.pages.visits
        self.presenter._open_page = self._open

    def show(self) -> VisitsPage:
        self.app.window.show_page(VISITS)
        self.presenter.show()
        return self.page

    def _open(self, address: str) -> bool:
        self.opened.append(address)
        return self.browser_works


@pytest.fixture
def visiting(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, secret_service: Session, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Visiting]:
    """The program with an open vault; nobody is in it."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    monkeypatch.setenv("PRIVACYGUARD_HOME", str(home))
    theme.apply(qapp, theme.LIGHT)
    with started(os.environ) as start:
        app = App(start, qapp)
        app.window.show()
        app.open_vault()
        qtbot.waitUntil(lambda: hasattr(app, "pages"), timeout=30_000)
        with qtbot.waitActive(app.window):
            app.window.activateWindow()
        yield Visiting(app)
        app.window.close()
        app.end()
        app.window.deleteLater()
        app.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def hers(free_portraits: Portraits) -> bytes:
    with Image.open(free_portraits.astronaut) as image:
        ground = Image.new("RGB", (640, 480), (30, 90, 60))
        ground.paste(ImageOps.mirror(image.convert("RGB").crop((150, 10, 300, 230))), (400, 200))
        return png(ground)


@pytest.fixture
def enrolled(visiting: Visiting, free_portraits: Portraits) -> Visiting:
    """Her face, and her statement."""
    session = visiting.app.session
    me = session.vault.add_person("me", Relation.ME, is_adult=True)
    looked = session.pool.analyse(free_portraits.astronaut, cuts=True, own=True)
    photos = enrolled_photos(judge([looked]))
    session.vault.save_template(me.person_id, FaceTemplate(photos, looked.model_id, session.clock()))
    session.vault.save_statement(me.person_id, session.clock())
    return visiting


def words_on(widget: QWidget) -> str:
    QApplication.processEvents()
    return "\n".join(label.text() for label in widget.findChildren(Text) if label.isVisible())


# --- there ----------------------------------------------------------------------------------------------------------


def test_what_it_means_is_said_each_time_before_the_browser_opens(enrolled: Visiting, qtbot: QtBot) -> None:
    page = enrolled.show()
    qtbot.keyClick(page.rows["pimeyes"], Qt.Key.Key_Space)
    for _time in range(2):
        assert not page.leave.isVisible()
        assert page.open.hasFocus()
        qtbot.keyClick(page.open, Qt.Key.Key_Return)
        words = words_on(page.leave)
        assert "You are about to leave PrivacyGuard and open PimEyes." in words
        assert "https://pimeyes.com/en" in words
        assert "29.99 US dollars" in words
        assert page.stay.hasFocus()
        assert enrolled.opened == []
        qtbot.keyClick(page.stay, Qt.Key.Key_Space)
    qtbot.keyClick(page.open, Qt.Key.Key_Return)
    page.go.click()
    assert enrolled.opened == ["https://pimeyes.com/en"]
    assert not page.leave.isVisible()
    page.back.click()
    assert page.shown_visit is None
    assert page.rows["pimeyes"].hasFocus()


def test_a_browser_that_does_not_open_is_told(enrolled: Visiting) -> None:
    page = enrolled.show()
    enrolled.browser_works = False
    page.rows["tineye"].click()
    page.open.click()
    page.go.click()
    assert page.problem.isVisible()
    assert "browser did not open" in page.problem.accessibleName()


def test_that_one_asked_to_be_left_out_is_remembered(enrolled: Visiting) -> None:
    page = enrolled.show()
    page.rows["lenso-opt-out"].click()
    assert not page.bring.isVisible()
    page.tick.box.click()
    assert page.asked_words.text().startswith("You asked on ")
    page.back.click()
    assert "You asked on" in page.rows["lenso-opt-out"].accessibleName()
    assert "You asked on" not in page.rows["pimeyes-opt-out"].accessibleName()
    page.rows["lenso-opt-out"].click()
    assert page.tick.is_ticked
    page.tick.box.click()
    page.back.click()
    assert "You asked on" not in page.rows["lenso-opt-out"].accessibleName()


@pytest.mark.parametrize(
    ("relation", "is_adult"),
    [(Relation.MY_CHILD, False), (Relation.SOMEONE_I_HELP, True), (Relation.ME, False), (None, True)],
)
def test_nobody_else_is_sent_there(visiting: Visiting, relation: Relation | None, is_adult: bool) -> None:
    if relation is not None:
        visiting.app.session.vault.add_person("Other", relation, is_adult)
    page = visiting.show()
    assert page.rows == {}
    assert not page.bring.isVisible()
    assert words_on(page)
    page.site_requested.emit("pimeyes")
    assert visiting.opened == []


# --- back -----------------------------------------------------------------------------------------------------------


def test_without_the_sentence_nothing_is_brought_back(visiting: Visiting, qtbot: QtBot, hers: bytes) -> None:
    session = visiting.app.session
    me = session.vault.add_person("me", Relation.ME, is_adult=True)
    looked = session.pool.analyse(hers, cuts=True, own=True)
    template = FaceTemplate(enrolled_photos(judge([looked])), looked.model_id, session.clock())
    session.vault.save_template(me.person_id, template)
    page = visiting.show()
    assert not page.bring.area.isEnabled()
    assert "first type the sentence" in words_on(page.bring)
    page.bring.statement.click()
    assert visiting.app.window.statement.isVisible()
    visiting.app.window.statement.not_now.click()
    assert page.isVisible()
    page.bring.brought.emit([hers])  # also past the closed area
    qtbot.waitUntil(page.bring.problem.isVisible, timeout=PATIENCE_MS)
    assert session.vault.findings() == ()


def test_a_saved_page_is_dropped_and_looked_at(
    enrolled: Visiting, free_portraits: Portraits, hers: bytes, tmp_path: Path, qtbot: QtBot
) -> None:
    page = enrolled.show()
    page.rows["google-lens"].click()
    results = [
        Result(hers, CLUB),
        Result(free_portraits.grace_hopper.read_bytes(), CLUB + "2", "https://cdn.example.com/b"),
    ]
    saved = tmp_path / "r.mhtml"
    saved.write_bytes(made.mhtml(results))
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(saved))])
    with qtbot.waitSignal(enrolled.presenter.found, timeout=PATIENCE_MS):
        page.bring.area.dropEvent(
            QDropEvent(
                QPointF(5, 5),
                Qt.DropAction.CopyAction,
                mime,
                Qt.MouseButton.LeftButton,
                Qt.KeyboardModifier.NoModifier,
            )
        )
        assert page.bring.working.isVisible()
        assert not page.bring.area.isEnabled()
    assert "1 picture looks like you" in words_on(page.bring.result)
    assert page.bring.area.isEnabled()
    (finding,) = enrolled.app.session.vault.findings()
    with qtbot.waitSignal(page.bring.findings_requested):
        page.bring.see.click()
    assert finding.sources == ("by-hand",)
    page.back.click()
    page.rows["tineye"].click()  # the result stays until something else is brought
    assert saved.exists()


def test_nothing_found_is_no_promise_and_what_failed_is_told(
    enrolled: Visiting, free_portraits: Portraits, tmp_path: Path, qtbot: QtBot
) -> None:
    page = enrolled.show()
    (tmp_path / "letter\u202e.txt").write_text("no page", "utf-8")
    (tmp_path / "empty.html").write_text(made.html("words"), "utf-8")
    page.bring.brought.emit(
        [str(free_portraits.grace_hopper), str(tmp_path / "letter\u202e.txt"), str(tmp_path / "empty.html")]
    )
    qtbot.waitUntil(page.bring.result.isVisible, timeout=PATIENCE_MS)
    words = words_on(page.bring.result)
    assert "We looked at 1 picture. Nothing in it looks like you." in words
    assert "this is not a promise" in words
    assert "letter\\u202e.txt: This file is not a picture and not a saved page." in words
    assert "There is no picture in empty.html." in words
    assert not page.bring.see.isVisible()
    page.bring.brought.emit([str(tmp_path / "letter\u202e.txt")])
    qtbot.waitUntil(page.bring.result.isVisible, timeout=PATIENCE_MS)
    words = words_on(page.bring.result)
    assert "We could not look at any picture." in words
    assert "Nothing" not in words


def test_a_pasted_screenshot_is_looked_at(enrolled: Visiting, hers: bytes, qtbot: QtBot) -> None:
    page = enrolled.show()
    mime = QMimeData()
    mime.setData("image/png", hers)
    QApplication.clipboard().setMimeData(mime)
    with qtbot.waitSignal(enrolled.presenter.found, timeout=PATIENCE_MS):
        page.bring.area.paste()
    assert page.bring.see.isVisible()


def test_looking_can_be_stopped(enrolled: Visiting, free_portraits: Portraits, tmp_path: Path, qtbot: QtBot) -> None:
    page = enrolled.show()
    stranger = free_portraits.grace_hopper.read_bytes()
    saved = tmp_path / "r.html"
    saved.write_bytes(made.single_file([Result(stranger + bytes([n]), CLUB) for n in range(80)]))
    page.bring.brought.emit([str(saved), str(saved)])
    qtbot.waitUntil(lambda: page.bring.working.bar.value() > 0, timeout=PATIENCE_MS)
    assert page.bring.working.cancel.hasFocus()
    qtbot.keyClick(page.bring.working.cancel, Qt.Key.Key_Space)
    qtbot.waitUntil(page.bring.result.isVisible, timeout=5_000)
    words = words_on(page.bring.result)
    assert "Stopped." in words
    assert "2 files were not looked at." in words
    assert page.bring.area.choose.hasFocus()
