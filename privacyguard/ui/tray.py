"""The sign beside the clock: it shows by its shape how the regular check stands, and never says anything personal."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from privacyguard.i18n import _
from privacyguard.model.guard import Icon


class Tray(QObject):
    """The sign and its menu. Where the desktop has no place for it there is none; it comes when there is one later.

    ``icon_named``: our picture of this name.
    """

    open_requested = Signal()
    check_requested = Signal()
    pause_requested = Signal()
    quit_requested = Signal()

    def __init__(self, parent: QObject, icon_named: Callable[[str], QIcon]) -> None:
        super().__init__(parent)
        self._icon_named = icon_named
        self.menu = QMenu()
        self.menu.addAction(_("Open"), self.open_requested.emit)
        self.menu.addAction(_("Check now"), self.check_requested.emit)
        self.menu.addAction(_("Pause for a day"), self.pause_requested.emit)
        self.menu.addSeparator()
        self.menu.addAction(_("Quit"), self.quit_requested.emit)
        self.sign = QSystemTrayIcon(self)
        self.sign.setContextMenu(self.menu)
        self.sign.setToolTip(_("PrivacyGuard is on."))
        self.sign.activated.connect(self._activated)
        self.icon, self._is_ended = Icon.RESTING, False
        self.show_icon(Icon.RESTING)

    @staticmethod
    def is_there() -> bool:
        """Whether the desktop has a place for the sign now."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    def show_icon(self, icon: Icon) -> None:
        """Another sign, and the first time the sign at all."""
        if self._is_ended:  # a look that ends late
            return
        self.icon = icon
        self.sign.setIcon(self._icon_named(f"tray-{icon.value}"))
        self.sign.show()

    def end(self) -> None:
        """Take it away for good."""
        self._is_ended = True
        self.sign.hide()
        self.menu.hide()

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick):
            self.open_requested.emit()
