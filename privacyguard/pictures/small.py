"""A picture in small, as raw pixels that a window can paint without decoding anything. Only worker processes use it."""

from PIL import Image

from privacyguard.pictures.decode import Pixels


def in_small(pixels: Pixels, longest_px: int) -> tuple[int, int, bytes]:
    """Width, height and raw RGB of the picture, its longer side at most ``longest_px``. A smaller picture stays as it is."""
    small = Image.fromarray(pixels)
    small.thumbnail((longest_px, longest_px))
    return small.width, small.height, small.tobytes()
