"""What closed-off workers do: each format decoded there, drawn faces found, told apart and known again."""

import functools
import math
import sys
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

from privacyguard.analysis import landlock
from privacyguard.analysis.confinement import Confinement
from privacyguard.analysis.export_reader import read_in_worker
from privacyguard.analysis.pool import AnalysisPool
from privacyguard.doctor import Check
from privacyguard.errors import PictureUnreadable
from privacyguard.faces.matching import best_match, cosine
from privacyguard.i18n import _
from privacyguard.model.export import ExportUnreadable
from privacyguard.model.person import EnrolledPhoto, FaceTemplate, Relation
from privacyguard.model.picture import Closeness, Face, PictureAnalysis
from privacyguard.model.progress import CancelToken
from privacyguard.model.provenance import HiddenKind, Seal
from privacyguard.selftest import drawings
from privacyguard.session import now

SAME_DRAWING = 0.6
"""Least similarity of the drawn face in a small and coarse sample with the face in the drawing itself: 0.8 were measured at the
least, and 0.15 between the two drawn faces."""

SAME_OPINION, OTHER_OPINION = 0.01, 0.2
"""dlib's distance between two looks at one drawing at the most, and between the two drawings at the least (0.43 measured)."""

EXPORT = "name,url,username,password\nA,https://shop.example.co.uk/a,a,b\nB,https://www.bücher.example.com/,a,b\n"
EXPORT_SITES = ("example.co.uk", "example.com")

DRAWN_HERE: Mapping[str, Callable[[drawings.Rows], bytes]] = {
    "PNG": drawings.png,
    "BMP": drawings.bmp,
    "TIFF": drawings.tiff,
}
PICTURES = {"JPEG": "face.jpg", "WEBP": "face.webp", "GIF": "face.gif", "HEIF": "face.heic", "AVIF": "face.avif"}
VIDEOS = {"MP4": "face.mp4", "MOV": "face.mov", "WEBM": "face.webm", "MKV": "face.mkv", "AVI": "face.avi"}
"""Format, as a worker names it, to the sample of it in ``resources/selftest``."""


def confinement(pool: AnalysisPool) -> Check:
    """Whether a worker gave up what this system lets it give up."""
    try:
        return judged(pool.confinement(), sys.platform, landlock.version() if sys.platform == "linux" else 0)
    except PictureUnreadable:
        return Check(_("worker limits"), False, _("a worker does not start"))


def judged(told: Confinement, platform: str, landlock_version: int) -> Check:
    """What a worker told, held against what there is: the newest Landlock of the kernel, 0 where it has none."""
    what = _("worker limits")
    if platform != "linux":
        return Check(what, True, _("in force as far as this system lets us"))
    if not told.seccomp:
        return Check(what, False, _("calls are not filtered (seccomp)"))
    if told.landlock != landlock_version:
        return Check(what, False, _("files are not closed off (Landlock)"))
    if not told.landlock:
        return Check(what, True, _("calls filtered (seccomp); this system cannot close off files"))
    words = _("files closed off (Landlock {version}), calls filtered (seccomp)")
    return Check(what, True, words.format(version=told.landlock))


def faces(pool: AnalysisPool) -> Check:
    """Whether the drawn faces are found, each known again, and not taken for each other."""
    what = _("faces")
    try:
        looks = [pool.analyse(_drawing(which), cuts=True, own=True) for which in (0, 1)]
        again = pool.analyse(_drawing(0), own=True)
    except PictureUnreadable:
        return Check(what, False, _("a worker did not start, or could not open a drawing"))
    template = pattern(looks[0])
    if template is None or only_face(looks[1]) is None or only_face(again) is None:
        return Check(what, False, _("a drawn face was not found, or not measured"))
    known = best_match(template, again, Relation.ME)
    if known is None or known.closeness is not Closeness.A_LOT:
        return Check(what, False, _("the same drawing gave two different faces"))
    if best_match(template, looks[1], Relation.ME) is not None:
        return Check(what, False, _("two drawn faces were taken for one"))
    return Check(what, True, _("two drawn faces were told apart and known again"))


def second_opinion(pool: AnalysisPool) -> Check:
    """Whether the other model answers, about the same drawing alike and about another one differently."""
    what = _("second opinion")
    answers = []
    try:
        for which in (0, 0, 1):
            face = only_face(pool.analyse(_drawing(which), own=True))
            answers.append(None if face is None else pool.second_opinion(_drawing(which), face))
    except PictureUnreadable:
        return Check(what, False, _("does not start"))
    same, again, other = (None if answer is None else answer.other_model for answer in answers)
    if same is None or again is None or other is None:
        return Check(what, False, _("gives no answer"))
    if math.dist(same, again) > SAME_OPINION or math.dist(same, other) < OTHER_OPINION:
        return Check(what, False, _("cannot tell two drawn faces apart"))
    return Check(what, True, _("answers, and tells two drawn faces apart"))


def seals(pool: AnalysisPool) -> Check:
    """Whether Content Credentials are read by a closed-off worker: those of a drawing that are made of nothing are broken."""
    what = _("signed pictures")
    head, rest = _drawing(0)[:33], _drawing(0)[33:]
    seal = b"caBX" + bytes(100)
    picture = head + (100).to_bytes(4, "big") + seal + zlib.crc32(seal).to_bytes(4, "big") + rest
    try:
        told = pool.analyse(picture, own=True).provenance
    except PictureUnreadable:
        return Check(what, False, _("a worker did not start, or could not open a drawing"))
    found = told.credentials.seal if told is not None and told.credentials is not None else None
    if found is Seal.NOT_READ and sys.platform == "win32":
        return Check(what, True, _("cannot be read on this system"))
    return Check(what, found is Seal.BROKEN, _("read") if found is Seal.BROKEN else _("not read, or not as they are"))


def copies(pool: AnalysisPool) -> Check:
    """Whether a worker makes a cleaned copy of a drawing, and takes out what was put in."""
    what = _("cleaned copies")
    note = b"tEXtAuthor\0Nobody"
    head, rest = _drawing(0)[:33], _drawing(0)[33:]
    size, check = (len(note) - 4).to_bytes(4, "big"), zlib.crc32(note).to_bytes(4, "big")
    try:
        copy = pool.clean(head + size + note + check + rest)
    except PictureUnreadable:
        return Check(what, False, _("cannot be made"))
    is_clean = copy.content == _drawing(0) and copy.removed == {HiddenKind.NAME}
    return Check(what, is_clean, _("can be made") if is_clean else _("not as they should be"))


def exports() -> Check:
    """Whether an export of a password manager is read by a worker of its own, and which sites it finds in it."""
    what = _("lists of accounts")
    try:
        read = read_in_worker(EXPORT.encode(), False, CancelToken())
    except ExportUnreadable:
        return Check(what, False, _("the worker that reads them does not start, or does not read"))
    if (read.kind, read.sites) != ("chrome", EXPORT_SITES):
        return Check(what, False, _("read, and not as they are"))
    return Check(what, True, _("read by a closed-off worker that then ended"))


def pictures(pool: AnalysisPool, samples: Path) -> Check:
    """Whether each format of pictures is decoded. ``samples``: the folder of :data:`PICTURES`."""
    drawn = {kind: encode(drawings.drawn_face()) for kind, encode in DRAWN_HERE.items()}
    named = {kind: samples / name for kind, name in PICTURES.items()}
    return _opened(_("pictures"), pool, {**drawn, **named})


def videos(pool: AnalysisPool, samples: Path) -> Check:
    """Whether each container of videos is decoded. ``samples``: the folder of :data:`VIDEOS`."""
    return _opened(_("videos"), pool, {kind: samples / name for kind, name in VIDEOS.items()})


def shows(look: PictureAnalysis, kind: str, drawn: Face) -> bool:
    """Whether what was opened has this format, and shows the drawn face and nothing else that looks like one."""
    face = only_face(look)
    if look.format != kind or face is None or face.embedding is None or drawn.embedding is None:
        return False
    return cosine(face.embedding, drawn.embedding) >= SAME_DRAWING


def _opened(what: str, pool: AnalysisPool, each: Mapping[str, Path | bytes]) -> Check:
    failed = [kind for kind, source in each.items() if not _is_opened(pool, kind, source)]
    if failed:
        return Check(what, False, _("not opened, or not as they are: {names}").format(names=", ".join(failed)))
    return Check(what, True, _("opened by a closed-off worker: {names}").format(names=", ".join(each)))


def _is_opened(pool: AnalysisPool, kind: str, source: Path | bytes) -> bool:
    try:
        drawn = only_face(pool.analyse(_drawing(0), own=True))
        return drawn is not None and shows(pool.analyse(source, own=True), kind, drawn)
    except PictureUnreadable:
        return False


def pattern(look: PictureAnalysis) -> FaceTemplate | None:
    """A face pattern of the one face in a picture that was looked at with cuts."""
    face = only_face(look)
    if face is None or face.embedding is None or face.cut is None:
        return None
    photo = EnrolledPhoto(face.embedding, face.cut, look.phash or "", look.sha256, face.second)
    return FaceTemplate((photo,), look.model_id, now())


def only_face(look: PictureAnalysis) -> Face | None:
    """The face of a picture that shows one and only one, where it could be measured."""
    return look.faces[0] if len(look.faces) == 1 and look.faces[0].embedding is not None else None


@functools.cache
def _drawing(which: int) -> bytes:
    return drawings.png(drawings.drawn_face(which))
