"""A photo that the person names to be sent: of them alone, so that nobody else's face goes along."""

from pathlib import Path

from privacyguard.analysis.pool import AnalysisPool
from privacyguard.errors import NothingEnrolled, PrivacyGuardError
from privacyguard.faces.matching import best_match
from privacyguard.i18n import N_
from privacyguard.model.person import Person
from privacyguard.model.picture import Closeness, Face, SecondOpinion
from privacyguard.model.progress import CancelToken


class NotOneFace(PrivacyGuardError):
    """The photo has no face, or more than one."""

    title = N_("We send a photo only if your face is the one face in it.")
    remedy = N_("Choose a photo that shows you alone.")


class NotTheirFace(PrivacyGuardError):
    """The face in the photo does not look a lot like the person's."""

    title = N_("The face in this photo does not look a lot like yours, so we do not send it.")
    remedy = N_("Choose another photo of you, bright and from the front.")


def own_photo(person: Person, file: Path, pool: AnalysisPool, cancel: CancelToken) -> bytes:
    """The photo as it may be sent: JPEG, made smaller, nothing hidden in it.

    Raises:
        NothingEnrolled: the person has no face pattern to compare with.
        NotOneFace, NotTheirFace: it is not sent.
        PictureUnreadable: it cannot be opened.
        Cancelled: at once.
    """
    if person.template is None:
        raise NothingEnrolled
    analysis = pool.analyse(file, own=True, cancel=cancel)
    if len(analysis.faces) != 1:
        raise NotOneFace("none or several")

    def ask(face: Face) -> SecondOpinion | None:
        return pool.second_opinion(file, face, cancel)

    match = best_match(person.template, analysis, person.relation, ask)
    if match is None or match.closeness is not Closeness.A_LOT:
        raise NotTheirFace("another face")
    return pool.prepare_upload(file, cancel)
