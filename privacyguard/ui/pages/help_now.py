"""Get help now: two or three questions, then the right numbers and pages. Works without the vault and stores nothing."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from privacyguard import wording
from privacyguard.advice.helplines import NOT_YOUR_FAULT, countries, first_help, help_for
from privacyguard.i18n import _
from privacyguard.ui.clipboard import copy
from privacyguard.ui.widgets.buttons import button
from privacyguard.ui.widgets.inputs import Choice, Chooser
from privacyguard.ui.widgets.layout import Card, ScrollPage, clear, column, holder, line, row
from privacyguard.ui.widgets.text import Text


class HelpPage(ScrollPage):
    """Asks and answers at once; every change of an answer changes the steps."""

    link_opened = Signal(str)
    closed = Signal()

    def __init__(self, country: str) -> None:
        super().__init__()
        self._under_18 = _question(
            _("Is anyone in the picture under 18?"), [(_("Yes"), True), (_("No"), False), (_("Not sure"), None)], 2
        )
        self._threat = _question(_("Is somebody threatening you now?"), [(_("Yes"), True), (_("No"), False)], 1)
        self._online = _question(_("Is the picture online already?"), [(_("Yes"), True), (_("No"), False)], 1)
        self._country = Chooser()
        self._country.setAccessibleName(_("Country"))
        known = help_for(country).country
        for code, name in countries():
            self._country.addItem(name, code)
        self._country.setCurrentIndex(self._country.findData(known))
        self._country.currentIndexChanged.connect(self._show)
        label = Text(_("Where are you?"), "strong")
        label.setBuddy(self._country)
        questions = Card()
        for layout, group in (self._under_18, self._threat, self._online):
            # A widget for each question: the Tab key goes from question to question, the arrows inside.
            questions.body.addWidget(holder(layout))
            group.idToggled.connect(self._show)
        questions.body.addLayout(column(label, self._country))
        self._steps = Card()
        self.add(column(Text(_("Get help now"), "title"), Text(_(NOT_YOUR_FAULT)), spacing=4), questions, self._steps)
        self.add(
            Text(_("We store nothing of this page. If you open a link, your browser remembers the page."), "small")
        )
        self._close = button(_("Close this page"), on_click=self.closed.emit)
        close = row(self._close)
        close.addStretch(1)
        self.add(close)
        self.body.addStretch(1)
        self._show()

    def _show(self) -> None:
        lines = help_for(self._country.currentData())
        steps = first_help(
            _answer(self._under_18[1]), bool(_answer(self._threat[1])), bool(_answer(self._online[1])), lines
        )
        clear(self._steps.body)
        self._steps.body.addWidget(Text(_("You choose which, and in what order"), "heading"))
        before: QWidget = self._country
        for number, step in enumerate(steps):
            if number:
                self._steps.body.addWidget(line())
            words = column(Text(step.text), Text(wording.minutes(step.minutes), "small"), spacing=4)
            shown = row(spacing=16)
            shown.addLayout(words, 1)
            self._steps.body.addLayout(shown)
            if step.link:
                opening, copying = self._link(step.link)
                QWidget.setTabOrder(before, opening)
                QWidget.setTabOrder(opening, copying)
                before = copying
        QWidget.setTabOrder(before, self._close)
        checked = _("Checked on {date}.").format(date=lines.checked_on)
        self._steps.body.addWidget(Text(checked, "small"))

    def _link(self, link: str) -> tuple[QWidget, QWidget]:
        """Show a link in full; its two buttons."""
        opening = button(_("Open"), on_click=lambda: self.link_opened.emit(link))
        opening.setAccessibleName(_("Open {link}").format(link=link))
        copying = button(_("Copy"), "quiet", lambda: copy(link))
        copying.setAccessibleName(_("Copy {link}").format(link=link))
        actions = row(opening, copying)
        actions.addStretch(1)
        self._steps.body.addLayout(column(Text(link, "soft"), actions, spacing=4))
        return opening, copying


Question = tuple[QVBoxLayout, QButtonGroup]


def _question(words: str, answers: list[tuple[str, bool | None]], chosen: int) -> Question:
    group = QButtonGroup()
    choices = [Choice(text, value) for text, value in answers]
    for number, choice in enumerate(choices):
        choice.setAccessibleName(f"{words} {choice.text()}")
        group.addButton(choice, number)
    choices[chosen].setChecked(True)
    shown = row(*choices, spacing=16)
    shown.addStretch(1)
    return column(Text(words, "strong"), shown, spacing=0), group


def _answer(group: QButtonGroup) -> bool | None:
    choice = group.checkedButton()
    value = choice.value if isinstance(choice, Choice) else None
    return value if isinstance(value, bool) else None
