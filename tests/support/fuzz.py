"""Broken and hostile pictures and videos of every format, always the same for the same seed."""

import io
import os
import random
import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image
from pillow_heif import from_pillow

from tests.support.bombs import BOMBS, FOREIGN, said_to_be
from tests.support.video_samples import CODECS, COUNTING, claiming, drawn_scene, film, pointing_outside

PICTURES = {
    "JPEG": "jpg",
    "PNG": "png",
    "WEBP": "webp",
    "GIF": "gif",
    "TIFF": "tif",
    "BMP": "bmp",
    "HEIF": "heic",
    "AVIF": "avif",
}

ODD_NAMES = (
    "%03d.{}",
    "img_%d.{}",
    "a\nb.{}",
    "photo\u202egpj.{}",
    "\x1b[2J.{}",
    "-rf.{}",
    "http:__127.0.0.1_x.{}",
    "x" * 240 + ".{}",
)
UNDECODABLE = b"\xff\xfe\x80.jpg"

_SIZE = (120, 90)


@dataclass(frozen=True)
class Specimen:
    """One file. ``kind``: what was done to it, for counting."""

    name: str
    kind: str
    content: bytes = field(repr=False)


def specimens(count: int, seed: int, folder: Path) -> Iterator[Specimen]:
    """So many files: all bombs and foreign formats, then damaged ones of each format in turn. ``folder``: for encoders."""
    chance = random.Random(seed)
    whole = _whole(folder)
    fixed = _fixed(whole)
    for number in range(count):
        if number < len(fixed):
            name, kind, content = fixed[number]
            yield Specimen(f"{number:04}-{name}", kind, content())
            continue
        suffix = sorted(whole)[number % len(whole)]
        kind = chance.choice(sorted(_DAMAGES))
        damaged = _DAMAGES[kind](whole[suffix], chance)
        shown = chance.choice(sorted(whole)) if kind == "wrong extension" else suffix.split("-")[0]
        shape = chance.choice(ODD_NAMES) if chance.random() < 0.1 else "{}"
        yield Specimen(
            f"{number:04}-{shape.format(shown.split('-')[0]) if shape != '{}' else f'x.{shown}'}", kind, damaged
        )


def write(specimen: Specimen, folder: Path) -> Path:
    """The specimen as a file in ``folder``, its name cut to what a file system takes."""
    stem, _, suffix = specimen.name.rpartition(".")
    path = folder / f"{stem[: 250 - len(suffix)]}.{suffix.partition('-')[0]}"
    path.write_bytes(specimen.content)
    return path


def special_files(folder: Path) -> list[Path]:
    """What has the name of a picture and is no file to read, or a file without an end; all in ``folder``."""
    folder.mkdir(exist_ok=True)
    os.mkfifo(folder / "pipe.jpg")
    (folder / "link.jpg").symlink_to("/dev/zero")
    (folder / "nowhere.png").symlink_to(folder / "missing")
    (folder / "folder.jpg").mkdir()
    with socket.socket(socket.AF_UNIX) as ear:
        ear.bind(str(folder / "socket.png"))
    heads = {"sparse.jpg": b"\xff\xd8\xff\xe0", "sparse.mp4": b"\0\0\0\x18ftypisom", "sparse.mkv": b"\x1a\x45\xdf\xa3"}
    for name, head in heads.items():
        with (folder / name).open("wb") as file:
            file.write(head)
            file.truncate(10 * 1024**3)
    (folder / os.fsdecode(UNDECODABLE)).write_bytes(b"\xff\xd8\xff")
    (folder / ("\u00e4" * 125 + ".jpg")).write_bytes(b"\xff\xd8\xff\xe0")
    return sorted(folder.iterdir())


def _whole(folder: Path) -> Mapping[str, bytes]:
    """One good file of each format, by its suffix."""
    scene = drawn_scene(1, _SIZE)
    image = Image.fromarray(scene)
    good = {suffix: _encoded(image, kind) for kind, suffix in PICTURES.items()}
    good["jpg-progressive"] = _encoded(image, "JPEG", progressive=True)
    for container in CODECS:
        good[container] = film(folder, container, [(scene, 0.5), (drawn_scene(2, _SIZE), 0.5)])
    return good | {f"mp4-{name}": path.read_bytes() for name, path in COUNTING.items()}


def _encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    if kind == "HEIF":
        from_pillow(image).save(file, format="HEIF", quality=80)
    else:
        image.save(file, kind, **options)
    return file.getvalue()


def _fixed(whole: Mapping[str, bytes]) -> list[tuple[str, str, Callable[[], bytes]]]:
    made = [(name, "bomb", make) for name, make in BOMBS.items()]
    made += [(name, "not ours", lambda content=content: content) for name, content in FOREIGN.items()]  # type: ignore[misc]
    more: Mapping[str, Callable[[], bytes]] = {
        "wide.avif": lambda: said_to_be(whole["avif"], 2**31, 600),
        "wide.heic": lambda: said_to_be(whole["heic"], 2**31, 2**31),
        "zero.heic": lambda: said_to_be(whole["heic"], 0, 0),
        "long.mp4": lambda: claiming(whole["mp4"], 10**9),
        "huge.mp4": lambda: claiming(whole["mp4"], 1, 65_535, 65_535),
        "elsewhere.mp4": lambda: pointing_outside(whole["mp4"], "http://127.0.0.1:9/film.mp4"),
        "file.mp4": lambda: pointing_outside(whole["mp4"], "file:///etc/passwd"),
    }
    return made + [(name, "bomb", make) for name, make in more.items()]


def _cut(share: float) -> Callable[[bytes, random.Random], bytes]:
    return lambda content, chance: content[: int(len(content) * share)]


def _flipped(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice((1, 8, 200))):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _flipped_head(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice((1, 2, 8))):
        changed[chance.randrange(12, min(400, len(changed)))] = chance.choice((0, 1, 0x7F, 0x80, 0xFF))
    return bytes(changed)


def _grown_number(content: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(8, max(9, min(len(content) - 4, 600)))
    return content[:place] + chance.choice((b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", bytes(4))) + content[place + 4 :]


def _without_part(content: bytes, chance: random.Random) -> bytes:
    place, length = chance.randrange(len(content)), chance.randrange(1, 400)
    return content[:place] + content[place + length :]


def _with_part_twice(content: bytes, chance: random.Random) -> bytes:
    place, length = chance.randrange(len(content)), chance.randrange(1, 400)
    return content[: place + length] + content[place:]


def _noise_after_head(content: bytes, chance: random.Random) -> bytes:
    kept = chance.randrange(16, min(300, len(content)))
    return content[:kept] + chance.randbytes(len(content) - kept)


_DAMAGES: Mapping[str, Callable[[bytes, random.Random], bytes]] = {
    "cut at 1 %": _cut(0.01),
    "cut at 50 %": _cut(0.5),
    "cut at 99 %": _cut(0.99),
    "flips": _flipped,
    "flips in the head": _flipped_head,
    "grown number": _grown_number,
    "part missing": _without_part,
    "part twice": _with_part_twice,
    "noise": _noise_after_head,
    "wrong extension": lambda content, chance: content,
}
