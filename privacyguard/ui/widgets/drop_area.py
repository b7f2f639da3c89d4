"""Where photos are chosen, dropped or pasted. Only names of local files and PNG bytes are taken; nothing is decoded here."""

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QFileDialog

from privacyguard.i18n import _
from privacyguard.ui.widgets.buttons import button
from privacyguard.ui.widgets.layout import Card
from privacyguard.ui.widgets.text import Text

PATTERNS = "*.jpg *.jpeg *.png *.webp *.gif *.tif *.tiff *.bmp *.heic *.heif *.avif"


class PhotoDropArea(Card):
    """Takes photos by picker, drag and paste."""

    files_offered = Signal(list)
    png_offered = Signal(bytes)

    def __init__(self) -> None:
        self.choose = button(_("Choose photos…"), "secondary", self._pick)
        hint = Text(_("or drop or paste photos here"), "small")
        hint.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        super().__init__(self.choose, hint)
        self.setAcceptDrops(True)
        paste = QShortcut(QKeySequence.StandardKey.Paste, self)
        paste.setContext(Qt.ShortcutContext.WindowShortcut)
        paste.activated.connect(self.paste)

    def paste(self) -> None:
        """Take what is in the clipboard, if it is a picture or names of files."""
        self._take(QApplication.clipboard().mimeData())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files and PNG are welcome."""
        if event.mimeData().hasUrls() or event.mimeData().hasFormat("image/png"):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take what was dropped."""
        self._take(event.mimeData())
        event.acceptProposedAction()

    def _take(self, mime: QMimeData) -> None:
        files = [url.toLocalFile() for url in mime.urls() if url.isLocalFile()]
        if files:
            self.files_offered.emit(files)
        elif mime.hasFormat("image/png"):
            self.png_offered.emit(mime.data("image/png").data())

    def _pick(self) -> None:
        files, _filter = QFileDialog.getOpenFileNames(
            self,
            _("Choose photos"),
            "",
            f"{_('Pictures')} ({PATTERNS});;{_('All files')} (*)",
            options=QFileDialog.Option.DontUseNativeDialog,
        )
        if files:
            self.files_offered.emit(files)
