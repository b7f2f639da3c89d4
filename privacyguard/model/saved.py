"""A page that the person saved in their browser and brought back, and why one could not be read."""

from dataclasses import dataclass, field

from privacyguard.errors import PrivacyGuardError
from privacyguard.i18n import N_


@dataclass(frozen=True)
class SavedPicture:
    """A picture of a saved page. ``address``: where it was on the web; ``page``: the page that the picture led to, or None.

    Both are addresses with http or https from outside, untrusted: to be shown as text, never asked.
    """

    content: bytes = field(repr=False)
    address: str | None = field(default=None, repr=False)
    page: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class SavedPage:
    """What is known of a saved page before its pictures are taken.

    ``title``: plain text from outside, untrusted, or None; ``address``: the page's own, with http or https, untrusted, or
    None; ``count``: how many pictures there are to look at; ``left_out``: pictures that are there and cannot be taken (more
    than we read, damaged, too large).
    """

    title: str | None = field(repr=False)
    address: str | None = field(repr=False)
    count: int
    left_out: int = 0


class SavedPageUnreadable(PrivacyGuardError):
    """A file that should be a saved page cannot be read."""

    title = N_("This saved page cannot be read.")
    remedy = N_("Save the page once more, or make a screenshot of it. Then bring that.")


class NoSavedPage(SavedPageUnreadable):
    """The file is neither a picture, nor a video, nor a page."""

    title = N_("This file is not a picture and not a saved page.")
    remedy = N_("Bring a picture, a screenshot, or a page that you saved in your browser.")


class SavedPageNotOpened(SavedPageUnreadable):
    """The file is gone, is no plain file, or may not be read."""

    title = N_("This file cannot be opened.")
    remedy = N_("Check that it is still there and that you may read it.")


class SavedPageTooLarge(SavedPageUnreadable):
    """More than 64 MB, or more than can be read."""

    title = N_("This saved page is too large to read.")
    remedy = N_("Save fewer results at once, or make a screenshot. Then bring that.")
