"""A person at a program that runs somewhere else: they hear what a screen reader reads out, and have a keyboard.

What is on the screen comes over the bus for screen readers (AT-SPI), as the program itself told it there; keys go through the
X server (xdotool), so they reach what a real keyboard would reach.
"""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jeepney import DBusAddress, MessageType, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection

# https://gitlab.gnome.org/GNOME/at-spi2-core: AtspiStateType
_CHECKED, _ENABLED, _FOCUSABLE, _FOCUSED, _SHOWING = 4, 8, 11, 12, 25
_ACCESSIBLE = "org.a11y.atspi.Accessible"
_PROPERTIES = "org.freedesktop.DBus.Properties"
MOST_TABS = 150


class Gone(Exception):
    """What was to be read is not on the screen any more."""


@dataclass(frozen=True)
class Part:
    """One thing on the screen, as it is read out. ``place``: its own among all."""

    role: str
    name: str
    states: int
    place: tuple[str, str] = field(repr=False)

    @property
    def is_focused(self) -> bool:
        """Whether keys go to it."""
        return bool(self.states >> _FOCUSED & 1)

    @property
    def is_focusable(self) -> bool:
        """Whether the keyboard can go there."""
        return bool(self.states >> _FOCUSABLE & 1)

    @property
    def is_enabled(self) -> bool:
        """Whether it can be used."""
        return bool(self.states >> _ENABLED & 1)

    @property
    def is_checked(self) -> bool:
        """Whether it is ticked or chosen."""
        return bool(self.states >> _CHECKED & 1)


class ScreenReader:
    """Reads the screen over ``bus``, the one for screen readers (:func:`screen_reader`)."""

    def __init__(self, bus: DBusConnection) -> None:
        self._bus = bus

    def read(self) -> list[Part]:
        """All that is shown, in the order in which it is read. Raises :class:`Gone` when the screen changed meanwhile."""
        programs = self._ask(("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root"), "GetChildren")
        return [
            part for place in programs for window in self._ask(place, "GetChildren") for part in self._below(window)
        ]

    def _below(self, place: tuple[str, str]) -> Iterator[Part]:
        low, high = self._ask(place, "GetState")
        states = low | high << 32
        if not states >> _SHOWING & 1:
            return
        (_type, name) = self._ask(place, "Get", _PROPERTIES, _ACCESSIBLE, "Name")
        yield Part(self._ask(place, "GetRoleName"), name, states, place)
        for child in self._ask(place, "GetChildren"):
            yield from self._below(child)

    def _ask(self, place: tuple[str, str], member: str, interface: str = _ACCESSIBLE, *body: str) -> Any:
        return _asked(self._bus, DBusAddress(place[1], place[0], interface), member, "s" * len(body), body)


def _asked(
    bus: DBusConnection, address: DBusAddress, member: str, signature: str = "", body: tuple[Any, ...] = ()
) -> Any:
    reply = bus.send_and_get_reply(new_method_call(address, member, signature or None, body), timeout=10)
    if reply.header.message_type is not MessageType.method_return:
        raise Gone(reply.body)
    return reply.body[0] if reply.body else None


@contextmanager
def screen_reader(root: Path, socket: Path, user_id: int) -> Iterator[ScreenReader]:
    """Switched on before the program starts, as a person who needs one has it. ``root``: the system that ``socket``, the bus
    of the session, is in.
    """
    with _connected(socket, user_id) as session:
        own = DBusAddress("/org/a11y/bus", "org.a11y.Bus", _PROPERTIES)
        _asked(session, own, "Set", "ssv", ("org.a11y.Status", "IsEnabled", ("b", True)))
        address = _asked(session, own.with_interface("org.a11y.Bus"), "GetAddress")
    path = address.partition("path=")[2].partition(",")[0]
    with _connected(root / path.removeprefix("/"), user_id) as bus:
        yield ScreenReader(bus)


def _connected(socket: Path, user_id: int) -> DBusConnection:
    """As this user: a session's bus lets in no other."""
    before = os.geteuid()
    os.seteuid(user_id)
    try:
        return open_dbus_connection(f"unix:path={socket}")
    finally:
        os.seteuid(before)


class Person:
    """Hears the screen ``display`` by ``reader``, and has a keyboard and nothing else."""

    def __init__(self, reader: ScreenReader, display: str) -> None:
        self._reader = reader
        self._display = display

    def wait(self, condition: Callable[[list[Part]], bool], seconds: float = 60) -> list[Part]:
        """Listen until what is read out is as expected; all of it."""
        end, heard = time.monotonic() + seconds, list[Part]()
        while True:
            try:
                heard = self._reader.read()
            except Gone:
                pass
            else:
                if condition(heard):
                    return heard
            assert time.monotonic() < end, [(part.role, part.name) for part in heard if part.name]
            time.sleep(0.1)

    def hear(self, words: str) -> None:
        """Wait until this is read out, as a whole or as a beginning."""
        self.wait(lambda parts: any(part.name.startswith(words) for part in parts))

    def hear_in_order(self, *words: str) -> None:
        """Wait until these are read out, one after the other."""

        def in_order(parts: list[Part]) -> bool:
            names = iter([part.name for part in parts])
            return all(any(name.startswith(each) for name in names) for each in words)

        self.wait(in_order)

    def at(self, title: str) -> None:
        """Wait until the page with this title is there: the page itself is called so, and its first line. What the keyboard
        can reach on it has to have a name.
        """
        heard = self.wait(lambda parts: len({part.role for part in parts if part.name == title}) > 1)
        assert [part for part in heard if part.is_focusable and not part.name] == []

    def on(self, words: str) -> None:
        """Wait until the keyboard is where this is read out, as a whole or as a beginning."""
        self.wait(lambda parts: any(part.is_focused and part.name.startswith(words) for part in parts))

    @property
    def focused(self) -> Part:
        """Where the keyboard is."""
        return next(part for part in self.wait(_has_focus, 10) if part.is_focused)

    def press(self, key: str) -> None:
        """One key, by its name in X."""
        self._xdotool("key", key)

    def type(self, text: str) -> None:
        """Letters, one after the other."""
        self._xdotool("type", "--", text)

    def tab_to(self, words: str) -> Part:
        """Go on with the tabulator until the keyboard is where this is read out, as a whole or as a beginning."""
        passed = []
        for _ in range(MOST_TABS):
            here = self.focused
            if here.name.startswith(words):
                return here
            passed.append(here.name)
            self.press("Tab")
            self.wait(lambda parts, here=here: _has_focus(parts) and not _is_focused(parts, here), 10)  # type: ignore[misc]
        raise AssertionError(f"the keyboard does not reach {words!r}, only {passed}")

    def activate(self, words: str) -> None:
        """Go there and press the space bar, once it can be used."""
        self.wait(lambda parts: any(part.name.startswith(words) and part.is_enabled for part in parts))
        self.tab_to(words)
        self.press("space")

    def tick(self, words: str) -> None:
        """The same, until it is read out as ticked or chosen."""
        self.activate(words)
        self.wait(lambda parts: any(part.name.startswith(words) and part.is_checked for part in parts), 10)

    def _xdotool(self, *words: str) -> None:
        environment = {**os.environ, "DISPLAY": self._display}
        subprocess.run(["xdotool", *words], env=environment, check=True, capture_output=True, timeout=60)


def _has_focus(parts: list[Part]) -> bool:
    return any(part.is_focused for part in parts)


def _is_focused(parts: list[Part], one: Part) -> bool:
    return any(part.is_focused and part.place == one.place for part in parts)
