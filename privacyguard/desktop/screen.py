"""Whether a window fills the whole screen, asked of an X server through the library that Qt brings along (libxcb).

Not libX11: that one ends the whole program on the first error, of a window that was just closed, say.
"""

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager

_LIBRARY = "libxcb.so.1"
_ANY_TYPE, _MOST_WORDS = 0, 64


class _Screen(ctypes.Structure):
    """The first field of xcb_screen_t; the others are not asked for."""

    _fields_ = (("root", ctypes.c_uint32),)


class _Screens(ctypes.Structure):
    """xcb_screen_iterator_t."""

    _fields_ = (("screen", ctypes.POINTER(_Screen)), ("left", ctypes.c_int), ("index", ctypes.c_int))


class _Atom(ctypes.Structure):
    """xcb_intern_atom_reply_t."""

    _fields_ = (
        ("kind", ctypes.c_uint8),
        ("padding", ctypes.c_uint8),
        ("sequence", ctypes.c_uint16),
        ("length", ctypes.c_uint32),
        ("atom", ctypes.c_uint32),
    )


class _Cookie(ctypes.Structure):
    """Any xcb_…_cookie_t."""

    _fields_ = (("sequence", ctypes.c_uint),)


def full_screen() -> bool | None:
    """Whether the window in front fills the screen; None without an X server (windows of Wayland alone cannot be seen)."""
    if not os.environ.get("DISPLAY"):
        return None
    with _connected() as server:
        if server is None:
            return None
        state, full = server.atom(b"_NET_WM_STATE"), server.atom(b"_NET_WM_STATE_FULLSCREEN")
        active = server.words(server.root, server.atom(b"_NET_ACTIVE_WINDOW"))
        return bool(active) and bool(active[0]) and full in server.words(active[0], state)


class _Server:
    """One connection to the X server that DISPLAY names."""

    def __init__(self, xcb: ctypes.CDLL, connection: int) -> None:
        self._xcb = xcb
        self._connection = ctypes.c_void_p(connection)
        setup = ctypes.c_void_p(xcb.xcb_get_setup(self._connection))
        self.root: int = xcb.xcb_setup_roots_iterator(setup).screen.contents.root
        self._free = ctypes.CDLL(None).free

    def atom(self, name: bytes) -> int:
        """The server's number for a name, 0 where it knows none."""
        cookie = self._xcb.xcb_intern_atom(self._connection, 1, len(name), name)
        reply = self._xcb.xcb_intern_atom_reply(self._connection, cookie, None)
        if not reply:
            return 0
        try:
            return int(ctypes.cast(reply, ctypes.POINTER(_Atom)).contents.atom)
        finally:
            self._free(ctypes.c_void_p(reply))

    def words(self, window: int, name: int) -> list[int]:
        """The numbers of a property; none where the window is gone or has no such property."""
        if not name:
            return []
        cookie = self._xcb.xcb_get_property(self._connection, 0, window, name, _ANY_TYPE, 0, _MOST_WORDS)
        reply = self._xcb.xcb_get_property_reply(self._connection, cookie, None)
        if not reply:
            return []
        try:
            found = ctypes.c_void_p(reply)
            count = min(self._xcb.xcb_get_property_value_length(found) // 4, _MOST_WORDS)
            place = self._xcb.xcb_get_property_value(found)
            return list((ctypes.c_uint32 * count).from_address(place)) if count and place else []
        finally:
            self._free(ctypes.c_void_p(reply))


@contextmanager
def _connected() -> Iterator[_Server | None]:
    try:
        xcb = ctypes.CDLL(_LIBRARY)
    except OSError:
        yield None
        return
    pointer, whole, small = ctypes.c_void_p, ctypes.c_uint32, ctypes.c_uint8
    for name, result, arguments in (
        ("xcb_connect", pointer, [ctypes.c_char_p, pointer]),
        ("xcb_get_setup", pointer, [pointer]),
        ("xcb_setup_roots_iterator", _Screens, [pointer]),
        ("xcb_intern_atom", _Cookie, [pointer, small, ctypes.c_uint16, ctypes.c_char_p]),
        ("xcb_intern_atom_reply", pointer, [pointer, _Cookie, pointer]),
        ("xcb_get_property", _Cookie, [pointer, small, whole, whole, whole, whole, whole]),
        ("xcb_get_property_reply", pointer, [pointer, _Cookie, pointer]),
        ("xcb_get_property_value", pointer, [pointer]),
    ):
        function = getattr(xcb, name)
        function.restype, function.argtypes = result, arguments
    connection = xcb.xcb_connect(None, None)  # never null: a connection that failed says so
    try:
        yield None if xcb.xcb_connection_has_error(pointer(connection)) else _Server(xcb, connection)
    finally:
        xcb.xcb_disconnect(pointer(connection))
