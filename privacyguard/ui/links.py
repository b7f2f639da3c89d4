"""Opening a page in the person's browser: https only, and nowhere else in the app."""

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices


def open_in_browser(link: str) -> bool:
    """Open one of our own links. Anything but https is refused; False when nothing was opened."""
    url = QUrl(link, QUrl.ParsingMode.StrictMode)
    return url.isValid() and url.scheme() == "https" and QDesktopServices.openUrl(url)
