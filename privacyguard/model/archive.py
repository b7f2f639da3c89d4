"""Copies that an archive of the web shows of a page or picture."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class ArchiveCopies:
    """What an archive says of one address.

    ``count``: how many copies it counted, 0 for none, None where there is one at least and it could not count them;
    ``has_more``: there are more than were counted; ``first_on``, ``last_on``: days of the oldest and the newest copy, None
    where that is not known; ``newest``: address of the newest copy, "" for none; ``is_hidden``: the archive shows no copies
    of this site to anybody, so nobody outside can tell whether it has some.
    """

    count: int | None = 0
    has_more: bool = False
    first_on: date | None = None
    last_on: date | None = None
    newest: str = field(default="", repr=False)
    is_hidden: bool = False

    @property
    def has_any(self) -> bool:
        """Whether there is a copy that everybody can see."""
        return self.count is None or self.count > 0
