"""From what is in the vault to a notice, and to what the app shows as new."""

import time
from collections.abc import Callable, Iterable
from datetime import datetime

from privacyguard.advice.engine import Context
from privacyguard.checkup import changes
from privacyguard.checkup.changes import Known, Silent, Speak
from privacyguard.checkup.regular import Guard, current_state
from privacyguard.model.guard import News
from privacyguard.vault.vault import Vault

NOTICES_FLAG = "notices"
"""The flag in the vault that is "no" where the person wants no notices."""


def system_local(moment: datetime) -> datetime:
    """The moment in the zone where the computer is now; it may have travelled since the program started."""
    if hasattr(time, "tzset"):
        time.tzset()
    return moment.astimezone()


def to_say(guard: Guard, local: Callable[[datetime], datetime] = system_local) -> Speak | Silent:
    """Whether a notice is given now, and about what. Cheap where there is nothing, so it may be asked at every waking.

    After the notice was given, and only then, call :func:`told`.
    """
    vault, now = guard.vault, guard.clock()
    state = current_state(guard)
    if not state.is_on:
        return Silent(changes.Quiet.SWITCHED_OFF)
    _note_the_day(vault, local(now))
    if not are_wanted(vault):
        return Silent(changes.Quiet.NOT_WANTED)
    open_news = vault.guard.untold()
    if not open_news:
        return changes.say((), state, guard.conditions(), now)
    known, context = _known(guard, open_news), _context(guard, local(now))
    return changes.say(changes.waiting_of(open_news, known, context), state, guard.conditions(), now)


def are_wanted(vault: Vault) -> bool:
    """Whether the person wants notices; yes until they said no."""
    return vault.flag(NOTICES_FLAG) != "no"


def want(vault: Vault, wanted: bool) -> None:
    """Keep whether the person wants notices. What is new is shown in the app all the same."""
    vault.set_flag(NOTICES_FLAG, "yes" if wanted else "no")


def told(guard: Guard, speak: Speak) -> None:
    """A notice was given: nothing of it is said again, and the next one comes a day later at the earliest."""
    guard.vault.guard.told(speak.news, guard.clock())


def unseen(guard: Guard, local: Callable[[datetime], datetime] = system_local) -> tuple[News, ...]:
    """What is new, needs doing, and was not seen in the app yet, told of or not: for the tray and the start page."""
    now = guard.clock()
    news = guard.vault.guard.unseen()
    return changes.standing(news, _known(guard, news), _context(guard, local(now))) if news else ()


def lasting_trouble(guard: Guard) -> bool:
    """Whether a source that is switched on did not answer for so long that the tray says so."""
    now, on = guard.clock(), guard.chosen().on
    return any(
        source_id in on and changes.is_lasting(record, now)
        for person in guard.vault.people()
        for source_id, record in guard.vault.guard.sources(person.person_id).items()
    )


def _note_the_day(vault: Vault, now: datetime) -> None:
    """Keep which reminders and letters have become due, each once."""
    news = [
        *changes.due_reminders(vault.guard.reminders(now.date()), now),
        *changes.late_letters(vault.letters(), now.date(), now),
    ]
    if news:
        vault.guard.add_news(news)


def _known(guard: Guard, news: Iterable[News]) -> Known:
    vault, on = guard.vault, guard.chosen().on
    found = {one.about: vault.finding(one.about) for one in news}
    people = {one.person_id for one in news}
    return Known(
        {key: finding for key, finding in found.items() if finding is not None},
        {letter.letter_id: letter for letter in vault.letters()},
        {
            person_id: {key: one for key, one in vault.guard.sources(person_id).items() if key in on}
            for person_id in people
        },
    )


def _context(guard: Guard, now: datetime) -> Context:
    people = {person.person_id: person for person in guard.vault.people()}
    return Context(now, guard.chosen().country, people)
