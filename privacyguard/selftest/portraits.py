"""Faces as they are in photos: two portraits that are free for everyone. Their notice is beside them."""

from pathlib import Path

from privacyguard.analysis.pool import AnalysisPool
from privacyguard.doctor import Check
from privacyguard.errors import PictureUnreadable
from privacyguard.faces.matching import best_match
from privacyguard.i18n import _
from privacyguard.model.person import Relation
from privacyguard.model.picture import Closeness
from privacyguard.selftest.closed_off import only_face, pattern

PERSON, PERSON_AGAIN, SOMEBODY_ELSE = "eileen-collins.jpg", "eileen-collins-again.jpg", "grace-hopper.jpg"
"""In ``resources/selftest``; the second is the first photo mirrored, smaller and poorer."""


def photos(pool: AnalysisPool, samples: Path) -> Check:
    """Whether a person is found in a photo, known again in a poorer one, and somebody else is not taken for them.

    ``samples``: the folder of the portraits.
    """
    what = _("photos")
    try:
        person = pool.analyse(samples / PERSON, cuts=True, own=True)
        again, else_ = (pool.analyse(samples / name, own=True) for name in (PERSON_AGAIN, SOMEBODY_ELSE))
    except PictureUnreadable:
        return Check(what, False, _("a worker did not start, or could not open a portrait"))
    template = pattern(person)
    if template is None or only_face(again) is None or only_face(else_) is None:
        return Check(what, False, _("a face was not found, or not measured"))
    known = best_match(template, again, Relation.ME)
    if known is None or known.closeness is not Closeness.A_LOT:
        return Check(what, False, _("a person was not known again"))
    if best_match(template, else_, Relation.ME) is not None:
        return Check(what, False, _("two people were taken for one"))
    return Check(what, True, _("one person was known again, and another one was not taken for her"))
