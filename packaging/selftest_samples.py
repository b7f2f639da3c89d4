"""Makes resources/selftest/: the drawn face of the self-test in the formats that cannot be written without a library.

For whoever changes the drawing or adds a format: ``.venv/bin/python packaging/selftest_samples.py``. Needs ffmpeg, with x264,
x265, libvpx and libaom. Each codec of the videos is one that people's phones, browsers and older cameras write. The portraits
are cut out of photos in packages for development.
"""

import importlib.resources
import io
import struct
import subprocess
from pathlib import Path

from PIL import Image, ImageOps
from pillow_heif import from_pillow

from privacyguard.paths import throw_away_folder
from privacyguard.selftest import drawings
from privacyguard.selftest.portraits import PERSON, PERSON_AGAIN, SOMEBODY_ELSE

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "selftest"
SIDE_PX = 96
MOST_BYTES = 2000
MOST_BYTES_OF_A_PORTRAIT = 16_000

FFMPEG = "ffmpeg -y -loglevel error -loop 1 -i {picture} -frames:v 2 -r 2 -pix_fmt yuv420p -bitexact -map_metadata -1 "
VIDEOS = {
    "mp4": "-c:v libx264 -crf 30 -x264opts no-scenecut -bsf:v filter_units=remove_types=6",
    "mov": "-c:v libx265 -crf 32 -x265-params info=0:log-level=none -tag:v hvc1",
    "webm": "-c:v libvpx-vp9 -crf 40 -b:v 0",
    "mkv": "-c:v libaom-av1 -crf 45 -b:v 0 -cpu-used 6",
}


def main() -> None:
    """Write every sample, and stop where one is too large."""
    FOLDER.mkdir(exist_ok=True)
    with Image.open(io.BytesIO(drawings.png(drawings.drawn_face()))) as image:
        face = image.convert("RGB").resize((SIDE_PX, SIDE_PX), Image.Resampling.LANCZOS)
    drawn, taken = {**pictures(face), **videos(face)}, portraits()
    for name, content in {**drawn, **taken}.items():
        if len(content) > (MOST_BYTES if name in drawn else MOST_BYTES_OF_A_PORTRAIT):
            raise SystemExit(f"{name} has {len(content)} bytes")
        (FOLDER / name).write_bytes(content)


def pictures(face: Image.Image) -> dict[str, bytes]:
    """The drawing in each format of pictures, by the name of its file."""
    heif = io.BytesIO()
    from_pillow(face).save(heif, format="HEIF", quality=40)
    return {
        "face.jpg": encoded(face, "JPEG", quality=40),
        "face.webp": encoded(face, "WEBP", quality=50),
        "face.gif": encoded(face.quantize(16, dither=Image.Dither.NONE), "GIF", optimize=True),
        "face.avif": encoded(face, "AVIF", quality=50),
        "face.heic": heif.getvalue(),
    }


def videos(face: Image.Image) -> dict[str, bytes]:
    """The drawing as a video of two frames in each container, by the name of its file."""
    made = {"face.avi": avi(encoded(face, "JPEG", quality=40))}
    with throw_away_folder("samples-") as folder:
        picture = folder / "face.png"
        face.save(picture)
        for ending, codec in VIDEOS.items():
            out = folder / f"face.{ending}"
            words = (FFMPEG + codec).split()
            subprocess.run([word.format(picture=picture) for word in words] + [str(out)], check=True)
            made[out.name] = out.read_bytes()
    return made


def portraits() -> dict[str, bytes]:
    """Two people, whose photos are free for everyone, without what is hidden in the files; by the name of its file."""
    with Image.open(str(importlib.resources.files("skimage") / "data/astronaut.png")) as image:
        collins = image.convert("RGB")
    with Image.open(str(importlib.resources.files("matplotlib") / "mpl-data/sample_data/grace_hopper.jpg")) as image:
        hopper = image.convert("RGB")
    again = ImageOps.mirror(collins.crop((103, 0, 343, 240))).resize((144, 144), Image.Resampling.LANCZOS)
    other = hopper.crop((68, 26, 468, 426)).resize((200, 200), Image.Resampling.LANCZOS)
    return {
        PERSON: encoded(collins.crop((123, 20, 323, 220)), "JPEG", quality=85),
        PERSON_AGAIN: encoded(again, "JPEG", quality=60),
        SOMEBODY_ELSE: encoded(other, "JPEG", quality=85),
    }


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    """The picture in a format that Pillow writes."""
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def avi(jpeg: bytes) -> bytes:
    """One frame of Motion JPEG in the smallest AVI: ffmpeg keeps 5 kB free in its own."""
    frame = jpeg + b"\0" * (len(jpeg) % 2)
    head = struct.pack("<14I", 500_000, 0, 0, 0x10, 1, 0, 1, 0, SIDE_PX, SIDE_PX, 0, 0, 0, 0)
    stream = struct.pack(
        "<4s4sIHHIIIIIIII4H", b"vids", b"MJPG", 0, 0, 0, 0, 1, 2, 0, 1, 0, 0, 0, 0, 0, SIDE_PX, SIDE_PX
    )
    shape = struct.pack("<IiiHH4sIiiII", 40, SIDE_PX, SIDE_PX, 1, 24, b"MJPG", 3 * SIDE_PX**2, 0, 0, 0, 0)
    known = chunk(
        b"LIST",
        b"hdrl" + chunk(b"avih", head) + chunk(b"LIST", b"strl" + chunk(b"strh", stream) + chunk(b"strf", shape)),
    )
    index = chunk(b"idx1", struct.pack("<4sIII", b"00dc", 0x10, 4, len(frame)))
    return chunk(b"RIFF", b"AVI " + known + chunk(b"LIST", b"movi" + chunk(b"00dc", frame)) + index)


def chunk(name: bytes, content: bytes) -> bytes:
    """A part of a RIFF file."""
    return name + struct.pack("<I", len(content)) + content


if __name__ == "__main__":
    main()
