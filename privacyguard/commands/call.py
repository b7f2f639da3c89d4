"""What a command is given, and the questions that several of them ask."""

import argparse
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Any, TextIO

from privacyguard.commands.output import Output
from privacyguard.errors import NothingEnrolled, UsageError
from privacyguard.i18n import N_, _
from privacyguard.model.person import Person, Relation
from privacyguard.model.progress import CancelToken
from privacyguard.session import FIRST_PERSON, Session

DONE = 0
NOT_ALL_DONE = 1
NOTHING_ENROLLED = NothingEnrolled.exit_code
CANCELLED = 130

NAME_AT_MOST = 100
"""Letters in the name of a profile."""

STOPPED = N_("Stopped. What was found until now is kept.")

NO_SUCH_PERSON = N_("There is no profile with this name.")


@dataclass(frozen=True)
class Call:
    """One command as it was written, and what it works with."""

    arguments: argparse.Namespace
    out: Output
    session: Session
    stdin: TextIO
    cancel: CancelToken = field(default_factory=CancelToken)


Command = Callable[[Call], int]
"""Runs the command and returns the exit status; raises what it cannot do."""


class Subparsers:
    """Where a group of commands adds its own."""

    def __init__(self, actions: "argparse._SubParsersAction[Any]") -> None:
        self._actions = actions

    def add(self, name: str, does: str, run: Command | None = None, more: str = "") -> argparse.ArgumentParser:
        """A parser for the command ``name``; ``does`` is its line of help, ``more`` goes below the options."""
        parser: argparse.ArgumentParser = self._actions.add_parser(
            name, help=does, description=does, epilog=more, formatter_class=argparse.RawDescriptionHelpFormatter
        )
        add_json(parser, argparse.SUPPRESS)
        if run is not None:
            parser.set_defaults(run=run)
        return parser

    def group(self, parser: argparse.ArgumentParser) -> "Subparsers":
        """The parsers below a command that has parts (``account add``)."""
        return Subparsers(parser.add_subparsers(metavar=_("DO"), required=True))


def add_json(parser: argparse.ArgumentParser, default: object) -> None:
    """Take ``--json`` at this place; only the first place says what holds without it."""
    parser.add_argument("--json", action="store_true", default=default, help=_("answer for programs"))


def person_named(call: Call) -> Person | None:
    """The profile that ``--person`` names; without it yours, else the only one there is. None where there is none.

    Raises:
        UsageError: ``--person`` names nobody.
    """
    vault = call.session.vault
    name: str | None = getattr(call.arguments, "person", None)
    if name is not None:
        person = vault.person_named(checked_name(name))
        if person is None:
            raise UsageError(_(NO_SUCH_PERSON))
        return person
    people = vault.people()
    mine = [person for person in people if person.relation is Relation.ME]
    return (mine or list(people))[0] if mine or len(people) == 1 else None


def checked_name(name: str) -> str:
    """The name of a profile as it was written. Raises :class:`UsageError` when it cannot be one."""
    if not name.strip() or not name.isprintable() or len(name) > NAME_AT_MOST:
        raise UsageError(_("A name is 1 to {count} letters, without control characters.").format(count=NAME_AT_MOST))
    return name


def person_or_me(call: Call) -> Person:
    """The same, but where there is none, a new profile for whoever uses this computer."""
    person = person_named(call)
    return person if person is not None else call.session.vault.add_person(FIRST_PERSON, Relation.ME, is_adult=True)


def values(call: Call, written: Sequence[str], prompt: str) -> list[str]:
    """The values as arguments; "-" or none at all: one a line from standard input, empty lines passed over.

    Raises:
        UsageError: there is no value at all.
    """
    taken: list[str] = []
    for value in written or ["-"]:
        if value != "-":
            taken.append(value)
            continue
        if call.stdin.isatty():
            call.out.note(prompt)
        taken += [line.rstrip("\r\n") for line in call.stdin if line.strip()]
    if not taken:
        raise UsageError(_("There is nothing to read. Write one value a line."))
    return taken


@contextmanager
def cancellable(call: Call) -> Iterator[CancelToken]:
    """Meanwhile the first Ctrl-C (or an order to end) sets the call's cancel token; the second one ends at once.

    The token is set from a thread of its own: a handler runs inside the main thread's work, which may hold the token.
    """
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    wanted = [signal.SIGINT, signal.SIGTERM]

    def asked(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.default_int_handler)

    def wait() -> None:
        if os.read(reading, 1):
            call.cancel.cancel()

    waiter = threading.Thread(target=wait, name="cancel", daemon=True)
    before = {number: signal.signal(number, asked) for number in wanted}
    wakeup = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    waiter.start()
    try:
        yield call.cancel
    finally:
        signal.set_wakeup_fd(wakeup)
        for number, handler in before.items():
            signal.signal(number, handler)
        os.close(writing)
        waiter.join()
        os.close(reading)
