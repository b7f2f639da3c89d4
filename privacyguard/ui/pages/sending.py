"""Before a photo is sent: the photo as it would leave, who would get it, what they keep, what it costs. For this time only."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QFileDialog, QSizePolicy, QWidget

from privacyguard.i18n import _
from privacyguard.model.picture import FaceCut
from privacyguard.ui.pages.source_views import ReadyPhoto, SendingView
from privacyguard.ui.widgets.buttons import button
from privacyguard.ui.widgets.drop_area import PATTERNS
from privacyguard.ui.widgets.face_thumb import FaceThumb
from privacyguard.ui.widgets.inputs import Choice, Tick
from privacyguard.ui.widgets.layout import Beside, Card, ScrollPage, clear, column, holder, row
from privacyguard.ui.widgets.photo_preview import PhotoPreview
from privacyguard.ui.widgets.text import Text

THUMB_PX = 56
CHOSEN_NOW = 1000
"""The number of a photo that was chosen now, beside those of the face cuts (a group of choices keeps -1 for itself)."""


class SendingPage(QWidget):
    """Shows a :class:`SendingView` and the :class:`ReadyPhoto`. Yes and no have the same size and colour.

    ``cut_chosen``, ``file_chosen``: which photo it shall be; ``sent``: yes, this photo, to this place, now; ``refused``: not
    to this place; ``left``: back to where the places are chosen.
    """

    cut_chosen = Signal(int)
    file_chosen = Signal(str)
    sent = Signal()
    refused = Signal()
    left = Signal()
    link_opened = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._asked = ScrollPage(spacing=16, margins=(40, 32, 40, 8))
        self._title, self._intro, self._count = Text("", "title"), Text("", "soft"), Text("", "small")
        self.preview = PhotoPreview(_("The photo as it would leave"))
        self._state = Text("", "small")
        self.problem = Text("", "warning")
        shown = column(Text(_("The photo as it would leave"), "heading"), self.preview, self._state, self.problem)
        shown.addStretch(1)
        self.choices = QButtonGroup(self)
        self._cuts = column(spacing=8)
        self.choose = button(_("Choose another photo…"), on_click=self._pick)
        picking = column(Text(_("Which photo?"), "heading"), self._cuts, self.choose)
        picking.addStretch(1)
        self._facts = column(spacing=4)
        self.agree = Tick("")
        self.agree.toggled.connect(self._follow)
        self.yes = button("", on_click=self.sent.emit)
        self.no = button(_("Do not send it"), on_click=self.refused.emit)
        self.back = button(_("Back"), "quiet", self.left.emit)
        answers = Beside((self.yes, 0), (self.no, 0), (self.back, 0), (QWidget(), 1), room_em=None, spacing=12)
        self._asked.add(column(self._title, self._intro, self._count, spacing=4))
        self._asked.add(
            Card(Beside((holder(shown), 1), (holder(picking), 1), room_em=60)), Card(self._facts, self.agree)
        )
        self._asked.body.addStretch(1)
        answers.setSizePolicy(
            QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed
        )  # what scrolls gives way, not these
        self._hint = Text(_("To send it, first read the words above and tick the box."), "small")
        self.setLayout(column(self._asked, column(self._hint, answers, spacing=8, margins=(40, 12, 40, 24)), spacing=0))
        self._ready = ReadyPhoto(None)
        self._needs_agreement = False

    def show_view(self, view: SendingView) -> None:
        """Ask about this place; nothing is ticked."""
        self._title.setText(_("Send a photo to {name}?").format(name=view.name))
        self._intro.setText(_("It leaves only if you say yes here, and only this time. We cannot take it back."))
        count = _("Question {place} of {places}").format(place=view.place, places=view.places)
        self._count.show_text(count if view.places > 1 else "")
        clear(self._facts)
        for words in (
            _("What leaves this computer: {what}.").format(what=view.discloses),
            view.keeps,
            _("Cost: {cost}").format(cost=view.cost),
            *view.face_words,
        ):
            if words:
                self._facts.addWidget(Text(words))
        self._add_terms(view)
        self._needs_agreement = bool(view.face_words)
        self.agree.show_words(_("I agree that {name} compares my face, this time.").format(name=view.name))
        self.agree.box.setChecked(False)
        self.agree.setVisible(self._needs_agreement)
        self.yes.setText(_("Send this photo to {name}").format(name=view.name))
        self.yes.setAccessibleName(self.yes.text())
        self._show_cuts(view.cuts)
        self.show_photo(ReadyPhoto(None))
        self._asked.verticalScrollBar().setValue(0)

    def show_photo(self, photo: ReadyPhoto) -> None:
        """Show the chosen photo, that it is being made ready, or why it cannot be sent."""
        self._ready = photo
        self.preview.show_preview(photo.preview)
        self.preview.setVisible(not photo.problem)
        words = _("We make it ready…") if not photo.problem else ""
        if photo.preview is not None:
            size = _("{width} × {height} points, {size}.").format(
                width=photo.preview.full_width, height=photo.preview.full_height, size=photo.size
            )
            words = f"{size} {_('Hidden details, such as place and time, are taken out.')}"
        self._state.show_text(words)
        self.problem.show_text(photo.problem)
        chosen = self.choices.button(CHOSEN_NOW if photo.cut is None else photo.cut)
        is_told = photo.cut is not None or photo.preview is not None or bool(photo.problem)
        if chosen is not None and is_told:
            chosen.setVisible(True)
            chosen.setChecked(True)
        self._follow()

    def focus_first(self) -> None:
        """The keyboard begins at the choice of the photo: never at yes."""
        first = self.choices.checkedButton() or self.choose
        first.show()  # a layout shows a new one a moment later, which is too late for the focus
        first.setFocus()

    def _show_cuts(self, cuts: tuple[FaceCut, ...]) -> None:
        for each in self.choices.buttons():
            self.choices.removeButton(each)
        clear(self._cuts)
        for number, cut in enumerate(cuts):
            words = _("Your face, photo {number} of {count}").format(number=number + 1, count=len(cuts))
            choice = Choice(words, number)
            choice.clicked.connect(partial(self.cut_chosen.emit, number))
            self.choices.addButton(choice, number)
            shown = row(FaceThumb(cut, words, THUMB_PX), choice, spacing=12)
            shown.addStretch(1)
            self._cuts.addLayout(shown)
        now = Choice(_("The photo that you chose now"), CHOSEN_NOW)
        now.hide()
        self.choices.addButton(now, CHOSEN_NOW)
        self._cuts.addWidget(now)

    def _add_terms(self, view: SendingView) -> None:
        if view.terms_url:
            words = _("What {name} says about it").format(name=view.name)
            terms = button(words, "link", partial(self.link_opened.emit, view.terms_url))
            terms.setAccessibleName(_("{words}: {link}").format(words=words, link=view.terms_url))
            self._facts.addWidget(Beside((terms, 0), (QWidget(), 1), room_em=None))

    def _follow(self) -> None:
        is_agreed = self.agree.is_ticked or not self._needs_agreement
        self._hint.setVisible(not is_agreed)
        self.yes.setEnabled(self._ready.preview is not None and not self._ready.problem and is_agreed)

    def _pick(self) -> None:
        path, _filter = QFileDialog.getOpenFileName(
            self,
            _("Choose a photo"),
            "",
            f"{_('Pictures')} ({PATTERNS});;{_('All files')} (*)",
            options=QFileDialog.Option.DontUseNativeDialog,
        )
        if path:
            self.file_chosen.emit(path)
