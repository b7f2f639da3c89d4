"""Notices of the desktop: one fixed sentence, and a click that brings the window.

No number, name or place is in one: it may be read over a shoulder, on a locked screen, or in a list of old notices.
"""

import os
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from privacyguard.desktop.activity import NOTIFICATIONS
from privacyguard.desktop.bus import Connection, NoAnswer, Which, ask, converted, of_type, opened
from privacyguard.errors import PrivacyGuardError
from privacyguard.i18n import N_, _

if TYPE_CHECKING:
    from jeepney import Message

APP_NAME = "PrivacyGuard"
DESKTOP_ENTRY = "privacyguard"
_LOW = 0
_HEARD = frozenset({"ActionInvoked", "NotificationClosed", "ActivationToken"})


SENTENCE = N_("PrivacyGuard has something for you to look at.")
"""The same for everything: who sees the screen learns no more."""


class NoticesMissing(PrivacyGuardError):
    """The desktop shows no notices, or does not answer."""

    title = N_("This desktop shows no notices.")
    remedy = N_("Open PrivacyGuard now and then to see if there is something new.")


class Ended(StrEnum):
    """What became of a notice."""

    OPENED = "opened"
    CLOSED = "closed"
    STILL_THERE = "still-there"


class Sent(Protocol):
    """A notice that is shown. Close it to listen no more; the notice stays."""

    def wait(self, patience_s: float) -> Ended:
        """Block until the person clicked it or it is gone, for ``patience_s`` at most."""

    @property
    def activation_token(self) -> str:
        """What lets the window come to the front (XDG_ACTIVATION_TOKEN), known after a click; "" where there is none."""

    def close(self) -> None:
        """Listen no more, from any thread; who waits is told that it is gone. Calling it again does nothing."""


class Notices(Protocol):
    """Where notices are shown."""

    def send(self) -> Sent:
        """Show it. Raises :class:`NoticesMissing`."""

    def shown_by(self) -> str | None:
        """The name of what shows them, for ``doctor``; None where nothing does."""


class DesktopNotices:
    """The service of the freedesktop.org desktops. "Do not disturb" is its own: it keeps notices until later."""

    def send(self) -> Sent:
        """Show it, quiet and without a sound."""
        with ExitStack() as stack:
            try:
                bus = stack.enter_context(opened(Which.SESSION))
                return _SentHere.over(bus, _(SENTENCE), stack)
            except NoAnswer:
                raise NoticesMissing from None

    def shown_by(self) -> str | None:
        """Its name."""

        def look(bus: Connection) -> str:
            told = bus.call(NOTIFICATIONS, "GetServerInformation", may_start=True)
            return of_type(told[0] if told else None, str)

        return ask(Which.SESSION, look)


class _SentHere:
    """``number``: of the notice, by the service with the unique name ``shower``."""

    def __init__(self, bus: Connection, stack: ExitStack, heard: "deque[Message]", shower: str, number: int) -> None:
        self.activation_token = ""
        self._bus = bus
        self._stack = stack
        self._heard = heard
        self._shower = shower
        self._number = number
        self._listening = threading.Lock()

    @classmethod
    def over(cls, bus: Connection, sentence: str, stack: ExitStack) -> "_SentHere":
        """Listen first, then show it: a quick click is heard too. What ``stack`` holds is the notice's from then on."""
        from jeepney import MatchRule, message_bus

        fields = {"interface": NOTIFICATIONS.interface, "path": NOTIFICATIONS.path}
        heard: deque[Message] = deque(maxlen=64)
        with converted():
            stack.enter_context(bus.raw.filter(MatchRule(type="signal", **fields), queue=heard))
            rule = MatchRule(type="signal", sender=NOTIFICATIONS.name, **fields)
            bus.raw.send_and_get_reply(message_bus.AddMatch(rule), timeout=2)
        capabilities = bus.call(NOTIFICATIONS, "GetCapabilities", may_start=True)
        can_click = bool(capabilities) and "actions" in capabilities[0]
        body = (
            *(APP_NAME, 0, DESKTOP_ENTRY, APP_NAME, sentence),
            ["default", _("Open")] if can_click else [],
            {"urgency": ("y", _LOW), "desktop-entry": ("s", DESKTOP_ENTRY), "suppress-sound": ("b", True)},
            -1,
        )
        shower, answer = bus.call_and_tell_who(NOTIFICATIONS, "Notify", "susssasa{sv}i", body)
        number: int = of_type(answer[0] if len(answer) == 1 else None, int)
        return cls(bus, stack.pop_all(), heard, shower, number)

    def wait(self, patience_s: float) -> Ended:
        """Block until the person clicked it or it is gone, for ``patience_s`` at most."""
        until = time.monotonic() + patience_s
        while True:
            try:
                with self._listening, converted():
                    message = self._bus.raw.recv_until_filtered(self._heard, timeout=max(0.0, until - time.monotonic()))
            except NoAnswer:
                # Not for want of time: the bus went away, and the notice with it.
                return Ended.STILL_THERE if time.monotonic() >= until else Ended.CLOSED
            ended = self._ended(message)
            if ended is not None:
                return ended

    def close(self) -> None:
        """Listen no more; who waits is woken."""
        self._bus.hang_up()
        with self._listening:  # what the other thread waits at is not closed under its hands: it would never wake
            self._stack.close()

    def _ended(self, message: "Message") -> Ended | None:
        from jeepney import HeaderFields

        fields: Mapping[Any, Any] = message.header.fields
        untrusted: tuple[Any, ...] = tuple(message.body)
        name = fields.get(HeaderFields.member)
        is_ours = fields.get(HeaderFields.sender) == self._shower and untrusted[:1] == (self._number,)
        if not is_ours or name not in _HEARD or len(untrusted) != 2:
            return None
        if name == "ActivationToken":
            token = untrusted[1]
            self.activation_token = token if isinstance(token, str) and token.isprintable() and len(token) < 200 else ""
            return None
        return Ended.OPENED if name == "ActionInvoked" else Ended.CLOSED


@dataclass
class _NotHeard:
    """Shown by a system that tells us nothing about it afterwards."""

    activation_token: str = ""

    def wait(self, patience_s: float) -> Ended:
        """Nothing is told."""
        return Ended.STILL_THERE

    def close(self) -> None:
        """Nothing to do."""


_ON_MACOS = [
    "osascript",
    "-e",
    'display notification (system attribute "PRIVACYGUARD_WORDS") with title "PrivacyGuard"',
]
_ON_WINDOWS = [
    *("powershell.exe", "-NoProfile", "-NonInteractive", "-WindowStyle", "Hidden", "-Command"),
    "$manager = [Windows.UI.Notifications.ToastNotificationManager, Windows.UI.Notifications, ContentType=WindowsRuntime];"
    "$xml = $manager::GetTemplateContent(1);"
    "$texts = $xml.GetElementsByTagName('text');"
    "$texts.Item(0).AppendChild($xml.CreateTextNode('PrivacyGuard')) > $null;"
    "$texts.Item(1).AppendChild($xml.CreateTextNode($env:PRIVACYGUARD_WORDS)) > $null;"
    "$toast = [Windows.UI.Notifications.ToastNotification, Windows.UI.Notifications, ContentType=WindowsRuntime]::new($xml);"
    "$manager::CreateToastNotifier('PrivacyGuard').Show($toast)",
]


class CommandNotices:
    """A program of the system shows them: on macOS and Windows, untried. A click does not reach us."""

    def __init__(self, command: list[str]) -> None:
        self._command = command

    def send(self) -> Sent:
        """Show it. The sentence goes by the environment, where nothing reads it as a command."""
        words = {**os.environ, "PRIVACYGUARD_WORDS": _(SENTENCE)}
        try:
            subprocess.run(self._command, env=words, check=True, capture_output=True, timeout=20)
        except (OSError, subprocess.SubprocessError):
            raise NoticesMissing from None
        return _NotHeard()

    def shown_by(self) -> str | None:
        """The program's name."""
        return self._command[0]


def notices() -> Notices:
    """Where they are shown on this system."""
    if sys.platform == "win32":
        return CommandNotices(_ON_WINDOWS)
    return CommandNotices(_ON_MACOS) if sys.platform == "darwin" else DesktopNotices()
