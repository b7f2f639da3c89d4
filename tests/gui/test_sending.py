"""Before a photo leaves, at work: what is shown and asked, what a yes and a no mean, on a real vault, workers and services on
loopback."""

import io
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from privacyguard.app import App
from privacyguard.checkup.web_faces import FACE_SEARCH, SEARCH_TEXT_VERSION
from privacyguard.faces.enrolment import enrolled_photos, judge
from privacyguard.model.person import FaceTemplate, Relation
from privacyguard.startup import started
from privacyguard.ui import theme
from privacyguard.ui.pages.sending import CHOSEN_NOW, SendingPage
from privacyguard.ui.widgets.text import Text
from privacyguard.ui.wizard.views import Step
from tests.conftest import Portraits
from tests.support.fakes.facecheck import FACECHECK_KEY
from tests.support.fakes.searches import TINEYE_KEY, form_in
from tests.support.keyring_session import Session
from tests.support.services import Scenario, Services

PATIENCE_MS = 60_000
CODES = {"facecheck": FACECHECK_KEY, "tineye": TINEYE_KEY}
pytestmark = pytest.mark.timeout(180)


@pytest.fixture
def services() -> Iterator[Services]:
    with Services(Scenario()) as running:
        yield running


@pytest.fixture
def app(
    qtbot: QtBot,
    qapp: QApplication,
    tmp_path: Path,
    services: Services,
    secret_service: Session,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[App]:
    """The program with an open vault, and codes for a search with a face and one with a picture; nobody is in it."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    (home / "settings.toml").write_text(services.settings_toml(), encoding="utf-8")
    monkeypatch.setenv("PRIVACYGUARD_HOME", str(home))
    theme.apply(qapp, theme.LIGHT)
    with started(os.environ) as start:
        made = App(start, qapp)
        made.window.show()
        made.open_vault()
        qtbot.waitUntil(lambda: hasattr(made, "pages"), timeout=30_000)
        with qtbot.waitActive(made.window):
            made.window.activateWindow()
        for source_id, code in CODES.items():
            made.session.save_api_key(source_id, code)
        made.session.switch(
            {source.info.id: source.info.id in CODES for source in made.session.sources if not source.info.by_hand}
        )
        yield made
        made.window.close()
        made.end()
        made.window.deleteLater()
        made.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def enrol(app: App, free_portraits: Portraits) -> Callable[[Relation], None]:
    """Somebody with a face, and the sentence where it may be typed."""

    def add(relation: Relation) -> None:
        session = app.session
        person = session.vault.add_person("me", relation, is_adult=relation is not Relation.MY_CHILD)
        looked = session.pool.analyse(free_portraits.astronaut, cuts=True, own=True)
        photos = enrolled_photos(judge([looked]))
        session.vault.save_template(person.person_id, FaceTemplate(photos, looked.model_id, session.clock()))
        if relation is Relation.ME:
            session.vault.save_statement(person.person_id, session.clock())

    return add


class Browser(QObject):
    """Takes the pages that would be opened."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.opened.append(url.toString())


@pytest.fixture
def browser() -> Iterator[Browser]:
    taking = Browser()
    QDesktopServices.setUrlHandler("https", taking, "open")  # type: ignore[arg-type]  # the stub says bytes, it takes str
    yield taking
    QDesktopServices.unsetUrlHandler("https")


def look(app: App, qtbot: QtBot) -> SendingPage:
    """Go to the page "Where may we look?" and press "Look now"."""
    app.checkup.open()
    app.window.show_checkup()
    app.window.wizard.go_to(Step.WHERE)
    app.window.wizard.forward.click()
    page = app.window.wizard.sending
    qtbot.waitUntil(page.isVisible, timeout=PATIENCE_MS)
    return page


def words_on(page: SendingPage) -> str:
    QApplication.processEvents()
    return "\n".join(label.text() for label in page.findChildren(Text) if label.isVisible())


def ends(app: App, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: app.window.wizard.step is Step.RESULTS, timeout=PATIENCE_MS)


def posted(services: Services, source_id: str, path: str) -> list[bytes]:
    """The photos that a service got."""
    seen = [each for each in services.requests_of(source_id) if path in each.path and each.method == "POST"]
    return [content for each in seen for name, content in form_in(each).items() if name in ("images", "image_upload")]


def test_a_face_search_is_agreed_to_each_time_and_a_no_sends_nothing(
    app: App, enrol: Callable[[Relation], None], services: Services, qtbot: QtBot
) -> None:
    enrol(Relation.ME)
    for times in (1, 2):
        page = look(app, qtbot)
        qtbot.waitUntil(lambda: "points" in words_on(page), timeout=PATIENCE_MS)  # noqa: B023
        asked = []
        for _place in CODES:
            words = words_on(page)
            asked.append("facecheck" if "FaceCheck.ID?" in words else "tineye")
            assert "What leaves this computer: " in words
            assert "Cost: " in words
            assert page.focusWidget() is page.choices.checkedButton()
            if asked[-1] == "tineye":
                assert page.yes.isEnabled()
                assert not page.agree.isVisible()
                qtbot.keyClick(page.no, Qt.Key.Key_Space)
                continue
            assert {each.format(name="FaceCheck.ID") for each in FACE_SEARCH} <= set(words.splitlines())
            assert not page.agree.is_ticked
            assert not page.yes.isEnabled()
            assert "tick the box" in words
            qtbot.keyClick(page.agree.box, Qt.Key.Key_Space)
            assert page.yes.isEnabled()
            assert "tick the box" not in words_on(page)
            said = words_on(page)
            qtbot.keyClick(page.yes, Qt.Key.Key_Space)
        assert sorted(asked) == sorted(CODES)
        ends(app, qtbot)
        photos = posted(services, "facecheck", "/api/upload_pic")
        assert len(photos) == times
        with Image.open(io.BytesIO(photos[-1])) as sent:
            assert f"{sent.width} × {sent.height} points" in said
            assert not sent.getexif()
        assert services.scenario.faces.kept == {}
        assert [each for each in services.requests_of("tineye") if each.method == "POST"] == []
        (person,) = app.session.vault.people()
        kept = app.session.vault.searches(person.person_id)
        assert [(each.source_id, each.text_version) for each in kept] == [("facecheck", SEARCH_TEXT_VERSION)] * times


def test_a_photo_of_somebody_else_or_of_two_is_not_sent(
    app: App,
    enrol: Callable[[Relation], None],
    services: Services,
    free_portraits: Portraits,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    enrol(Relation.ME)
    app.session.switch({"facecheck": False})
    both = tmp_path / "both.png"
    with Image.open(free_portraits.astronaut) as one, Image.open(free_portraits.grace_hopper) as other:
        height = 500
        parts = [each.convert("RGB").resize((each.width * height // each.height, height)) for each in (one, other)]
    ground = Image.new("RGB", (sum(part.width for part in parts), height))
    ground.paste(parts[0], (0, 0))
    ground.paste(parts[1], (parts[0].width, 0))
    ground.save(both)
    own = tmp_path / "own.jpg"
    shutil.copy(free_portraits.astronaut, own)
    page = look(app, qtbot)
    qtbot.waitUntil(page.yes.isEnabled, timeout=PATIENCE_MS)
    for photo, why in (
        (free_portraits.grace_hopper, "does not look a lot like yours"),
        (both, "only if your face is the one face in it"),
    ):
        page.file_chosen.emit(str(photo))
        assert not page.yes.isEnabled()
        qtbot.waitUntil(lambda: why in page.problem.text(), timeout=PATIENCE_MS)  # noqa: B023
        assert not page.yes.isEnabled()
        assert not page.preview.isVisible()
        assert page.choices.checkedId() == CHOSEN_NOW
    page.file_chosen.emit(str(own))
    qtbot.waitUntil(page.yes.isEnabled, timeout=PATIENCE_MS)
    assert page.problem.text() == ""
    assert page.preview.isVisible()
    assert services.requests == []
    page.yes.click()
    ends(app, qtbot)
    assert len(posted(services, "tineye", "")) == 1


@pytest.mark.parametrize("relation", [Relation.MY_CHILD, Relation.SOMEONE_I_HELP])
def test_of_a_child_or_somebody_who_is_helped_no_photo_is_asked_for(
    app: App, enrol: Callable[[Relation], None], services: Services, relation: Relation, qtbot: QtBot
) -> None:
    enrol(relation)
    wizard = app.window.wizard
    app.checkup._take(app.session.vault.people()[0])
    app.window.show_checkup()
    wizard.go_to(Step.WHERE)
    app.checkup.show()
    assert not wizard.where.sources.cards["tineye"].switch.box.isEnabled()
    wizard.forward.click()
    ends(app, qtbot)
    assert not wizard.sending.isVisible()
    assert services.requests == []


def test_the_words_of_the_service_can_be_read_before_the_answer(
    app: App, enrol: Callable[[Relation], None], services: Services, browser: Browser, qtbot: QtBot
) -> None:
    enrol(Relation.ME)
    page = look(app, qtbot)
    QApplication.processEvents()
    (terms,) = [each for each in page.findChildren(QPushButton) if each.property("role") == "link" and each.isVisible()]
    assert "https://" in terms.accessibleName()
    terms.click()
    assert [each in terms.accessibleName() for each in browser.opened] == [True]
    page.back.click()
    assert app.window.wizard.where.isVisible()
    assert services.requests == []
