"""The log file, and the one filter that keeps personal values out of it.

Messages carry ids and counts. The filter is the second wall: what looks like an address, a path, a link or a key is cut
out, and so is every value that was registered, also where it stands in an exception.
"""

import logging
import logging.handlers
import os
import re
import sys
import threading
import traceback
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType

from privacyguard.errors import PrivacyGuardError

LOGGER = "privacyguard"
MAX_BYTES = 1_000_000
"""Of each of the two files."""

REMOVED = "[removed]"

_LINK = re.compile(r"\b([a-z][a-z0-9+.-]*://)([^/\s?#@]+@)?([^/\s?#:]+)(:\d+)?[^\s\"'<>]*", re.IGNORECASE)
_FILE_LINK = re.compile(r"\bfile:[^\r\n\"'<>|]*", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s@<>()\"',;:]+(?:@|%40)[^\s@<>()\"',;:]+")
# A path may hold spaces, so it goes on to the next quote, colon or line. What follows "https:" is a host that stays.
_PATH = re.compile(r"(?:~|\b[A-Za-z]:)?(?<![:/])(?:[/\\][^/\\\r\n\"'<>|:]+)+[/\\]?|\b[A-Za-z]:\\[^\r\n\"'<>|:]*")
_LONG_CODE = re.compile(r"\b[0-9A-Fa-f]{16,}\b|[0-9A-Fa-f]{32,}")
_ENTRY = re.compile(r"\b(?:breach|face|copy)-[0-9a-f]{8,}\b")


class PersonalValues:
    """What must not be written anywhere, and the one function that cuts it out. Values may be added from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: tuple[str, ...] = ()

    def add(self, values: Iterable[str]) -> None:
        """Cut these values out from now on, in whatever case; those under three letters would cut every text."""
        with self._lock:
            known = {*self._values, *(form for value in values if len(value) > 2 for form in _forms(value))}
            # The longest first: a name that is part of an address must not leave the rest of it behind.
            self._values = tuple(sorted(known, key=len, reverse=True))

    def removed_from(self, text: str) -> str:
        """``text`` without registered values, addresses, paths, long codes and keys; of a link the host stays."""
        for value in self._values:
            text = re.sub(re.escape(value), REMOVED, text, flags=re.IGNORECASE)
        text = _FILE_LINK.sub(REMOVED, text)
        text = _LINK.sub(rf"\1\3 {REMOVED}", text)
        text = _ADDRESS.sub(REMOVED, text)
        text = _ENTRY.sub(REMOVED, text)
        text = _LONG_CODE.sub(REMOVED, text)
        return _PATH.sub(_path_removed, text)


def start(folder: Path, personal: PersonalValues) -> logging.Logger:
    """Write our log below ``folder`` (0600, two files of 1 MB at most) and silence every library's.

    Without a place to write there is no log: that must not keep anybody from help.
    """
    logger = logging.getLogger(LOGGER)
    stop()
    logger.propagate = False
    logger.setLevel(logging.INFO)
    handler = _handler(folder)
    handler.setFormatter(_Formatter(personal))
    logger.addHandler(handler)
    # Libraries write addresses and keys at DEBUG (urllib3) and names of files in warnings (Pillow).
    logging.lastResort = None
    logging.raiseExceptions = False
    logging.captureWarnings(True)
    root = logging.getLogger()
    for foreign in list(root.handlers):
        root.removeHandler(foreign)
    root.addHandler(logging.NullHandler())
    return logger


def stop() -> None:
    """Close the log file; from now on nothing is written (before everything is erased, say)."""
    logger = logging.getLogger(LOGGER)
    for handler in list(logger.handlers):
        logger.removeHandler(handler)
        handler.close()
    logger.addHandler(logging.NullHandler())


def install_last_resort(logger: logging.Logger, say: Callable[[], None]) -> None:
    """Log what nobody caught, in any thread, and ``say`` a plain sentence instead of a traceback."""

    def last_resort(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        logger.error("not caught", exc_info=(kind, error or kind(), trace))
        say()

    def in_thread(caught: threading.ExceptHookArgs) -> None:
        last_resort(caught.exc_type, caught.exc_value, caught.exc_traceback)

    sys.excepthook = last_resort
    threading.excepthook = in_thread


def where(error: BaseException) -> str:
    """Where an error came from, line by line: module, line and function, never a value, a path or a line of code.

    The text of our own errors stays (it holds no personal value); a foreign error's does not, only its class.
    """
    lines: list[str] = []
    link: BaseException | None = error
    while link is not None:
        text = f": {link}" if isinstance(link, PrivacyGuardError) and str(link) else ""
        lines.append(f"{type(link).__module__}.{type(link).__qualname__}{text}")
        for frame in traceback.extract_tb(link.__traceback__):
            lines.append(f"  {_module(frame.filename)}:{frame.lineno} in {frame.name}")
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    return "\n".join(lines)


class _Formatter(logging.Formatter):
    def __init__(self, personal: PersonalValues) -> None:
        super().__init__("{asctime} {levelname} {name}: {message}", style="{")
        self._personal = personal

    def format(self, record: logging.LogRecord) -> str:
        # Not the base class's: it would keep a traceback with foreign texts in the record.
        record.message = self._personal.removed_from(record.getMessage())
        record.asctime = self.formatTime(record)
        line = "".join(ch if ch.isprintable() else " " for ch in self.formatMessage(record))
        if record.exc_info and record.exc_info[1] is not None:
            line += "\n" + self._personal.removed_from(where(record.exc_info[1]))
        return line


class _PrivateFile(logging.handlers.RotatingFileHandler):
    def _open(self):  # type: ignore[no-untyped-def]  # a TextIOWrapper
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        return open(descriptor, "a", encoding="utf-8")


def _handler(folder: Path) -> logging.Handler:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _PrivateFile(folder / "privacyguard.log", maxBytes=MAX_BYTES, backupCount=1, encoding="utf-8")
    except OSError:
        return logging.NullHandler()


def _forms(value: str) -> set[str]:
    return {value, unicodedata.normalize("NFC", value), unicodedata.normalize("NFD", value)}


def _path_removed(found: re.Match[str]) -> str:
    # "3/5" and "and/or" are no paths; one separator inside a word is left, anything that starts with one is not.
    text = found.group()
    before = found.string[found.start() - 1 : found.start()] if found.start() else ""
    return text if before.isalnum() and text.count("/") + text.count("\\") == 1 else REMOVED


def _module(filename: str) -> str:
    parts = Path(filename).with_suffix("").parts
    if "privacyguard" in parts:
        last = len(parts) - 1 - parts[::-1].index("privacyguard")
        return ".".join(parts[last:])
    return parts[-1] if parts else "?"
