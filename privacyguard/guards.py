"""The regular check, joined with everything that it works with: for the window and the command line alike."""

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from privacyguard.desktop.files import StartRefused
from privacyguard.desktop.program import Program, this_program
from privacyguard.desktop.starting import Starting, starting
from privacyguard.i18n import N_, _, system_country
from privacyguard.model.guard import Conditions
from privacyguard.net.instance import traces
from privacyguard.paths import Paths, is_frozen
from privacyguard.session import COUNTRY_FLAG, Session

if TYPE_CHECKING:
    from privacyguard.checkup.regular import Chosen, Guard
    from privacyguard.vault.forget import Receipt

REMOVED = N_("What told this computer to start the regular check")
NOT_REMOVED = N_("This computer did not let us take away what starts the regular check.")


def guard_of(
    session: Session,
    conditions: Callable[[], Conditions],
    turn: Lock,
    awake_since: Callable[[], datetime | None],
) -> "Guard":
    """The regular check over the vault of this session, which is opened for it.

    ``turn``: one for the whole program, held by every check.

    Raises:
        VaultError: it cannot be opened. Where the password store is locked it asks the person: look at the conditions first.
    """
    from privacyguard.checkup.regular import Chosen, Guard

    vault = session.vault

    def chosen() -> "Chosen":
        country = vault.flag(COUNTRY_FLAG) or system_country(os.environ)
        return Chosen(session.settings.where_was_answered, session.switched_on(), country)

    return Guard(vault, session.parts, conditions, session.clock, chosen, turn, awake_since)


def own_program() -> Program | None:
    """What the system starts; None where there is no such file."""
    return this_program(is_frozen=is_frozen(), home=Path.home())


def own_starting(paths: Paths) -> Starting | None:
    """How the system starts the regular check by itself. None in a home that was moved: a timer must not name its folder."""
    return None if paths.is_moved else starting(os.environ, Path.home(), paths.home)


def forget_everything(session: Session) -> "Receipt":
    """As the session's; afterwards the system starts nothing of ours any more. Raises as that, and has erased nothing then."""
    paths, ways = session.paths, own_starting(session.paths)
    left = traces(paths.runtime, paths.home) if paths.home.is_dir() else ()
    receipt = session.forget_everything()
    for file in left:
        file.unlink(missing_ok=True)
    for folder in (paths.home / "runtime", paths.home):
        with suppress(OSError):  # a file that is not ours keeps its folder
            folder.rmdir()
    try:
        was_started = ways is not None and ways.remove()
    except StartRefused:
        return replace(receipt, not_reached=f"{receipt.not_reached} {_(NOT_REMOVED)}")
    return replace(receipt, erased=(*receipt.erased, _(REMOVED))) if was_started else receipt
