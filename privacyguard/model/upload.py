"""A photo made ready to be sent, and what the window shows of it before the person says yes."""

from dataclasses import dataclass, field

PREVIEW_PX = 240
"""Longer side of what is shown, at most."""


@dataclass(frozen=True)
class Preview:
    """A photo in small: raw RGB, 3 bytes a pixel, rows from the top, no padding. ``full_width``, ``full_height``: pixels of
    the photo itself."""

    width: int
    height: int
    rgb: bytes = field(repr=False)
    full_width: int
    full_height: int


@dataclass(frozen=True)
class Upload:
    """The very bytes that would leave (JPEG, nothing hidden in them), and what they show."""

    jpeg: bytes = field(repr=False)
    preview: Preview
