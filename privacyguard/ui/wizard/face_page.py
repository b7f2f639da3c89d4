"""Add your face: photos chosen, dropped or pasted, each judged at once in words."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QWidget

from privacyguard.i18n import _, ngettext
from privacyguard.model.picture import FaceCut
from privacyguard.ui.widgets.buttons import button
from privacyguard.ui.widgets.drop_area import PhotoDropArea
from privacyguard.ui.widgets.face_thumb import FaceThumb
from privacyguard.ui.widgets.layout import Beside, Card, clear, column, holder, line, row
from privacyguard.ui.widgets.text import Text
from privacyguard.ui.wizard.pages import WizardPage
from privacyguard.ui.wizard.views import PhotoRow, WizardState

WANTED = 5


class FacePage(WizardPage):
    """Shows the photos of a :class:`WizardState`."""

    photo_removed = Signal(int)
    face_picked = Signal(int, int)

    def __init__(self) -> None:
        super().__init__(
            _("Can we see your face in a few photos?"),
            _(
                "Three to five, from different days if you can. The photos stay where they are, and we keep no copy of them."
            ),
        )
        self.drop = PhotoDropArea()
        self._count = Text("", "heading")
        self._rows = column(spacing=12)
        self.list = Card(self._count, self._rows)
        self._used = 0
        self._is_busy = False
        beside = Beside((self.drop, 2), (self.list, 3), room_em=72, spacing=20)
        self.add(beside)
        self.body.addStretch(1)

    def show_state(self, state: WizardState) -> None:
        """Show the photos and what is said of each."""
        self._used = state.used
        self._is_busy = any(photo.is_busy for photo in state.photos)
        kept = state.has_face and not state.photos
        words = _("{count} of {wanted} photos").format(count=state.used, wanted=WANTED)
        if kept:
            words = _("Your face was added before. You can add new photos, or continue.")
        self._count.setText(words)
        clear(self._rows)
        for number, photo in enumerate(state.photos):
            if number:
                self._rows.addWidget(line())
            self._rows.addWidget(self._row(photo, number + 1, len(state.photos)))
        self._can_go_on = kept or (state.used > 0 and not self._is_busy)
        self.changed.emit()

    _can_go_on = False

    @property
    def is_answered(self) -> bool:
        """At least one photo can be used and none is still looked at."""
        return self._can_go_on

    def _row(self, photo: PhotoRow, number: int, count: int) -> QWidget:
        name = _("photo {number} of {count}").format(number=number, count=count)
        heading = Text(photo.heading, "warning" if photo.is_problem else "strong")
        words = column(heading, Text(photo.words, "small"), spacing=2)
        shown = row(FaceThumb(photo.cut, name, 56), spacing=16)
        shown.addLayout(words, 1)
        actions = row()
        if len(photo.faces) > 1:
            choose = button(_("Choose"), on_click=partial(self._choose, photo))
            choose.setAccessibleName(_("Choose your face in {photo}").format(photo=name))
            actions.addWidget(choose)
        remove = button(_("Remove"), "quiet", partial(self.photo_removed.emit, photo.photo_id))
        remove.setAccessibleName(_("Remove {photo}").format(photo=name))
        actions.addWidget(remove)
        actions.addStretch(1)
        return Beside((holder(shown), 1), (holder(actions), 0), room_em=30)

    def _choose(self, photo: PhotoRow) -> None:
        dialog = FaceChoice(photo.faces, self)
        dialog.chosen.connect(partial(self.face_picked.emit, photo.photo_id))
        dialog.open()


class FaceChoice(QDialog):
    """Several people in one photo: which one is you?"""

    chosen = Signal(int)

    def __init__(self, faces: tuple[FaceCut, ...], parent: FacePage) -> None:
        super().__init__(parent)
        self.setWindowTitle("PrivacyGuard")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        shown = row(spacing=16)
        for index, cut in enumerate(faces):
            name = _("Face {number} of {count}").format(number=index + 1, count=len(faces))
            pick = button(_("This one"), on_click=partial(self._pick, index))
            pick.setAccessibleName(_("This one: {name}").format(name=name))
            shown.addLayout(column(FaceThumb(cut, name, 120), pick))
        cancel = row(button(_("None of them"), "quiet", self.reject))
        cancel.addStretch(1)
        count = len(faces)
        title = ngettext(
            "There is {count} person here. Is it you?", "There are {count} people here. Which one is you?", count
        )
        self.setLayout(
            column(Text(title.format(count=count), "heading"), shown, cancel, spacing=16, margins=(24, 24, 24, 24))
        )

    def _pick(self, index: int) -> None:
        self.chosen.emit(index)
        self.accept()
