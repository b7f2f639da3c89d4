"""What the pages show of the regular check: plain values, made by its presenter."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RegularView:
    """The regular check on Home, on the last page of a checkup and in Settings. ``starts``: whether the computer starts it
    by itself, None where it cannot; ``words``: when the next one comes, or what it waits for; ``last``: when the last one
    ended, or ""; ``trouble``: what did not work for long, or ""; ``news``: that something is new, or ""; ``reached``: how
    the app is reached once its window is closed; ``store``: whether the password store asks for a password, or "".
    """

    is_on: bool
    words: str
    last: str = ""
    trouble: str = ""
    news: str = ""
    pace: str = "weekly"
    paces: tuple[tuple[str, str], ...] = ()
    is_paused: bool = False
    starts: bool | None = None
    gives_notices: bool = True
    reached: str = ""
    store: str = ""
