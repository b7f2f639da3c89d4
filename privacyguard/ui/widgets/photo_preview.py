"""A whole photo in small, painted from raw pixels that a worker made: nothing is decoded here."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from privacyguard.model.upload import PREVIEW_PX, Preview
from privacyguard.ui.widgets.face_thumb import image_of

CORNER_PX = 12


class PhotoPreview(QWidget):
    """Shows a photo as it is, nothing cut away; an empty frame while there is none. ``name``: for assistive technology."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._image = QImage()

    def show_preview(self, preview: Preview | None) -> None:
        """Show this photo."""
        self._image = image_of(preview) if preview is not None else QImage()
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As large as what it shows."""
        return QSize(PREVIEW_PX, PREVIEW_PX) if self._image.isNull() else self._image.size()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the photo with round corners."""
        if self._image.isNull():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QPainterPath()
        frame.addRoundedRect(self.rect(), CORNER_PX, CORNER_PX)
        painter.setClipPath(frame)
        painter.drawImage(0, 0, self._image)
        painter.end()
