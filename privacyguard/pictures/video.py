"""Frames of a video, chosen over its whole length. Only worker processes import this module.

A video comes as an open descriptor or as bytes; no name reaches the decoder, and nothing that it says about its length,
frames or streams is believed.
"""

import time
from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

import cv2
import numpy as np
from numpy.typing import NDArray

from privacyguard.errors import PictureUnreadable
from privacyguard.model.picture import Unreadable
from privacyguard.pictures.decode import Pixels
from privacyguard.pictures.files import WHOLE_BYTES
from privacyguard.pictures.video_packets import Decoded, Packet, Packets
from privacyguard.pictures.video_source import Source, content_sha256, format_of

__all__ = ["Facts", "Frame", "content_sha256", "frame_at", "frames", "probe"]

SAMPLES = 200
"""Frames at most that are taken evenly; of up to this many seconds one a second. Scene changes come on top."""

SCENES = 100
BUDGET_S = 30.0
SAME_LEVELS = 8
"""Two frames are the same to us when no cell of a 64 x 36 grid differs by more, of 256 levels of grey. One cell of 1080p is 30
pixels wide: a face that comes in changes it, noise and compression do not."""

SCENE_LEVELS = 24
"""Mean difference of the grid that makes another scene."""

_STRIDES = (64, 16, 4, 1)
_CHECK_S = 0.5
_REORDER_S = 1.0
_LENGTH_SHARE = 0.25
_GRID = (64, 36)

Grid = NDArray[np.int16]


@dataclass(frozen=True)
class Facts:
    """A video before anything of it is decoded. ``width``/``height``: upright pixels; ``format``: MP4, MOV, WEBM, MKV, AVI."""

    width: int
    height: int
    format: str


@dataclass(frozen=True)
class Frame:
    """One upright frame. ``time_s``: seconds from the start; ``scale``: original per decoded pixel."""

    pixels: Pixels = field(repr=False)
    time_s: float
    scale: float


def probe(source: int | bytes) -> Facts:
    """What is known of a video before it is decoded.

    Raises:
        PictureUnreadable: NOT_A_PICTURE where it is no MP4, MOV, WebM, MKV or AVI by its first bytes, holds no pictures or
            is coded in a way that we do not decode; TOO_LARGE over 8192 x 4352 pixels; BROKEN.
    """
    content = Source(source)
    packets = Packets(content)
    width, height = round(packets.width * packets.aspect), packets.height
    if packets.turn in {90, 270}:
        width, height = height, width
    return Facts(width, height, format_of(content.at(0, 64)))


def frames(
    source: int | bytes,
    longest_px: int | None = None,
    budget_s: float = BUDGET_S,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Frame]:
    """Frames over the whole length, coarse to fine: not in the order of their times.

    One a second, thinned to :data:`SAMPLES` over a long video, and one after each change of scene that was seen on the
    way. What nearly equals a frame beside it is left out.

    Args:
        source: an open descriptor, which stays open, or the content.
        longest_px: frames are made no larger than this on their longer side; None for the original size.
        budget_s: when so many seconds of ``clock`` have gone by, the caller's work on the frames included, no more follow.

    Raises:
        PictureUnreadable: as :func:`probe`, or BROKEN where no frame can be decoded, TIMED_OUT where none could be in time.
    """
    until = clock() + budget_s
    sampler = _Sampler(Packets(content := Source(source)), lambda: clock() >= until)
    length_s = sampler.length_s(lambda: clock() >= until - budget_s * (1 - _LENGTH_SHARE))
    for pixels, time_s in sampler.samples(length_s, content.size <= WHOLE_BYTES):
        yield _upright(pixels, time_s, sampler.packets, longest_px)
    if not sampler.has_decoded:
        raise PictureUnreadable(Unreadable.TIMED_OUT if clock() >= until else Unreadable.BROKEN)


def frame_at(source: int | bytes, time_s: float, longest_px: int | None = None) -> Frame:
    """The frame that :func:`frames` gave with this time, again; between two frames, the later one; after the end, the last.

    Raises:
        PictureUnreadable: as :func:`frames`.
    """
    packets = Packets(Source(source))
    decoded = Decoded(packets.stream_head, _from_key(packets, time_s, time_s))
    found: tuple[NDArray[np.uint8], float] | None = None
    for shown_s in decoded:
        if (pixels := decoded.pixels()) is not None:
            found = pixels, shown_s
        if found and shown_s >= time_s - 1e-6:
            break
    if found is None:
        raise PictureUnreadable(Unreadable.BROKEN)
    return _upright(found[0], found[1], packets, longest_px)


class _Sampler:
    """Which frames are taken, and what was seen so far. ``has_decoded``: any frame at all."""

    def __init__(self, packets: Packets, is_over: Callable[[], bool]) -> None:
        self.packets = packets
        self._is_over = is_over
        self.has_decoded = False
        self._looked: list[float] = []
        self._taken: list[float] = []
        self._grids: dict[float, Grid] = {}
        self._scenes = 0
        self._key_before: dict[float, float] = {}

    def length_s(self, is_over: Callable[[], bool]) -> float:
        """The time of the last packet that was reached. The claimed length says only where to begin looking for it."""
        claimed = self.packets.claimed_length_s()
        last = self.packets.seek(claimed) if claimed else None
        if last is None:
            self.packets.rewind()
        length = last.time_s if last else 0.0
        for packet in self.packets.following():
            length = max(length, packet.time_s)
            if is_over():
                return max(length, claimed)
        return length

    def samples(self, length_s: float, is_small: bool) -> Iterator[tuple[NDArray[np.uint8], float]]:
        """Pixels as stored and their time: key pictures first, they cost least; then scenes; then what lies between."""
        step = max(1.0, length_s / SAMPLES)
        moments = [number * step for number in range(int(length_s / step) + 1)]
        self.packets.rewind()
        for some in _coarse_to_fine(moments):
            yield from self._alone(self._keys(some), is_due=True)
        if is_small and length_s <= SAMPLES:
            self.packets.rewind()
            yield from self._alone(self._other_keys(), is_due=False)
        for group in self._gaps([moment for moment in moments if not self._near(moment, step / 2)]):
            yield from self._between(group)

    def _alone(self, keys: Iterator[Packet], is_due: bool) -> Iterator[tuple[NDArray[np.uint8], float]]:
        for key in keys:
            # A decoder for each: one for all gives them in its own order, and drops those of open groups.
            decoded = Decoded(self.packets.stream_head, iter([key]))
            for time_s in decoded:
                pixels = self._take(decoded, time_s, is_due)
                if pixels is not None:
                    yield pixels, time_s

    def _keys(self, moments: Iterable[float]) -> Iterator[Packet]:
        for moment in moments:
            if self._is_over() and self._key_before:
                return
            key = self.packets.seek(moment)
            if key is None:
                # It cannot seek: all is decoded from the start, further down.
                self._key_before[moment] = 0.0
                self.packets.rewind()
                continue
            if key.time_s not in self._key_before.values():
                self._key_before[moment] = key.time_s
                yield key
            self._key_before[moment] = key.time_s

    def _other_keys(self) -> Iterator[Packet]:
        """Key pictures between the moments: coders put them where scenes change."""
        checked_s = -_CHECK_S
        for packet in self.packets.following():
            if self._is_over():
                return
            if packet.is_key and packet.time_s >= checked_s + _CHECK_S and not self._near(packet.time_s, _CHECK_S):
                checked_s = packet.time_s
                yield packet

    def _gaps(self, moments: Iterable[float]) -> Iterator[list[float]]:
        """The moments that no key picture serves, by the key picture before them."""
        groups: dict[float, list[float]] = {}
        for moment in moments:
            if (key := self._key_before.get(moment)) is not None:
                groups.setdefault(key, []).append(moment)
        for some in _coarse_to_fine(sorted(groups)):
            for key in some:
                if self._is_over():
                    return
                yield groups[key]

    def _between(self, moments: list[float]) -> Iterator[tuple[NDArray[np.uint8], float]]:
        due = list(moments)
        decoded = Decoded(self.packets.stream_head, _from_key(self.packets, moments[0], moments[-1], self._is_over))
        checked_s = -_CHECK_S
        for time_s in decoded:
            is_due = time_s >= due[0]
            if is_due or time_s >= checked_s + _CHECK_S:
                checked_s = time_s
                pixels = self._take(decoded, time_s, is_due)
                if pixels is not None:
                    yield pixels, time_s
            while due and time_s >= due[0]:
                due.pop(0)
            if not due:
                return

    def _take(self, decoded: Decoded, time_s: float, is_due: bool) -> NDArray[np.uint8] | None:
        """The frame's pixels, where they are worth a look."""
        pixels = decoded.pixels()
        if pixels is None:
            return None
        grid = _grid(pixels)
        if is_due:
            insort(self._looked, time_s)
        self.has_decoded = True
        place = bisect_left(self._taken, time_s)
        beside = [np.abs(self._grids[near] - grid) for near in self._taken[max(0, place - 1) : place + 1]]
        if is_due:
            is_new = all(difference.max() > SAME_LEVELS for difference in beside)
        else:
            is_new = self._scenes < SCENES and all(difference.mean() > SCENE_LEVELS for difference in beside)
            self._scenes += is_new
        if not is_new:
            return None
        insort(self._taken, time_s)
        self._grids[time_s] = grid
        return pixels

    def _near(self, time_s: float, within_s: float) -> bool:
        place = bisect_left(self._looked, time_s)
        return any(abs(near - time_s) <= within_s for near in self._looked[max(0, place - 1) : place + 1])


def _from_key(
    packets: Packets, first_s: float, last_s: float, is_over: Callable[[], bool] = lambda: False
) -> Iterator[Packet]:
    """The packets that are needed to show ``first_s`` to ``last_s``."""
    key = packets.seek(first_s)
    if key is None:
        packets.rewind()
    for packet in chain([key] if key else [], packets.following()):
        # Packets come in the order of decoding; those shown earlier may come a little later.
        if packet.time_s > last_s + _REORDER_S or is_over():
            return
        yield packet


def _coarse_to_fine(values: list[float]) -> Iterator[list[float]]:
    """Every 64th, then every 16th, and so on until all; each once, each part in its order."""
    done: set[int] = set()
    for stride in _STRIDES:
        part = [number for number in range(0, len(values), stride) if number not in done]
        done.update(part)
        yield [values[number] for number in part]


def _grid(pixels: NDArray[np.uint8]) -> Grid:
    small = cv2.resize(pixels, _GRID, interpolation=cv2.INTER_AREA)
    return cv2.cvtColor(small, cv2.COLOR_BGR2GRAY).astype(np.int16)


def _upright(pixels: NDArray[np.uint8], time_s: float, packets: Packets, longest_px: int | None) -> Frame:
    height, width = pixels.shape[:2]
    shown = round(width * packets.aspect)
    share = min(1.0, longest_px / max(shown, height)) if longest_px else 1.0
    size = max(1, round(shown * share)), max(1, round(height * share))
    sized = pixels if size == (width, height) else cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    turned = np.rot90(sized, -packets.turn // 90) if packets.turn % 90 == 0 else sized
    return Frame(np.ascontiguousarray(turned[:, :, ::-1], dtype=np.uint8), time_s, 1 / share)
