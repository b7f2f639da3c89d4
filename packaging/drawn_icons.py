"""Our icon in any size, drawn from its SVG. Needs PySide6 and no screen."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path


def draw(picture: Path, files: Mapping[Path, int]) -> None:
    """Write the picture into each of these PNG files, as many pixels a side as it says. Their folders are made.

    Raises:
        ValueError: it cannot be drawn, or not be written.
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QGuiApplication, QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    application = QGuiApplication.instance() or QGuiApplication(sys.argv[:1])
    drawing = QSvgRenderer(str(picture))
    if not drawing.isValid():
        raise ValueError("the icon cannot be drawn")
    for file, size in files.items():
        image = QImage(size, size, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        drawing.render(painter)
        painter.end()
        file.parent.mkdir(parents=True, exist_ok=True)
        if not image.save(str(file)):
            raise ValueError("an icon cannot be written")
    del application
