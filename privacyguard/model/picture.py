"""Pictures, the faces in them, and what a comparison says."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from privacyguard.model.profile import Profile
from privacyguard.model.provenance import HiddenDetails, Provenance

Embedding = tuple[float, ...]
"""A face as a direction: 128 numbers of unit length (SFace). Comparable only within one model."""


class Unreadable(StrEnum):
    """Why a picture could not be looked at."""

    NOT_A_PICTURE = "not-a-picture"  # not one of the formats we open
    BROKEN = "broken"  # cut or damaged
    TOO_LARGE = "too-large"  # over the limits of bytes or pixels
    NOT_A_FILE = "not-a-file"  # folder, device, pipe, socket
    NO_PERMISSION = "no-permission"
    GONE = "gone"  # moved or deleted meanwhile
    TIMED_OUT = "timed-out"
    CRASHED = "crashed"  # the worker ended while looking at it
    NOT_CONFINED = "not-confined"  # from the web, and this computer cannot close a worker off


class Closeness(StrEnum):
    """How much a face looks like the enrolled person's, in words only."""

    A_LOT = "a-lot"
    A_LITTLE = "a-little"


class SwapSign(StrEnum):
    """Why a picture may have had its face exchanged."""

    OTHER_FACE = "other-face"  # a copy of a picture the person chose, with a face that is not theirs
    OTHER_SCENE = "other-scene"  # the person's face in a picture that was also seen with another face


class PhotoProblem(StrEnum):
    """What is the matter with a photo for enrolment."""

    UNREADABLE = "unreadable"
    NO_FACE = "no-face"
    SEVERAL_FACES = "several-faces"
    TOO_SMALL = "too-small"
    TOO_DARK = "too-dark"
    TOO_BRIGHT = "too-bright"
    BLURRED = "blurred"
    TURNED_AWAY = "turned-away"
    SAME_PHOTO = "same-photo"
    DIFFERENT_PERSON = "different-person"
    TOO_MANY = "too-many"  # eight are taken already


@dataclass(frozen=True)
class Box:
    """A rectangle in a picture's upright pixels (EXIF orientation honoured), origin at the top left."""

    x: int
    y: int
    w: int
    h: int


@dataclass(frozen=True)
class FaceCut:
    """A small cut of one face, at most 160 px a side: raw RGB, 3 bytes a pixel, rows from the top, no padding."""

    width: int
    height: int
    rgb: bytes = field(repr=False)


@dataclass(frozen=True)
class Quality:
    """What can be measured of one face. Numbers and ranges: ``faces/quality.py``.

    ``size_px``: shorter side of the box; ``brightness``: mean 0..255; ``sharpness``: higher is sharper;
    ``yaw``: turn to the side, 0 looks at the camera, about 1 is profile; ``score``: the detector's, 0..1.
    """

    size_px: int
    brightness: float
    sharpness: float
    yaw: float
    score: float


@dataclass(frozen=True)
class SecondOpinion:
    """What is asked about a face only in doubt. ``mirrored``: the embedding of the face's mirror image, by the same model;
    ``other_model``: 128 numbers by another model, compared among its own kind by their distance.
    """

    mirrored: Embedding = field(repr=False)
    other_model: Embedding = field(repr=False)


@dataclass(frozen=True)
class Face:
    """One face in a picture. ``landmarks``: 5 points (x, y): eyes, nose, corners of the mouth, in upright pixels.

    ``embedding`` is None where the face is too small or blurred to judge. ``cut`` and ``second`` only where they were asked
    for. ``time_s``: seconds from the start, of a video's face.
    """

    box: Box
    landmarks: tuple[tuple[float, float], ...]
    quality: Quality
    embedding: Embedding | None = field(repr=False, default=None)
    cut: FaceCut | None = field(repr=False, default=None)
    time_s: float | None = None
    second: SecondOpinion | None = field(repr=False, default=None)


@dataclass(frozen=True)
class Fingerprint:
    """Perceptual hashes by which copies of a picture are known: 144 bits each, 36 hex digits (``pictures/fingerprints.py``).

    ``whole``: of the whole upright picture; ``mirrored``: of its mirror image; ``scene``: of the picture with its faces painted
    over in the tones around them, None where there is no face, where faces take more than half of the picture, and where what
    is left is plain; ``mirrored_scene``: the same of the mirror image.
    """

    whole: str = field(repr=False)
    mirrored: str = field(repr=False)
    scene: str | None = field(repr=False, default=None)
    mirrored_scene: str | None = field(repr=False, default=None)


@dataclass(frozen=True)
class PictureAnalysis:
    """What a worker says about one picture or video: never pixels of the scene.

    ``width``/``height``: upright pixels of the original; ``sha256``: hex, of the file's content; ``phash``: 16 hex digits
    (64-bit perceptual hash of the whole upright picture; of a video, of its first frame looked at); ``model_id``: the
    embedder's; ``fingerprint``: None for a video. ``copy_variants``: where cuts were asked for, the hashes of many crops
    of the picture, packed by ``pictures/copies.py``, to know copies of it later. ``provenance``: None where the picture says
    nothing of how it was made; ``hidden``: only where it was asked for, which is for the person's own files alone.
    """

    width: int
    height: int
    format: str
    sha256: str
    phash: str
    model_id: str
    faces: tuple[Face, ...]
    fingerprint: Fingerprint | None = field(repr=False, default=None)
    copy_variants: bytes = field(repr=False, default=b"")
    provenance: Provenance | None = None
    hidden: HiddenDetails | None = None


@dataclass(frozen=True)
class Candidate:
    """A picture that somebody should look at: a file on this computer, bytes at hand, or an address to fetch.

    Exactly one of ``path``, ``content`` and ``address`` is set. ``page``: where it is shown; ``title``: that page's, plain
    text from outside, untrusted; ``about``: the identifier's value that led here, if any. ``size``/``mtime_ns`` of a file
    let an unchanged one be skipped. ``is_named``: the person named this very file, so that it is never passed over.
    ``profile``: the account whose picture this is; one without a picture has no ``content`` and no ``address``.
    """

    path: Path | None = field(default=None, repr=False)
    content: bytes | None = field(default=None, repr=False)
    address: str | None = field(default=None, repr=False)
    page: str | None = field(default=None, repr=False)
    title: str | None = field(default=None, repr=False)
    about: str | None = field(default=None, repr=False)
    size: int | None = None
    mtime_ns: int | None = None
    unreadable: Unreadable | None = None
    is_named: bool = False
    profile: Profile | None = None


@dataclass(frozen=True)
class FaceMatch:
    """A face that looks like the person's. ``picture``: path or address; ``similarity``: cosine, -1..1.

    ``cut``: the tight cut of this face, None for a child's profile and after "not me". ``copy_distance``: set where the
    whole picture is the same as one the person chose: bits that differ between the perceptual hashes. ``time_s``: seconds
    from the start, of a video. ``swap``: why the face may have been put into this picture, None where nothing says so.
    ``size``: the picture's upright pixels (width, height), None in findings of an older version. ``provenance``: what the
    picture says of how it was made; ``profile``: the account whose picture it is, None for any other picture.
    """

    picture: str = field(repr=False)
    page: str | None = field(repr=False)
    box: Box
    similarity: float
    closeness: Closeness
    model_id: str
    sha256: str = field(repr=False)
    phash: str = field(repr=False)
    title: str | None = field(default=None, repr=False)
    on_this_computer: bool = False
    cut: FaceCut | None = field(default=None, repr=False)
    copy_distance: int | None = None
    time_s: float | None = None
    swap: SwapSign | None = None
    size: tuple[int, int] | None = None
    provenance: Provenance | None = None
    profile: Profile | None = None


@dataclass(frozen=True)
class NotMe:
    """A face in a picture that the person called "not me": remembered by the picture and the place, never by the face.

    ``sha256``: of the picture's content; ``box``: the face, all zero where the answer is about the whole picture; ``phash``
    and ``size`` (upright pixels): to know the place again in a resized copy, None where an older version kept it.
    """

    sha256: str = field(repr=False)
    box: Box
    phash: str | None = field(default=None, repr=False)
    size: tuple[int, int] | None = None


@dataclass(frozen=True)
class PictureCopy:
    """The same picture as one the person chose, without a face that looks like theirs.

    ``distance``: bits that differ between the perceptual hashes. ``swap``: why its face may have been exchanged, None where
    nothing says so.
    """

    picture: str = field(repr=False)
    page: str | None = field(repr=False)
    distance: int
    sha256: str = field(repr=False)
    title: str | None = field(default=None, repr=False)
    on_this_computer: bool = False
    swap: SwapSign | None = None
    provenance: Provenance | None = None
    profile: Profile | None = None


def distance(phash: str, other: str) -> int:
    """How many of the 64 bits of two perceptual hashes differ, 0..64.

    Raises:
        ValueError: not hexadecimal.
    """
    return (int(phash, 16) ^ int(other, 16)).bit_count()


def overlap(one: Box, other: Box) -> float:
    """The share of two boxes in one picture that is in both (intersection over union), 0..1."""
    width = min(one.x + one.w, other.x + other.w) - max(one.x, other.x)
    height = min(one.y + one.h, other.y + other.h) - max(one.y, other.y)
    both = max(width, 0) * max(height, 0)
    either = one.w * one.h + other.w * other.h - both
    return both / either if either else float(one == other)
