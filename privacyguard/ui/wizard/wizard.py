"""The guided checkup: eight pages, Back always works, leaving is free, nothing typed is lost."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from privacyguard.errors import PrivacyGuardError
from privacyguard.i18n import _
from privacyguard.model.person import Relation
from privacyguard.ui.pages.sending import SendingPage
from privacyguard.ui.pages.statement import StatementPage
from privacyguard.ui.widgets.buttons import button
from privacyguard.ui.widgets.layout import Beside, holder, row
from privacyguard.ui.widgets.side_panel import SideItem, SidePanel
from privacyguard.ui.widgets.text import Text
from privacyguard.ui.wizard.face_page import FacePage
from privacyguard.ui.wizard.looking_pages import LookingPage, ResultsPage
from privacyguard.ui.wizard.pages import AccountsPage, PermissionPage, WelcomePage, WhoPage, WizardPage
from privacyguard.ui.wizard.views import Step, WizardState
from privacyguard.ui.wizard.where_page import WherePage


class CheckupWizard(QWidget):
    """Shows a :class:`WizardState` and goes from page to page; what a page means is the presenter's."""

    continued = Signal(object)
    skipped = Signal(object)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.state = WizardState()
        self.step = Step.WELCOME
        self._reached = Step.WELCOME
        self.welcome, self.who, self.permission = WelcomePage(), WhoPage(), PermissionPage()
        self.face, self.accounts, self.where = FacePage(), AccountsPage(), WherePage()
        self.looking, self.results = LookingPage(), ResultsPage()
        self.statement, self.sending = StatementPage(), SendingPage()
        self.pages: dict[Step, WizardPage] = {
            Step.WELCOME: self.welcome,
            Step.WHO: self.who,
            Step.PERMISSION: self.permission,
            Step.FACE: self.face,
            Step.ACCOUNTS: self.accounts,
            Step.WHERE: self.where,
            Step.LOOKING: self.looking,
            Step.RESULTS: self.results,
        }
        self.side = SidePanel()
        self.side.title.setText(_("Checkup"))
        self.side.chosen.connect(lambda key: self.go_to(Step(int(key))))
        self._stack = QStackedWidget()
        self._build_footer()
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.addWidget(self._stack, 1)
        right.addWidget(self._footer)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.side)
        layout.addLayout(right, 1)
        for page in self.pages.values():
            self._stack.addWidget(page)
            page.changed.connect(self._show_footer)
        for between in (self.statement, self.sending):
            self._stack.addWidget(between)
        self._show_side()
        self._show_footer()

    def show_state(self, state: WizardState) -> None:
        """Show what was answered, on every page; the keyboard and what is being typed stay."""
        self.state = state
        for page in self.pages.values():
            page.show_state(state)
        self._show_side()
        self._show_footer()

    def go_to(self, step: Step) -> None:
        """Open a page, and put the keyboard on its first control."""
        self.step = step
        self._reached = max(self._reached, step)
        page = self.pages[step]
        page.problem.clear()
        self._stack.setCurrentWidget(page)
        self._footer.show()
        page.verticalScrollBar().setValue(0)
        self._show_side()
        self._show_footer()
        QAccessible.updateAccessibility(QAccessibleEvent(page, QAccessible.Event.NameChanged))
        page.setAccessibleName(page.title.text())
        QTimer.singleShot(0, self._focus_page)

    def show_extra(self, page: StatementPage | SendingPage) -> None:
        """Open a page between two others, which has its answers itself; :meth:`go_to` leads away from it."""
        self._stack.setCurrentWidget(page)
        self._footer.hide()
        QTimer.singleShot(0, page.focus_first)

    def start_again(self) -> None:
        """A new checkup: from the first page, with what was answered before."""
        self._reached = Step.WELCOME
        self.go_to(Step.WELCOME)

    def show_problem(self, error: PrivacyGuardError, details: str = "") -> None:
        """Say on the page that is open what went wrong."""
        self.pages[self.step].problem.show_error(error, details)

    def next_step(self) -> Step:
        """The page after this one: without consent there is no page for photos."""
        following = Step(min(self.step + 1, Step.RESULTS))
        return Step.ACCOUNTS if following is Step.FACE and not self.state.consented else following

    def previous_step(self) -> Step:
        """The page before this one."""
        before = Step(max(self.step - 1, Step.WELCOME))
        return Step.PERMISSION if before is Step.FACE and not self.state.consented else before

    def _build_footer(self) -> None:
        self.back = button(_("Back"), on_click=lambda: self.go_to(self.previous_step()))
        self.skip = button("", "quiet", lambda: self.skipped.emit(self.step))
        self.hint = Text("", "small")
        self.close_button = button(_("Not now"), "quiet", self.closed.emit)
        self.forward = button("", "primary", lambda: self.continued.emit(self.step))
        minor = Beside((self.back, 0), (self.skip, 0), (self.close_button, 0), room_em=None, spacing=12)
        major = row(self.hint, self.forward, spacing=12)
        major.setStretch(0, 1)
        self._footer = holder(row(Beside((minor, 0), (holder(major), 1), room_em=70), margins=(40, 12, 40, 24)))

    def _focus_page(self) -> None:
        page = self.pages[self.step]
        first: QWidget | None = page.inner.nextInFocusChain()
        while first is not None and page.isAncestorOf(first):
            if first.isVisibleTo(page) and first.isEnabled() and first.focusPolicy().value & 1:
                if first.mapTo(page.inner, first.rect().topLeft()).y() > page.viewport().height():
                    break  # the page is read from its top
                first.setFocus()
                return
            first = first.nextInFocusChain()
        self.forward.setFocus()

    def _show_side(self) -> None:
        names = (
            _("Welcome"),
            _("Who is this for?"),
            _("Your permission"),
            _("Add your face"),
            _("Your accounts"),
            _("Where may we look?"),
            _("Looking"),
            _("What we found"),
        )
        self.side.show_items([self._side_item(step, name) for step, name in zip(Step, names, strict=True)])

    def _side_item(self, step: Step, name: str) -> SideItem:
        is_current = step is self.step
        is_skipped = step is Step.FACE and self._reached > Step.FACE and not self.state.consented
        is_done = step < self._reached and not is_current and not is_skipped
        sign = "✓" if is_done else f"{step + 1}."
        state = _("done") if is_done else _("passed over") if is_skipped else ""
        can_go = step <= self._reached and not self.looking.is_running and not is_skipped
        can_go = can_go and (
            step < Step.LOOKING or is_current or (self._reached is Step.RESULTS and step is Step.RESULTS)
        )
        return SideItem(str(int(step)), f"{sign} {name}", state, is_current, can_go)

    def _show_footer(self) -> None:
        step, page = self.step, self.pages[self.step]
        self.back.setVisible(step not in (Step.WELCOME, Step.LOOKING))
        self.close_button.setText(_("Not now") if step is Step.WELCOME else _("Close"))
        self.close_button.setAccessibleName(self.close_button.text())
        self.close_button.setVisible(step is not Step.RESULTS)
        text = self.permission.text
        minor = step is Step.PERMISSION and text is not None and not text.yes
        self.forward.setText(self._forward_words())
        self.forward.setAccessibleName(self.forward.text())
        self.forward.setEnabled(page.is_answered or minor)
        self.skip.setVisible(step in (Step.PERMISSION, Step.FACE) and not minor)
        self.skip.setText(_("Skip this step"))
        # "No" has the same size and colour as "yes": both are plain buttons of the same weight.
        same = step is Step.PERMISSION and not minor
        for each, role in (
            (self.skip, "secondary" if same else "quiet"),
            (self.forward, "secondary" if same else "primary"),
        ):
            if each.property("role") != role:
                each.setProperty("role", role)
                each.style().unpolish(each)
                each.style().polish(each)
        if same and text is not None:
            self.skip.setText(_(text.no))
        self.skip.setAccessibleName(self.skip.text())
        hint = _("Step {number} of {count}. Nothing is lost if you close.").format(number=step + 1, count=len(Step))
        self.hint.setText(hint if step not in (Step.WELCOME, Step.RESULTS) else "")

    def _forward_words(self) -> str:
        text = self.permission.text
        if self.step is Step.PERMISSION and text is not None:
            return _(text.yes or text.no)
        words = {Step.WELCOME: _("Start"), Step.WHERE: _("Look now"), Step.RESULTS: _("Finish")}
        return words.get(self.step, _("Continue"))

    @property
    def relation(self) -> Relation:
        """Whom this checkup is for."""
        return self.state.who.relation
