"""A small face cut, drawn from raw pixels that a worker made: nothing foreign is decoded here. Blurred until wanted."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QWidget

from privacyguard.i18n import _
from privacyguard.model.picture import FaceCut
from privacyguard.model.upload import Preview

BLUR_PX = 7
"""A blurred face is reduced to this many pixels a side and enlarged again: nothing can be told from it."""


def image_of(cut: FaceCut | Preview) -> QImage:
    """The cut, or a photo in small, as an image with a copy of its pixels."""
    stride = cut.width * 3
    return QImage(cut.rgb, cut.width, cut.height, stride, QImage.Format.Format_RGB888).copy()


class FaceThumb(QWidget):
    """A face in a frame of ``size_px``. With ``blurred`` it takes the keyboard, and Space, Enter or a click shows it."""

    revealed = Signal()

    def __init__(self, cut: FaceCut | None, name: str, size_px: int = 150, blurred: bool = False) -> None:
        super().__init__()
        self._image = image_of(cut) if cut is not None else QImage()
        self._name = name
        self._size_px = size_px
        self.is_blurred = blurred
        self.setFixedSize(self.sizeHint())
        if blurred:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._tell_name()

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(self._size_px, self._size_px)

    def reveal(self) -> None:
        """Show the face clearly."""
        if self.is_blurred:
            self.is_blurred = False
            self._tell_name()
            self.update()
            self.revealed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space and Enter show the face."""
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.reveal()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click shows the face."""
        self.reveal()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the face, filling the frame."""
        if self._image.isNull():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        frame = QPainterPath()
        frame.addRoundedRect(self.rect(), 12, 12)
        painter.setClipPath(frame)
        image = self._image
        if self.is_blurred:
            image = image.scaled(BLUR_PX, BLUR_PX, mode=Qt.TransformationMode.SmoothTransformation)
        filled = image.scaled(
            self.size(), Qt.AspectRatioMode.KeepAspectRatioByExpanding, Qt.TransformationMode.SmoothTransformation
        )
        painter.drawImage((self.width() - filled.width()) // 2, (self.height() - filled.height()) // 2, filled)
        painter.end()

    def _tell_name(self) -> None:
        words = _("{name}, blurred. Press Space to see it.") if self.is_blurred else "{name}"
        self.setAccessibleName(words.format(name=self._name))
