"""Testing passwords by their fingerprints, for the window and the command line alike. Nothing is kept."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from privacyguard.errors import SourceError
from privacyguard.net.gateway import Gateway
from privacyguard.sources.base import PasswordSource

GIVE_UP_AFTER = 3
"""Passwords in a row that could not be tested: then the list cannot be reached, and the rest is not tried."""


@dataclass(frozen=True)
class Tested:
    """``times``: how often each tested fingerprint is in the list; ``problem``: why others were not tested, or None."""

    times: Mapping[str, int] = field(repr=False)
    problem: SourceError | None = None


def look_up(
    fingerprints: Collection[str], source: PasswordSource, gateway: Gateway, told: Callable[[int, int], None]
) -> Tested:
    """Each fingerprint (SHA-1, 40 hexadecimal signs) asked about once.

    ``told``: called before each with how many are done and how many there are. Raises :class:`Cancelled`; a failure of the
    source is no answer, and is told as ``problem``.
    """
    times: dict[str, int] = {}
    problem: SourceError | None = None
    failed_in_a_row = 0
    for done, fingerprint in enumerate(fingerprints):
        told(done, len(fingerprints))
        try:
            times[fingerprint] = source.times(fingerprint, gateway)
            failed_in_a_row = 0
        except SourceError as error:
            problem = error
            failed_in_a_row += 1
        if failed_in_a_row == GIVE_UP_AFTER:
            break
    return Tested(times, problem)
