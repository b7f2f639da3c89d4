"""The page of cleaned copies with real workers: what photos tell, copies in a folder, a stop in the middle."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel
from pytestqt.qtbot import QtBot

from privacyguard.logs import PersonalValues
from privacyguard.paths import Paths
from privacyguard.pictures.blocks import read_blocks
from privacyguard.pictures.metadata import hidden_details
from privacyguard.session import Session
from privacyguard.ui.pages.clean import CleanPage
from privacyguard.ui.presenters.cleaning import CleaningPresenter
from privacyguard.ui.tasks import TaskRunner
from tests.support.photos import SERIAL, jpeg, phone_jpeg

WAIT_MS = 60_000


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with Session(Paths(tmp_path / "home", tmp_path, True), PersonalValues()) as session:
        yield session


@pytest.fixture
def page(qtbot: QtBot, session: Session) -> Iterator[CleanPage]:
    page = CleanPage()
    qtbot.addWidget(page)
    tasks, parent = TaskRunner(), QObject()
    page.presenter = CleaningPresenter(page, session, tasks, parent)  # type: ignore[attr-defined]  # lives as long
    page.show()
    yield page
    tasks.end_all()


def words(page: CleanPage) -> str:
    QApplication.processEvents()  # new rows are shown a moment later
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def offer(qtbot: QtBot, page: CleanPage, *files: Path) -> None:
    page.area.files_offered.emit([str(file) for file in files])
    qtbot.waitUntil(page.working.isHidden, timeout=WAIT_MS)


def test_photos_are_read_and_copies_written(
    qtbot: QtBot, page: CleanPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo, plain, text = tmp_path / "photo.jpg", tmp_path / "plain.jpg", tmp_path / "text.jpg"
    photo.write_bytes(phone_jpeg(6))
    plain.write_bytes(jpeg())
    text.write_text("no picture")
    assert not page.write.isVisible()
    offer(qtbot, page, photo, plain, text)
    assert f"the number of that phone or camera: {SERIAL}" in words(page)
    assert "We found nothing hidden in this photo." in words(page)
    folder = tmp_path / "copies"
    folder.mkdir()
    (folder / "photo-clean.jpg").write_bytes(b"mine")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    page.write.click()
    qtbot.waitUntil(page.working.isHidden, timeout=WAIT_MS)
    assert sorted(path.name for path in folder.iterdir()) == [
        "photo-clean-2.jpg",
        "photo-clean.jpg",
        "plain-clean.jpg",
    ]
    assert (folder / "photo-clean.jpg").read_bytes() == b"mine"
    copy = (folder / "photo-clean-2.jpg").read_bytes()
    assert hidden_details(read_blocks(copy, whole=True)).kinds == frozenset()
    assert photo.read_bytes() == phone_jpeg(6)
    assert "Done. Your photos stay as they are." in words(page)
    assert str(folder / "photo-clean-2.jpg") in words(page)


def test_file_that_cannot_be_read_is_named_and_not_copied(qtbot: QtBot, page: CleanPage, tmp_path: Path) -> None:
    offer(qtbot, page, tmp_path / "gone.jpg")
    assert "gone.jpg" in words(page)
    assert "it is not there any more" in words(page)
    assert not page.write.isVisible()


def test_stop_ends_the_reading(qtbot: QtBot, page: CleanPage, tmp_path: Path) -> None:
    photos = [tmp_path / f"{number}.jpg" for number in range(60)]
    for photo in photos:
        photo.write_bytes(phone_jpeg())
    page.area.files_offered.emit([str(photo) for photo in photos])
    page.working.cancel.click()
    qtbot.waitUntil(page.working.isHidden, timeout=WAIT_MS)
    assert "Stopped. What was done until now is kept." in words(page)
    assert page.area.isEnabled()
