"""What an archive of the web says of a page, and what to do about it, in words. Facts: services 10."""

from privacyguard import wording
from privacyguard.i18n import N_, _, ngettext
from privacyguard.model.archive import ArchiveCopies

ARCHIVE = "Internet Archive"
"""Whose the Wayback Machine is: who a letter goes to."""
ARCHIVE_MAIL = "info@archive.org"

SENDS = N_(
    "We ask the Wayback Machine, an archive of old web pages. It gets the address of this page and of the picture, and sees "
    "your internet address. It is free. We save nothing there."
)
ASK_SITE_FIRST = N_("Ask the site first to take it down. Else the archive may copy it again.")
ASK_ARCHIVE = N_("Then ask the archive to take its copies out. We write the letter, and you send it to {mail}.")


def copies_words(copies: ArchiveCopies) -> str:
    """What the archive shows of one address, in a sentence or two."""
    if copies.is_hidden:
        return _("The archive shows nobody its copies of this site. So we cannot tell if it has some.")
    if not copies.has_any:
        return _("The archive shows no copy of it. Other archives may have one.")
    last = wording.day(copies.last_on) if copies.last_on else _("a day that we do not know")
    if copies.count is None or copies.first_on is None:
        return _("There is a copy from {day}. We could not count the others.").format(day=last)
    first = wording.day(copies.first_on)
    if copies.has_more:
        words = _("There are {count} copies or more. The first is from {first}, the last from {last}.")
        return words.format(count=f"{copies.count:,}", first=first, last=last)
    if copies.count == 1:
        return _("There is 1 copy, from {day}.").format(day=last)
    return ngettext(
        "There is {count} copy. The first is from {first}, the last from {last}.",
        "There are {count} copies. The first is from {first}, the last from {last}.",
        copies.count,
    ).format(count=f"{copies.count:,}", first=first, last=last)


def what_to_do() -> tuple[str, str]:
    """How copies are taken out, in two steps."""
    return _(ASK_SITE_FIRST), _(ASK_ARCHIVE).format(mail=ARCHIVE_MAIL)
