"""The screens of looking by hand, filled with what we know of the sites and with invented results."""

from collections.abc import Callable
from urllib.parse import urlsplit

from PySide6.QtWidgets import QApplication, QWidget

from privacyguard.advice import visits as known
from privacyguard.checkup.plan import NO_STATEMENT
from privacyguard.model.advice import Level
from privacyguard.ui.main_window import VISITS, MainWindow
from privacyguard.ui.pages.bring_panel import BroughtView
from privacyguard.ui.pages.visits import VisitRow, VisitsPage, VisitsView, VisitView

ASKED = "You asked on 3 May 2026. Look again after 1 August 2026: faces may come back."
ROWS = {
    visit.visit_id: VisitRow(
        visit.visit_id, visit.name, known.finds(visit), ASKED if visit.visit_id == "lenso-opt-out" else ""
    )
    for visit in known.visits()
}
LIST = VisitsView(
    tuple(ROWS[visit.visit_id] for visit in known.visits() if visit.is_search),
    tuple(ROWS[visit.visit_id] for visit in known.visits() if not visit.is_search),
)
FOUND = BroughtView(
    Level.DO_THIS_WEEK,
    "3 pictures look like you, or like a photo you chose.",
    ("The photo that you searched with is on that page too. We left it out.", "2 pictures were not looked at."),
    has_findings=True,
)
NOTHING = BroughtView(
    Level.NOTHING_FOUND,
    "We looked at 48 pictures. Nothing in them looks like you.",
    ("Nobody can see everything, so this is not a promise.",),
)


def page_of(window: MainWindow) -> VisitsPage:
    """The page in this window; it is joined here where the window does not have it."""
    page = window._pages.get(VISITS)
    if page is None:
        page = window._pages[VISITS] = VisitsPage()
        window._stack.addWidget(page)
    assert isinstance(page, VisitsPage)
    return page


def view_of(visit_id: str, asked: str = "") -> VisitView:
    """What is shown of one site."""
    visit = next(each for each in known.visits() if each.visit_id == visit_id)
    return VisitView(
        visit_id,
        visit.name,
        visit.address,
        urlsplit(visit.address).hostname or "",
        known.finds(visit),
        known.notes(visit),
        known.leaving(visit),
        known.steps(visit),
        known.saving_steps(visit),
        asked,
        bool(asked),
        not visit.is_search,
    )


def _list(window: MainWindow) -> QWidget:
    page_of(window).show_list(LIST)
    window.show_page(VISITS)
    return window


def _not_yet(window: MainWindow) -> QWidget:
    words = VisitsView(LIST.searches, LIST.opt_outs, why_not_brought=NO_STATEMENT, needs_statement=True)
    page_of(window).show_list(words)
    window.show_page(VISITS)
    return window


def _visit(visit_id: str, asked: str = "", leaves: bool = False) -> Callable[[MainWindow], QWidget]:
    def show(window: MainWindow) -> QWidget:
        page = page_of(window)
        page.show_list(LIST)
        window.show_page(VISITS)
        page.show_visit(view_of(visit_id, asked))
        if leaves:
            page.open.click()
        return window

    return show


def _brought(result: BroughtView | None) -> Callable[[MainWindow], QWidget]:
    """With a result, or while it runs."""

    def show(window: MainWindow) -> QWidget:
        _visit("tineye")(window)
        page = page_of(window)
        if result is None:
            page.bring.show_running(True)
            page.bring.working.show_progress(12, 48, "12 of 48 pictures")
        else:
            page.bring.show_result(result)
            page.bring.area.choose.setFocus()
        for _turn in range(10):  # one layout after the other makes room for it
            QApplication.processEvents()
        page.ensureWidgetVisible(page.bring, 0, 0)
        return window

    return show


VISIT_SCREENS: dict[str, Callable[[MainWindow], QWidget]] = {
    "visits": _list,
    "visits-not-yet": _not_yet,
    "visit-pimeyes": _visit("pimeyes"),
    "visit-pimeyes-leaving": _visit("pimeyes", leaves=True),
    "visit-opt-out": _visit("pimeyes-opt-out"),
    "visit-opt-out-asked": _visit("lenso-opt-out", ASKED),
    "visit-looking": _brought(None),
    "visit-found": _brought(FOUND),
    "visit-nothing": _brought(NOTHING),
}
