"""Videos made for tests: drawn scenes with cuts at known seconds, in every container, and what hostile ones are like."""

import struct
from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from privacyguard.pictures.matroska import packet_cluster, stream_head
from tests.support.drawn_faces import drawn_face

COUNTING = {name: Path(__file__).parent / "videos" / f"counting-{name}.mp4" for name in ("h264", "hevc")}
"""20 seconds of 10 frames each; every frame is one level brighter than the one before (README beside them)."""

CODECS = {"mp4": "mp4v", "mov": "MJPG", "webm": "VP80", "mkv": "VP90", "avi": "XVID"}
"""What this OpenCV can write into each container."""

SIZE = (320, 240)
Scene = NDArray[np.uint8]


def drawn_scene(which: int, size: tuple[int, int] = SIZE) -> Scene:
    """A drawn portrait before a ground of its own, RGB."""
    cut = drawn_face(which, 150)
    ground = Image.new("RGB", size, ("#203040", "#E0D0B0", "#705010", "#90C0F0")[which % 4])
    ground.paste(Image.frombytes("RGB", (cut.width, cut.height), cut.rgb), (size[0] // 4, size[1] // 6))
    return np.asarray(ground)


def film(
    folder: Path, container: str, scenes: Iterable[tuple[Scene, float]], codec: str | None = None, fps: float = 10
) -> bytes:
    """A video that shows each scene (RGB) for so many seconds."""
    path = folder / f"film.{container}"
    writer: cv2.VideoWriter | None = None
    for scene, seconds in scenes:
        if writer is None:
            fourcc = cv2.VideoWriter.fourcc(*(codec or CODECS[container]))
            writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, fourcc, fps, (scene.shape[1], scene.shape[0]))
            assert writer.isOpened()
        for _ in range(round(seconds * fps)):
            writer.write(cv2.cvtColor(scene, cv2.COLOR_RGB2BGR))
    assert writer is not None
    writer.release()
    return path.read_bytes()


def time_of_level(pixels: NDArray[np.uint8]) -> float:
    """The time that a frame of :data:`COUNTING` says."""
    return (float(pixels.mean()) / 255 * 219 + 16 - 20) / 10


def turned(mp4: bytes, quarter_turns: int) -> bytes:
    """An MP4 that is to be shown turned clockwise: the matrix in its track header is exchanged."""
    one = 0x10000
    across, down = ((one, 0), (0, one), (-one, 0), (0, -one))[quarter_turns]
    upright = struct.pack(">9i", one, 0, 0, 0, one, 0, 0, 0, 0x40000000)
    place = mp4.index(upright, mp4.index(b"tkhd"))
    matrix = struct.pack(">9i", across, down, 0, -down, across, 0, 0, 0, 0x40000000)
    return mp4[:place] + matrix + mp4[place + len(matrix) :]


def claiming(mp4: bytes, seconds: int, width: int | None = None, height: int | None = None) -> bytes:
    """An MP4 whose heads speak of another length and size than it has."""
    changed = bytearray(mp4)
    for head, scale_at, length_at in ((b"mvhd", 16, 20), (b"mdhd", 16, 20)):
        place = mp4.index(head)
        scale = int.from_bytes(mp4[place + scale_at : place + scale_at + 4], "big")
        changed[place + length_at : place + length_at + 4] = min(seconds * scale, 2**32 - 1).to_bytes(4, "big")
    if width and height:
        place = mp4.index(b"mp4v", mp4.index(b"stsd")) + 28
        changed[place : place + 4] = struct.pack(">HH", width, height)
    return bytes(changed)


def pointing_outside(mp4: bytes, target: str) -> bytes:
    """An MP4 whose pictures are said to be at an address or in a file: ``url `` in its data reference."""
    old = mp4.index(b"dref") - 4
    size = int.from_bytes(mp4[old : old + 4], "big")
    entry = b"url " + bytes(4) + target.encode() + b"\0"
    entry = struct.pack(">I", len(entry) + 4) + entry
    dref = struct.pack(">I", 16 + len(entry)) + b"dref" + bytes(4) + struct.pack(">I", 1) + entry
    grown = len(dref) - size
    changed = bytearray(mp4[:old] + dref + mp4[old + size :])
    for name in (b"moov", b"trak", b"mdia", b"minf", b"dinf"):
        place = mp4.index(name) - 4
        changed[place : place + 4] = (int.from_bytes(mp4[place : place + 4], "big") + grown).to_bytes(4, "big")
    return bytes(changed)


def matroska_of_many_streams(streams: int) -> bytes:
    """Nothing but the heads of so many streams."""
    whole = stream_head("V_VP8", b"", 64, 48)
    tracks = whole.index(b"\x16\x54\xae\x6b")
    entries = whole[tracks + 12 :] * streams
    return whole[:tracks] + b"\x16\x54\xae\x6b" + struct.pack(">Q", len(entries) | 1 << 56) + entries


def matroska_of_sound(packets: int = 50) -> bytes:
    """A stream that says it is sound (PCM) and has only that."""
    track_type = b"\x83" + struct.pack(">Q", 8 | 1 << 56)
    head = stream_head("A_PCM/INT/LIT", b"", 0, 0)
    assert track_type + struct.pack(">Q", 1) in head
    head = head.replace(track_type + struct.pack(">Q", 1), track_type + struct.pack(">Q", 2))
    return head + b"".join(packet_cluster(bytes(800), number * 50, True) for number in range(packets))
