"""Screens of what was found on the web, made from findings by the presenters: a face on a page, a profile, an archive."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

from PySide6.QtWidgets import QApplication, QWidget

from privacyguard.advice.context import Context
from privacyguard.advice.engine import advise
from privacyguard.errors import TooManyRequests
from privacyguard.model.archive import ArchiveCopies
from privacyguard.model.finding import Finding, FindingKind, Mark, MarkKind
from privacyguard.model.person import EnrolledPhoto, FaceTemplate, Person, Relation
from privacyguard.model.picture import Box, Closeness, FaceMatch
from privacyguard.model.profile import Profile
from privacyguard.model.provenance import Credentials, HiddenInPhotos, HiddenKind, Making, Provenance, Seal
from privacyguard.ui.main_window import FINDINGS, MainWindow
from privacyguard.ui.pages.views import ArchiveView
from privacyguard.ui.presenters.archives import archive_view
from privacyguard.ui.presenters.views import finding_detail, finding_rows
from tests.support.drawn_faces import drawn_face

NOW = datetime(2026, 5, 18, 9, 12, tzinfo=UTC)
ME = Person(
    "p",
    "me",
    Relation.ME,
    is_adult=True,
    template=FaceTemplate((EnrolledPhoto((0.0,), drawn_face(0), "", ""),), "m", NOW),
)
NAMES = {"pages": "Web pages that you name", "github": "GitHub", "folders": "Folders on this computer"}
PAGE, PICTURE = "https://running-club.example.org/team/2019", "https://running-club.example.org/photos/start-7.jpg"
COPIES = ArchiveCopies(
    12, False, date(2019, 6, 3), date(2025, 11, 30), f"https://web.archive.org/web/20251130101500/{PAGE}"
)
MADE = Provenance(Making.CHANGED_BY_AI, ("IPTC",), Credentials(Seal.UNKNOWN_SIGNER))
FACE = FaceMatch(
    PICTURE, PAGE, Box(1, 2, 3, 4), 0.6, Closeness.A_LOT, "m", "a" * 64, "b" * 16, cut=drawn_face(1), provenance=MADE
)
ACCOUNT = Profile("GitHub", "https://github.com/jane-runs", "jane-runs", "Jane Runs", True, "github")
HIDDEN = HiddenInPhotos(
    "/home/jane/Pictures",
    ((HiddenKind.PLACE, 12), (HiddenKind.DEVICE, 31)),
    31,
    ("/home/jane/Pictures/beach.jpg", "/home/jane/Pictures/garden.jpg"),
)
ON_A_PAGE = Finding("face-9", FindingKind.FACE, "p", ("pages",), NOW, NOW, FACE)
FAKE = Finding(
    "face-8",
    FindingKind.FACE,
    "p",
    ("github",),
    NOW,
    NOW,
    replace(FACE, picture=ACCOUNT.page, page=ACCOUNT.page, provenance=None, profile=ACCOUNT),
    mark=Mark(MarkKind.NOT_MINE),
)
UNDECIDED = Finding("profile-7", FindingKind.PROFILE, "p", ("github",), NOW, NOW, ACCOUNT)
IN_PHOTOS = Finding("hidden-6", FindingKind.HIDDEN, "p", ("folders",), NOW, NOW, HIDDEN)
ALL = (ON_A_PAGE, FAKE, UNDECIDED, IN_PHOTOS)


def _shown(finding: Finding, archive: ArchiveView | None = None) -> Callable[[MainWindow], QWidget]:
    def show(window: MainWindow) -> QWidget:
        advice = advise(ALL, (), Context(NOW, "GB", {"p": ME}, NAMES))
        window.findings.show_rows(finding_rows(ALL, advice, {}))
        window.findings.show_detail(finding_detail(finding, advice, ME, NAMES, NOW))
        window.show_page(FINDINGS)
        if archive is not None:
            window.findings.show_archive(finding.key, archive)
            _scroll_to(window)
        return window

    return show


def _offered(window: MainWindow) -> QWidget:
    _shown(ON_A_PAGE)(window)
    assert window.findings.archive is not None
    window.findings.archive.open.click()
    return _scroll_to(window)


def _scroll_to(window: MainWindow) -> QWidget:
    application = QApplication.instance()
    assert application is not None
    application.processEvents()
    assert window.findings.archive is not None
    window.findings.detail.ensureWidgetVisible(window.findings.archive, 0, 400)
    return window


SCREENS: dict[str, Callable[[MainWindow], QWidget]] = {
    "findings-web": _shown(ON_A_PAGE),
    "findings-web-archive-offered": _offered,
    "findings-web-archive-running": _shown(ON_A_PAGE, ArchiveView(is_running=True, done=1, count=2)),
    "findings-web-archive": _shown(ON_A_PAGE, archive_view(((PAGE, COPIES), (PICTURE, ArchiveCopies())))),
    "findings-web-archive-stopped": _shown(ON_A_PAGE, archive_view(((PAGE, COPIES),), TooManyRequests(900.0))),
    "findings-fake-profile": _shown(FAKE),
    "findings-profile": _shown(UNDECIDED),
    "findings-hidden": _shown(IN_PHOTOS),
}
