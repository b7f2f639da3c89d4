"""The command line: reads the command, runs it, and turns what went wrong into words and an exit status.

0 done · 1 something could not be done · 2 wrong usage · 3 nothing enrolled · 4 the vault cannot be opened ·
130 cancelled.
"""

import argparse
import importlib
import os
import re
import sys
from collections.abc import Sequence
from typing import NoReturn, TextIO

from privacyguard import __version__, logs
from privacyguard.commands.call import CANCELLED, STOPPED, Call, Subparsers, add_json
from privacyguard.commands.output import Output, escaped
from privacyguard.errors import Cancelled, PrivacyGuardError, SettingsDamaged, UsageError
from privacyguard.i18n import _
from privacyguard.session import Session
from privacyguard.startup import Started, started

GROUPS = {
    "faces": ("enrol",),
    "statement": ("statement",),
    "details": ("account", "place"),
    "passwords": ("password",),
    "sources": ("key", "sources", "source"),
    "scanning": ("scan",),
    "looking": ("look",),
    "cleaning": ("clean",),
    "checkups": ("check",),
    "background": ("background",),
    "results": ("findings", "mark", "advice", "report"),
    "archives": ("archived",),
    "letters": ("letter",),
    "people": ("disclosures", "forget"),
    "support": ("doctor",),
}
"""The modules of commands, in the order of the help, and what each adds: only what is asked for is loaded."""

LATER = frozenset({"backup", "restore"})
"""Commands of coming versions."""


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    command = next((word for word in arguments if not word.startswith("-")), "")
    if command in LATER:
        text = _("privacyguard: “{command}” is not part of this version.").format(command=command)
        sys.stderr.write(text + "\n")
        return UsageError.exit_code
    try:
        parsed = parser(command).parse_args(arguments)
    except SystemExit as end:  # argparse ends the program after --help and after a mistake
        return end.code if isinstance(end.code, int) else UsageError.exit_code
    with started(os.environ) as start:
        return _run(parsed, start, sys.stdin, Output(sys.stdout, sys.stderr, parsed.json))


def parser(command: str = "") -> argparse.ArgumentParser:
    """The parser of the command line: with the group of this command only, with all where it is none."""
    top = _Parser(
        prog="privacyguard",
        description=_("Finds out where your data and your face leaked, and what to do first."),
        epilog=_("Without a command the window opens. “privacyguard COMMAND --help” tells more about a command."),
    )
    top.add_argument("--version", action="version", version=f"PrivacyGuard {__version__}")
    top.add_argument("--self-test", action="store_true", help=_("start every part once and say whether it works"))
    add_json(top, default=False)
    top.set_defaults(run=None)
    commands = Subparsers(top.add_subparsers(metavar=_("COMMAND"), title=_("commands"), dest="command"))
    wanted = [group for group, names in GROUPS.items() if command in names] or GROUPS
    for group in wanted:
        importlib.import_module(f"privacyguard.commands.{group}").add_to(commands)
    return top


# What argparse repeats in its own, untranslated texts: it may be a password or a name that was meant for standard input.
_REPEATED = re.compile(r"(unrecognized arguments): .*|(?<!COMMAND: )(invalid choice): .*(?= \(choose from )", re.DOTALL)


class _Parser(argparse.ArgumentParser):
    """Says mistakes without control characters, and without the words that were written."""

    def error(self, message: str) -> NoReturn:
        message = _REPEATED.sub(r"\1\2", message)
        self.print_usage(sys.stderr)
        self.exit(UsageError.exit_code, escaped(_("privacyguard: {message}").format(message=message)) + "\n")


def _self_test(call: Call) -> int:
    from privacyguard.commands.support import self_test

    return self_test(call)


def _run(arguments: argparse.Namespace, start: Started, stdin: TextIO, out: Output) -> int:
    logs.install_last_resort(start.logger, lambda: out.problem(_(PrivacyGuardError.title), _(PrivacyGuardError.remedy)))
    command = _self_test if arguments.self_test else arguments.run
    name = "self-test" if arguments.self_test else arguments.command
    if command is None:
        out.problem(_(UsageError.title), _(UsageError.remedy))
        return UsageError.exit_code
    status = 1
    try:
        with Session(start.paths, start.personal) as session:
            status = command(Call(arguments, out, session, stdin))
        out.close()
    except (Cancelled, KeyboardInterrupt):
        out.problem(_(STOPPED))
        status = CANCELLED
    except PrivacyGuardError as error:
        start.logger.warning("command %s: %s", name, type(error).__name__)
        _say(error, out)
        status = error.exit_code
    except BrokenPipeError:
        # The reader has gone (a pager that was closed): nobody is left to tell, also not at the end of the program.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    start.logger.info("command %s ended with status %d", name, status)
    return status


def _say(error: PrivacyGuardError, out: Output) -> None:
    if isinstance(error, UsageError) and str(error):
        out.problem(str(error))
    elif isinstance(error, SettingsDamaged) and str(error):
        out.problem(f"{_(error.title)} ({error})", _(error.remedy))
    else:
        out.problem(_(error.title), _(error.remedy))
