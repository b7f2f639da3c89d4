"""A video's packets, taken out of its container, and pictures made of them.

OpenCV's own seeking decodes from the key picture before, up to seconds of work for one frame. So it only takes the packets
out (its raw mode, well under a millisecond), and those that are wanted go to a second decoder, wrapped as a Matroska stream.
"""

import io
import math
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from privacyguard.errors import PictureUnreadable
from privacyguard.model.picture import Unreadable
from privacyguard.pictures.files import MAGIC_BYTES
from privacyguard.pictures.matroska import packet_cluster, stream_head
from privacyguard.pictures.video_source import Source, announces_pictures, container_of

MAX_PIXELS = 8192 * 4352
"""Of one frame: twice 4K on each side. Larger videos are not opened."""

LONGEST_S = 7 * 24 * 3600.0
"""No time beyond this is believed."""

_CODECS = {
    "h264": "V_MPEG4/ISO/AVC",
    "hevc": "V_MPEGH/ISO/HEVC",
    "vp80": "V_VP8",
    "vp90": "V_VP9",
    "av01": "V_AV1",
    "fmp4": "V_MPEG4/ISO/ASP",
    "mjpg": "V_MJPEG",
    "mpg1": "V_MPEG1",
    "mpg2": "V_MPEG2",
}
"""What OpenCV calls a codec (lower case), and what Matroska does. Nothing else is decoded."""

_WITH_HEAD = frozenset({"h264", "av01", "fmp4", "mpg1", "mpg2"})
"""Codecs whose packets need the container's head of the stream; the others' packets come with all that they need."""

_OPTIONS = "OPENCV_FFMPEG_CAPTURE_OPTIONS"
_TICK_MS = 40


@dataclass(frozen=True)
class Packet:
    """One coded picture. ``time_s``: when it is shown, seconds from the start; ``is_key``: decodable without others."""

    content: bytes = field(repr=False)
    time_s: float
    is_key: bool


class Packets:
    """The packets of a video's picture stream.

    Raises:
        PictureUnreadable: no video container, no pictures in it, broken, over the limits, or a codec that we do not decode.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        container = container_of(source.at(0, MAGIC_BYTES))
        if container is None:
            raise PictureUnreadable(Unreadable.NOT_A_PICTURE)
        self._container = container
        self._open()
        self.width, self.height = (
            int(self._get(side)) for side in (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT)
        )
        if self.width * self.height > MAX_PIXELS:
            raise PictureUnreadable(Unreadable.TOO_LARGE)
        codec = (int(self._get(cv2.CAP_PROP_FOURCC)) & 0xFFFFFFFF).to_bytes(4, "little").decode("latin-1").lower()
        if codec not in _CODECS:
            raise PictureUnreadable(Unreadable.NOT_A_PICTURE)
        if min(self.width, self.height) < 1:
            raise PictureUnreadable(Unreadable.BROKEN)
        self.turn = round(self._get(cv2.CAP_PROP_ORIENTATION_META)) % 360
        self.aspect = self._aspect()
        head = self._head() if codec in _WITH_HEAD else b""
        head = _with_start_codes(head) if codec == "h264" else head
        self.stream_head = stream_head(_CODECS[codec], head, self.width, self.height)

    def _open(self) -> None:
        self._capture = _capture(_Reading(self._source), self._container)
        if not self._capture.isOpened():
            is_video = announces_pictures(self._source)
            raise PictureUnreadable(Unreadable.BROKEN if is_video else Unreadable.NOT_A_PICTURE)
        # Only now: opened for packets from the start it would not know how the video is turned.
        self._capture.set(cv2.CAP_PROP_FORMAT, -1)
        self._capture.set(cv2.CAP_PROP_ORIENTATION_AUTO, 0)

    def claimed_length_s(self) -> float:
        """What the container says about its length; 0 when it says nothing that can be believed."""
        frames, per_second = self._get(cv2.CAP_PROP_FRAME_COUNT), self._get(cv2.CAP_PROP_FPS)
        length = frames / per_second if per_second > 0 else 0.0
        return length if 0 < length < LONGEST_S else 0.0

    def seek(self, time_s: float) -> Packet | None:
        """The key packet before ``time_s``; what follows it comes from :meth:`following`. None: this one cannot seek."""
        if not self._capture.set(cv2.CAP_PROP_POS_MSEC, time_s * 1000):
            return None
        packet = self._next()
        # Where it could not go there it is anywhere.
        return packet if packet is not None and packet.is_key and packet.time_s <= time_s + 0.5 else None

    def rewind(self) -> None:
        """Back to the first packet, whatever the container says about places."""
        self._open()  # not release() first: OpenCV lets go of the stream without the interpreter's lock, which ends the process

    def following(self) -> Iterator[Packet]:
        """The packets from here on, to the end."""
        while (packet := self._next()) is not None:
            yield packet

    def _next(self) -> Packet | None:
        if not self._capture.grab():
            return None
        is_there, content = self._capture.retrieve()
        if not is_there or content is None:
            return None
        time_s = self._get(cv2.CAP_PROP_POS_MSEC) / 1000
        is_key = self._get(cv2.CAP_PROP_LRF_HAS_KEY_FRAME) != 0
        return Packet(content.tobytes(), min(max(time_s, 0.0), LONGEST_S), is_key)

    def _head(self) -> bytes:
        is_there, content = self._capture.retrieve(flag=int(self._get(cv2.CAP_PROP_CODEC_EXTRADATA_INDEX)))
        return content.tobytes() if is_there and content is not None else b""

    def _aspect(self) -> float:
        """Width of one stored pixel to its height."""
        across, down = self._get(cv2.CAP_PROP_SAR_NUM), self._get(cv2.CAP_PROP_SAR_DEN)
        aspect = across / down if across > 0 and down > 0 else 1.0
        return aspect if 0.25 < aspect < 4 else 1.0

    def _get(self, what: int) -> float:
        value = float(self._capture.get(what))
        return value if math.isfinite(value) else 0.0


class Decoded:
    """The frames of packets, in the order in which they are shown, each with its time: an iterator.

    ``pixels()`` gives those of the frame that came last, (height, width, 3) in BGR, as stored.
    """

    def __init__(self, stream_head: bytes, packets: Iterator[Packet]) -> None:
        self._wrapped = _Wrapping(stream_head, packets)
        self._capture = _capture(self._wrapped, "matroska")

    def __iter__(self) -> Iterator[float]:
        while self._capture.isOpened() and self._capture.grab():
            tick = max(0, round(float(self._capture.get(cv2.CAP_PROP_POS_MSEC)) / _TICK_MS))
            if tick < len(self._wrapped.times):
                yield self._wrapped.times[tick]

    def pixels(self) -> NDArray[np.uint8] | None:
        """None where the frame cannot be shown."""
        try:
            is_there, pixels = self._capture.retrieve()
        except cv2.error:  # no memory for it
            return None
        if not is_there or pixels is None or pixels.ndim != 3 or not pixels.size:
            return None
        return np.asarray(pixels, dtype=np.uint8)


class _Reading(io.BufferedIOBase):
    """A source as the stream that OpenCV reads from. Nothing in it raises: OpenCV would end the process."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._place = 0

    def read(self, size: int | None = -1, /) -> bytes:
        try:
            content = self._source.at(self._place, max(0, size or 0))
        except PictureUnreadable:
            return b""
        self._place += len(content)
        return content

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        start = {os.SEEK_CUR: self._place, os.SEEK_END: self._source.size}.get(whence, 0)
        if not 0 <= start + offset <= self._source.size:
            return -1
        self._place = start + offset
        return self._place


class _Wrapping(io.BufferedIOBase):
    """Packets as a Matroska stream that is written while it is read. ``times``: of the packets so far, in their order."""

    def __init__(self, head: bytes, packets: Iterator[Packet]) -> None:
        self._left = head
        self._packets = packets
        self._place = 0
        self.times: list[float] = []

    def read(self, size: int | None = -1, /) -> bytes:
        if not self._left and (packet := next(self._packets, None)) is not None:
            # Their number instead of their time: broken times, and times that do not start at 0, would come out changed.
            self._left = packet_cluster(packet.content, len(self.times) * _TICK_MS, packet.is_key)
            self.times.append(packet.time_s)
        content, self._left = self._left[: max(0, size or 0)], self._left[max(0, size or 0) :]
        self._place += len(content)
        return content

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        stays = (whence == os.SEEK_SET and offset == self._place) or (whence == os.SEEK_CUR and offset == 0)
        return self._place if stays else -1


def _with_start_codes(head: bytes) -> bytes:
    """The parameter sets of an MP4's H.264 head (ISO/IEC 14496-15, 5.3.3.1) in the form in which OpenCV gives the packets."""
    if not head.startswith(b"\1"):
        return head
    sets, place = b"", 5
    for mask in (0x1F, 0xFF):
        count, place = head[place] & mask if place < len(head) else 0, place + 1
        for _ in range(count):
            length = int.from_bytes(head[place : place + 2], "big")
            sets += b"\0\0\0\1" + head[place + 2 : place + 2 + length]
            place += 2 + length
    return sets


def _capture(stream: io.BufferedIOBase, container: str) -> cv2.VideoCapture:
    """A capture that reads this stream with this demuxer alone: no other name, protocol or container can be opened by it."""
    # OpenCV takes FFmpeg's options from the environment only, and only while it opens.
    os.environ[_OPTIONS] = (
        f"input_format;{container}|format_whitelist;{container}|protocol_whitelist;none"
        "|fpsprobesize;0|max_streams;32|threads;1"
    )
    try:
        return cv2.VideoCapture(cast("cv2.IStreamReader", stream), cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, 1])
    except cv2.error:
        raise PictureUnreadable(Unreadable.BROKEN) from None
    finally:
        os.environ.pop(_OPTIONS, None)  # gone already where reading this stream opened another
