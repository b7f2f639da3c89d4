"""One question before something is erased. The answer that keeps it is the default, and Esc gives it too."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from privacyguard.i18n import _


def confirm(parent: QWidget, title: str, words: str, action: str, then: Callable[[], object]) -> QMessageBox:
    """Ask, and do ``then`` where the person presses the button that is named like the action. Returns at once."""
    box = QMessageBox(parent)
    box.setWindowTitle("PrivacyGuard")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(title)
    box.setInformativeText(words)
    yes = box.addButton(action, QMessageBox.ButtonRole.AcceptRole)
    no = box.addButton(_("Keep it"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(no)
    box.setEscapeButton(no)
    box.buttonClicked.connect(lambda clicked: then() if clicked is yes else None)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()
    return box
