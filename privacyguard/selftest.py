"""Every heavy part started once, also in the installed app: proof that nothing is missing where it was put.

It uses nothing of the person's: a drawn face, a vault in a throw-away folder with a throw-away key.
"""

import os
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

from privacyguard.analysis.pool import AnalysisPool
from privacyguard.doctor import Check, second_opinion
from privacyguard.errors import PictureUnreadable, PrivacyGuardError
from privacyguard.faces.matching import similarity
from privacyguard.i18n import _
from privacyguard.model.person import EnrolledPhoto, FaceTemplate, Relation
from privacyguard.paths import HOME_VARIABLE, is_frozen, throw_away_folder
from privacyguard.session import now

WINDOW_TIMEOUT_S = 60.0
WINDOW_OPTION = "--self-test-window"
"""What the child process is started with that opens the window off-screen."""

SIDE_PX = 192


def try_everything() -> Iterator[Check]:
    """Each part's result, as soon as it is known. Nothing of it is kept."""
    yield _faces()
    yield second_opinion()
    yield _vault()
    yield _certificates()
    yield _window()


def _faces() -> Check:
    what = _("faces")
    drawing = drawn_face()
    try:
        with AnalysisPool(workers=1) as pool:
            first, second = pool.analyse(drawing, cuts=True, own=True), pool.analyse(drawing, own=True)
    except PictureUnreadable:
        return Check(what, False, _("a worker did not start, or could not open a drawing"))
    if len(first.faces) != 1 or len(second.faces) != 1:
        return Check(what, False, _("the drawn face was not found"))
    face, again = first.faces[0], second.faces[0]
    if face.embedding is None or again.embedding is None or face.cut is None:
        return Check(what, False, _("the drawn face was not measured"))
    photo = EnrolledPhoto(face.embedding, face.cut, first.phash, first.sha256)
    alike = similarity(FaceTemplate((photo,), first.model_id, now()), again.embedding)
    if alike < 0.999:
        return Check(what, False, _("the same drawing gave two different faces"))
    return Check(what, True, _("a drawn face was found and known again"))


def _vault() -> Check:
    from privacyguard.vault.forget import forget_everything
    from privacyguard.vault.keystore import SystemKeyStore, home_id
    from privacyguard.vault.vault import Vault

    what = _("vault")
    with throw_away_folder("self-test-") as folder:
        home = folder / "home"
        try:
            keys = SystemKeyStore(home_id(home))
            try:
                with Vault.open(home, keys, clock=now) as vault:
                    vault.add_person("self-test", Relation.ME, is_adult=True)
                with Vault.open(home, keys, clock=now) as vault:
                    is_kept = vault.person_named("self-test") is not None
            finally:
                forget_everything(home, keys, ())
        except PrivacyGuardError as error:
            return Check(what, False, f"{_(error.title)} {_(error.remedy)}")
    return Check(what, is_kept, _("made, opened again and erased") if is_kept else _("did not keep what was written"))


def _certificates() -> Check:
    import certifi

    found = Path(certifi.where()).is_file()
    return Check(_("certificates"), found, _("found") if found else _("missing, so no place can be asked"))


def _window() -> Check:
    """In a process of its own: Qt ends the whole process when a library of the system is missing."""
    what = _("window")
    program = [sys.executable] if is_frozen() else [sys.executable, "-m", "privacyguard"]
    with throw_away_folder("self-test-") as home:
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", HOME_VARIABLE: str(home)}
        try:
            done = subprocess.run(
                [*program, WINDOW_OPTION],
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=WINDOW_TIMEOUT_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Check(what, False, _("does not open in time"))
    return Check(what, done.returncode == 0, _("opens") if done.returncode == 0 else _("does not open"))


def drawn_face() -> bytes:
    """A face drawn from a few ellipses, as PNG: enough of one for the detector, nobody's in particular."""
    rows = [[(200, 210, 220)] * SIDE_PX for _row in range(SIDE_PX)]
    for x, y, width, height, colour, blur in _shapes():
        _paint(rows, (x * SIDE_PX, y * SIDE_PX, width * SIDE_PX, height * SIDE_PX), colour, blur)
    raw = b"".join(b"\0" + bytes(channel for pixel in row for channel in pixel) for row in rows)
    header = struct.pack(">IIBBBBB", SIDE_PX, SIDE_PX, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(raw)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in chunks)


Colour = tuple[int, int, int]


def _shapes() -> Iterator[tuple[float, float, float, float, Colour, float]]:
    """Centre and radii as shares of the side, colour, and how soft the edge is, from the back to the front."""
    skin, shade, light = (224, 180, 150), (168, 135, 112), (237, 190, 159)
    yield 0.5, 0.425, 0.33, 0.40, (60, 40, 30), 0.08  # hair
    yield 0.5, 0.875, 0.40, 0.25, (90, 90, 140), 0.08  # shoulders
    yield 0.5, 0.525, 0.26, 0.35, skin, 0.08
    for side in (-1, 1):
        eye = 0.5 + side * 0.11
        yield eye, 0.46, 0.06, 0.035, shade, 0.6
        yield eye, 0.465, 0.045, 0.02, (240, 240, 240), 0.3
        yield eye, 0.465, 0.02, 0.02, (40, 30, 20), 0.3
        yield eye, 0.40, 0.065, 0.012, (70, 45, 30), 0.5
        yield 0.5 + side * 0.025, 0.60, 0.012, 0.008, (112, 90, 75), 0.6
    yield 0.5, 0.56, 0.03, 0.09, light, 0.9
    yield 0.5, 0.60, 0.045, 0.025, (190, 153, 127), 0.9
    yield 0.5, 0.69, 0.085, 0.022, (170, 80, 80), 0.4
    yield 0.5, 0.69, 0.08, 0.006, (110, 40, 40), 0.5


def _paint(rows: list[list[Colour]], ellipse: tuple[float, float, float, float], colour: Colour, blur: float) -> None:
    x, y, width, height = ellipse
    top, bottom = max(0, int(y - height * 1.5)), min(SIDE_PX, int(y + height * 1.5) + 1)
    left, right = max(0, int(x - width * 1.5)), min(SIDE_PX, int(x + width * 1.5) + 1)
    for row in range(top, bottom):
        for column in range(left, right):
            radius = (((column - x) / width) ** 2 + ((row - y) / height) ** 2) ** 0.5
            share = min(max((1 - radius) / blur + 0.5, 0.0), 1.0)
            if share > 0:
                red, green, blue = (
                    round(old * (1 - share) + new * share) for old, new in zip(rows[row][column], colour, strict=True)
                )
                rows[row][column] = (red, green, blue)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
