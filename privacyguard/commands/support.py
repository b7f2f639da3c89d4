"""doctor and --self-test: what works on this computer."""

from collections.abc import Iterable

from privacyguard.commands.call import DONE, NOT_ALL_DONE, Call, Subparsers
from privacyguard.doctor import Check, examine
from privacyguard.i18n import _


def add_to(commands: Subparsers) -> None:
    """The parser of this command."""
    commands.add("doctor", _("show what works on this computer, without anything personal"), _doctor)


def _doctor(call: Call) -> int:
    checks = []
    for check in examine(call.session):
        checks.append(check)
        call.out.say(_line(check))
    call.out.give([{"what": check.what, "ok": check.ok, "detail": check.detail} for check in checks])
    return _status(checks)


def self_test(call: Call) -> int:
    """Start every heavy part once; which ones work goes to standard error, whether all do to standard output."""
    from privacyguard.selftest import try_everything

    checks = []
    for check in try_everything():
        checks.append(check)
        call.out.note(_line(check))
    status = _status(checks)
    call.out.give({"ok": status == DONE})
    call.out.say(_("Everything starts.") if status == DONE else _("Something does not start."))
    return status


def _line(check: Check) -> str:
    words = _("{what}: {detail}") if check.ok else _("{what}: does not work. {detail}")
    return words.format(what=check.what, detail=check.detail)


def _status(checks: Iterable[Check]) -> int:
    return DONE if all(check.ok for check in checks) else NOT_ALL_DONE
