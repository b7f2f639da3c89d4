"""Asking an archive beside a finding: a real page and vault, an archive on loopback, the keyboard alone."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from privacyguard.advice.archives import SENDS
from privacyguard.model.checkup import Outcome, Status
from privacyguard.model.finding import Finding, FindingKind, finding_key
from privacyguard.model.person import Person, Relation
from privacyguard.model.picture import Box, Closeness, FaceMatch
from privacyguard.session import Session
from privacyguard.startup import started
from privacyguard.ui import theme
from privacyguard.ui.pages.findings import FindingsPage
from privacyguard.ui.presenters.archives import ArchivesPresenter
from privacyguard.ui.presenters.views import finding_detail, finding_rows
from privacyguard.ui.tasks import TaskRunner
from privacyguard.ui.widgets.text import Text
from tests.support.keyring_session import Session as KeyringSession
from tests.support.servers import Answer
from tests.support.services import Scenario, Services

PAGE = "https://club.example.org/team"
OTHER = "https://school.example.org/class"
NEWEST = f"https://web.archive.org/web/20240229235959/{PAGE}"
pytestmark = pytest.mark.timeout(120)


@dataclass
class Bench:
    """The page Findings with its archive, and what a person does there."""

    qtbot: QtBot
    page: FindingsPage
    session: Session
    tasks: TaskRunner
    services: Services
    letters: list[tuple[str, Sequence[str]]] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    presenter: ArchivesPresenter | None = None

    def add(self, page: str, relation: Relation = Relation.ME) -> str:
        """A face that was found on a page; the key of the finding."""
        vault, now = self.session.vault, self.session.clock()
        people = [each for each in vault.people() if each.relation is relation]
        person = people[0] if people else vault.add_person("Zoe", relation, relation is not Relation.MY_CHILD)
        key = finding_key(FindingKind.FACE, person.person_id, page)
        match = FaceMatch(page, page, Box(1, 2, 3, 4), 0.6, Closeness.A_LOT, "m", "a" * 64, "b" * 16)
        found = Finding(key, FindingKind.FACE, person.person_id, ("pages",), now, now, match)
        vault.save_outcome(person.person_id, Outcome("pages", Status.CHECKED), [found])
        return key

    def show(self, key: str) -> None:
        """Open the finding, as the window does."""
        vault = self.session.vault
        finding = vault.finding(key)
        assert finding is not None
        person: Person = vault.person(finding.person_id)
        advice, now = self.session.advice(), self.session.clock().astimezone()
        self.page.show_rows(finding_rows(vault.findings(), advice, {}))
        self.page.show_detail(finding_detail(finding, advice, person, {}, now))
        QApplication.processEvents()

    @property
    def words(self) -> str:
        QApplication.processEvents()
        return "\n".join(label.text() for label in self.page.findChildren(Text) if label.isVisible())

    def button(self, words: str) -> QPushButton:
        (made,) = [each for each in self.page.findChildren(QPushButton) if each.text() == words and each.isVisible()]
        return made

    def press(self, button: QPushButton) -> None:
        """With the keyboard."""
        button.setFocus()
        self.qtbot.keyClick(button, Qt.Key.Key_Space)

    def wait(self, condition: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(condition, timeout=30_000)


@pytest.fixture
def bench(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, secret_service: KeyringSession, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Bench]:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    monkeypatch.setenv("PRIVACYGUARD_HOME", str(home))
    theme.apply(qapp, theme.LIGHT)
    scenario = Scenario()
    scenario.archive.copies[PAGE] = [("20190203040506", "200"), ("20240229235959", "200")]
    with Services(scenario) as services, started(os.environ) as start:
        (home / "settings.toml").write_text(services.settings_toml(), encoding="utf-8")
        with Session(start.paths, start.personal) as session:
            page, tasks, parent = FindingsPage(), TaskRunner(), QObject()
            made = Bench(qtbot, page, session, tasks, services)
            write = lambda key, addresses: made.letters.append((key, addresses))  # noqa: E731
            made.presenter = ArchivesPresenter(page, session, tasks, write, parent)
            page.link_opened.connect(made.opened.append)
            qtbot.addWidget(page)
            page.resize(1000, 1200)
            page.show()
            with qtbot.waitActive(page):
                page.activateWindow()
            yield made
            tasks.end_all()


def test_what_would_leave_is_said_first_and_nothing_leaves_before_a_yes(bench: Bench) -> None:
    bench.show(bench.add(PAGE))
    assert SENDS not in bench.words
    bench.press(bench.button("Is there a copy in an archive?"))
    assert SENDS in bench.words
    assert bench.button("Ask now").hasFocus()
    bench.press(bench.button("Not now"))
    assert SENDS not in bench.words
    assert bench.button("Is there a copy in an archive?").hasFocus()
    assert not bench.tasks.is_busy
    assert bench.services.requests == []


def test_copies_are_told_with_the_newest_one_and_a_letter(bench: Bench) -> None:
    key = bench.add(PAGE)
    bench.show(key)
    bench.press(bench.button("Is there a copy in an archive?"))
    bench.press(bench.button("Ask now"))
    assert bench.page.archive is not None
    assert bench.page.archive.working.isVisible()
    assert bench.page.archive.working.cancel.hasFocus()
    bench.wait(lambda: not bench.tasks.is_busy)
    assert "There are 2 copies. The first is from 3 February 2019, the last from 29 February 2024." in bench.words
    assert "Ask the site first to take it down." in bench.words
    assert "info@archive.org" in bench.words
    assert bench.button("Letter to the archive…").hasFocus()
    bench.press(bench.button("Open the newest copy"))
    assert bench.opened == [NEWEST]
    bench.press(bench.button("Copy its address"))
    assert QApplication.clipboard().text() == NEWEST
    bench.press(bench.button("Letter to the archive…"))
    assert bench.letters == [(key, (PAGE, NEWEST))]
    assert len(bench.session.vault.disclosures()) == len(bench.services.requests) == 2


def test_the_answer_is_there_again_when_the_finding_is_opened_again_and_belongs_to_it_alone(bench: Bench) -> None:
    key, other = bench.add(PAGE), bench.add(OTHER)
    bench.show(key)
    bench.press(bench.button("Is there a copy in an archive?"))
    bench.press(bench.button("Ask now"))
    bench.show(other)
    assert bench.button("Is there a copy in an archive?").isVisible()
    bench.wait(lambda: not bench.tasks.is_busy)
    assert "There are 2 copies." not in bench.words
    bench.show(key)
    assert "There are 2 copies." in bench.words
    asked = len(bench.services.requests)
    bench.press(bench.button("Ask again"))
    assert bench.button("Ask now").isVisible()
    assert len(bench.services.requests) == asked


def test_an_archive_that_does_not_work_is_never_told_as_no_copy(bench: Bench) -> None:
    bench.services.scenario.broken["wayback"] = Answer(500, b"{}")
    bench.show(bench.add(PAGE))
    bench.press(bench.button("Is there a copy in an archive?"))
    bench.press(bench.button("Ask now"))
    bench.wait(lambda: not bench.tasks.is_busy)
    assert bench.page.archive is not None
    assert bench.page.archive.problem.isVisible()
    assert "This place is not working at the moment." in bench.words
    assert "no copy" not in bench.words
    assert "next check" not in bench.words
    assert bench.button("Is there a copy in an archive?").hasFocus()


def test_asking_can_be_stopped(bench: Bench) -> None:
    bench.show(bench.add(PAGE))
    bench.press(bench.button("Is there a copy in an archive?"))
    bench.press(bench.button("Ask now"))
    bench.wait(lambda: len(bench.services.requests) == 1)
    bench.press(bench.button("Stop"))
    bench.qtbot.waitUntil(lambda: not bench.tasks.is_busy, timeout=2_000)
    assert len(bench.services.requests) == 1
    assert bench.button("Is there a copy in an archive?").isVisible()
    assert "copies" not in bench.words


@pytest.mark.parametrize("relation", [Relation.MY_CHILD, Relation.SOMEONE_I_HELP])
def test_for_a_child_and_someone_who_is_helped_it_is_not_offered_and_not_asked(
    bench: Bench, relation: Relation
) -> None:
    key = bench.add(PAGE, relation)
    bench.show(key)
    assert bench.page.archive is None
    assert "archive" not in bench.words.lower()
    bench.page.archive_requested.emit(key)
    bench.wait(lambda: not bench.tasks.is_busy)
    assert bench.services.requests == []
    assert bench.session.vault.disclosures() == ()


@pytest.mark.parametrize(("address", "opens"), [(PAGE, True), ("http://old-club.example.org/team", False)])
def test_a_page_is_opened_only_over_tls_with_a_word_before_and_can_always_be_copied(
    bench: Bench, address: str, opens: bool
) -> None:
    bench.show(bench.add(address))
    assert address in bench.words
    assert ("its owner may see that somebody looked" in bench.words) is opens
    bench.press(bench.button("Copy"))
    assert QApplication.clipboard().text() == address
    offered = [each for each in bench.page.findChildren(QPushButton) if each.text() == "Open the page"]
    assert bool(offered) is opens
    for each in offered:
        bench.press(each)
    assert bench.opened == ([address] if opens else [])
