"""password: whether passwords are in a list of leaked ones. They stay in memory, and are gone at the end of the command."""

import getpass
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from privacyguard.checkup.passwords import Tested, look_up
from privacyguard.checkup.plan import NOT_UNDER_18
from privacyguard.commands.call import DONE, NOT_ALL_DONE, Call, Subparsers, cancellable, person_named
from privacyguard.commands.details import DELETE_EXPORT
from privacyguard.errors import UsageError
from privacyguard.i18n import N_, _, ngettext
from privacyguard.model.person import Relation
from privacyguard.model.progress import CancelToken
from privacyguard.sources.base import PasswordSource
from privacyguard.wording_by_hand import remedy_by_hand

SOURCE_ID = "passwords"

_STDIN = N_(
    "Passwords are read from standard input, one a line, or asked for without showing them. They are not kept.\n"
    "The place is sent the first 5 of the 40 signs of a fingerprint of each, never the password."
)


@dataclass(frozen=True)
class _Asked:
    """A password that is to be tested. ``where``: its line, or the site that it is for."""

    where: int | str = field(repr=False)
    sha1: str = field(repr=False)


def add_to(commands: Subparsers) -> None:
    """The parsers of this command."""
    parts = commands.group(commands.add("password", _("whether your passwords are in a list of leaked ones")))
    parser = parts.add("test", _("test passwords"), _test, more=_(_STDIN))
    words = _("test those in a CSV export of a password manager or browser; the answer names the sites")
    parser.add_argument("--export", metavar="FILE", type=Path, help=words)


def _test(call: Call) -> int:
    source = call.session.source(SOURCE_ID)
    if not isinstance(source, PasswordSource):
        raise UsageError(_("There is no place with this id."))
    if not call.session.is_on(source.info):
        call.out.problem(
            _("We may not ask {name} yet.").format(name=_(source.info.name)),
            _("To allow it: privacyguard source on {id}").format(id=SOURCE_ID),
        )
        return NOT_ALL_DONE
    me = person_named(call)
    if me is not None and me.relation is Relation.ME and not me.is_adult:
        call.out.problem(_(NOT_UNDER_18))
        return NOT_ALL_DONE
    if call.arguments.export is None:
        typed = _typed(call)
        with cancellable(call) as cancel:
            return _ask(call, source, typed, cancel)
    with cancellable(call) as cancel:
        asked = _in_export(call, cancel)
        try:
            return _ask(call, source, asked, cancel)
        finally:
            call.out.note(_(DELETE_EXPORT))  # also of whoever stopped it


def _typed(call: Call) -> list[_Asked]:
    """What was typed. Raises :class:`UsageError` where it is nothing, or no text."""
    from privacyguard.sources.breaches.passwords import sha1_of

    lines = _prompted() if call.stdin.isatty() else call.stdin
    asked: list[_Asked] = []
    try:
        for number, line in enumerate(lines, start=1):
            if password := line.rstrip("\r\n"):
                password.encode()  # broken bytes arrive as halves of pairs
                asked.append(_Asked(number, sha1_of(password)))
    except UnicodeError:
        raise UsageError(_("This is not text in UTF-8. Nothing was tested.")) from None
    if not asked:
        raise UsageError(_("There is nothing to test. Write one password a line."))
    return asked


def _prompted() -> Iterable[str]:
    """One password after the other, until an empty one or the end."""
    with suppress(EOFError):
        while password := getpass.getpass(_("A password (it is not shown). Enter alone to end: ")):
            yield password


def _in_export(call: Call, cancel: CancelToken) -> list[_Asked]:
    from privacyguard.analysis.export_reader import read_in_worker

    read = read_in_worker(call.arguments.export, True, cancel)
    if not read.passwords:
        call.out.problem(_("There is no password in this file."))
    return [_Asked(site, code) for site, code in read.passwords]


def _ask(call: Call, source: PasswordSource, asked: Sequence[_Asked], cancel: CancelToken) -> int:
    """Test each password once, and say the result for each place where it stands."""

    def told(done: int, count: int) -> None:
        call.out.progress(_("{done} of {count} tested").format(done=done, count=count))

    codes = list(dict.fromkeys(each.sha1 for each in asked))
    return _tell(call, asked, look_up(codes, source, call.session.network.bind(source.info, cancel), told))


def _tell(call: Call, asked: Sequence[_Asked], answer: Tested) -> int:
    told, problem = answer.times, answer.problem
    name = "site" if call.arguments.export is not None else "line"
    call.out.give([{name: each.where, "times": told.get(each.sha1)} for each in asked])
    for each in asked:
        call.out.say(f"{_place(each.where)}: {_result(told.get(each.sha1))}")
    if problem is None:
        return DONE if asked else NOT_ALL_DONE
    missing = sum(each.sha1 not in told for each in asked)
    words = ngettext("{count} password could not be tested.", "{count} passwords could not be tested.", missing)
    call.out.problem(f"{words.format(count=missing)} {_(problem.title)}", remedy_by_hand(problem))
    return NOT_ALL_DONE


def _place(where: int | str) -> str:
    if isinstance(where, int):
        return _("Line {line}").format(line=where)
    return where or _("An entry without a name")


def _result(times: int | None) -> str:
    if times is None:
        return _("could not be tested.")
    if not times:
        return _("not in this list of leaked passwords. No list knows all of them.")
    words = ngettext(
        "{times} time in leaks. Do not use it any more.", "{times} times in leaks. Do not use it any more.", times
    )
    return words.format(times=f"{times:,}")
