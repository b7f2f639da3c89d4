"""What is taken out of an export of a password manager or browser, and why one could not be read."""

from dataclasses import dataclass, field

from privacyguard.errors import PrivacyGuardError
from privacyguard.i18n import N_, _


@dataclass(frozen=True)
class ExportRead:
    """The sites and names in an export, and nothing else of it.

    ``kind``: the program it comes from, "other" for one that we do not know; ``sites``: registrable host names in ASCII,
    sorted, each once; ``names``: the titles of entries without an address, the same way; ``passwords``: only where they were
    asked for, each once: a site, or a name, or "" where there is neither, and the SHA-1 of a password, 40 hexadecimal signs
    in upper case; ``rows``: the entries in all; ``left_out``: those that gave neither a site nor a name (a note, a router).
    """

    kind: str
    sites: tuple[str, ...] = field(repr=False)
    names: tuple[str, ...] = field(repr=False)
    passwords: tuple[tuple[str, str], ...] = field(repr=False)
    rows: int
    left_out: int


class ExportUnreadable(PrivacyGuardError):
    """An export cannot be read. ``line``: where it went wrong, from 1, None for the whole of it; never a text of the file."""

    title = N_("This list of accounts cannot be read.")
    remedy = N_("Export it once more as CSV. Then choose the new file.")

    def __init__(self, line: int | None = None) -> None:
        super().__init__("export" if line is None else f"export, line {line}")
        self.line = line
        if line is not None:
            self.title = _("This list of accounts cannot be read. Line {line} has a form that we do not know.").format(
                line=line
            )


class ExportNotOpened(ExportUnreadable):
    """The file is gone, is no plain file, or may not be read."""

    title = N_("This file cannot be opened.")
    remedy = N_("Check that it is still there and that you may read it.")


class ExportEmpty(ExportUnreadable):
    """No entry at all, or only a first line with the names of columns."""

    title = N_("There is no account in this file.")


class ExportUnknown(ExportUnreadable):
    """No column that holds addresses of sites, or passwords where they were asked for; or no CSV at all."""

    title = N_("This file is not a list of accounts that we know.")
    remedy = N_("In your password manager or browser, export your passwords as CSV. Then choose that file.")


class ExportTooLarge(ExportUnreadable):
    """Over 64 MB, more entries than anybody has, or more sites than the closed-off reader may tell."""

    title = N_("This file is too large for a list of accounts.")
    remedy = N_("Check that it is the right file, or export a part of your accounts.")
