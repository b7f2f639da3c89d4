"""Words about pictures, in the chosen language: what is the matter with one, and what one says of itself."""

from privacyguard.i18n import N_, _
from privacyguard.model.person import Relation
from privacyguard.model.picture import PhotoProblem, SwapSign, Unreadable
from privacyguard.model.provenance import HiddenKind, Making, Seal

_PHOTO_HEADINGS = {
    PhotoProblem.UNREADABLE: N_("Cannot be opened"),
    PhotoProblem.NO_FACE: N_("No face here"),
    PhotoProblem.SEVERAL_FACES: N_("Several people here"),
    PhotoProblem.TOO_SMALL: N_("Too small"),
    PhotoProblem.TOO_DARK: N_("Too dark"),
    PhotoProblem.TOO_BRIGHT: N_("Too bright"),
    PhotoProblem.BLURRED: N_("Blurred"),
    PhotoProblem.TURNED_AWAY: N_("Turned away"),
    PhotoProblem.SAME_PHOTO: N_("Same photo again"),
    PhotoProblem.DIFFERENT_PERSON: N_("Someone else"),
    PhotoProblem.TOO_MANY: N_("Enough photos"),
}
_PHOTO_PROBLEMS = {
    PhotoProblem.UNREADABLE: N_("We cannot open this file as a picture. Try another one."),
    PhotoProblem.NO_FACE: N_("We see no face here. Choose a photo that shows your face."),
    PhotoProblem.SEVERAL_FACES: N_("There are several people here. Which one is you?"),
    PhotoProblem.TOO_SMALL: N_("The face is too small here. Choose a photo from closer up."),
    PhotoProblem.TOO_DARK: N_("This one is a bit dark. Turn towards a window and try again."),
    PhotoProblem.TOO_BRIGHT: N_("This one is too bright. Step out of the sun and try again."),
    PhotoProblem.BLURRED: N_("This one is blurred. Hold still and try again."),
    PhotoProblem.TURNED_AWAY: N_("The face is turned away. Look at the camera and try again."),
    PhotoProblem.SAME_PHOTO: N_("You gave us this photo before. A new one from another day helps more."),
    PhotoProblem.DIFFERENT_PERSON: N_("This face looks different from the others. Is it you?"),
    PhotoProblem.TOO_MANY: N_("We have eight photos now. That is enough."),
}
_UNREADABLE = {
    Unreadable.NOT_A_PICTURE: N_("not a kind of picture that we open"),
    Unreadable.BROKEN: N_("the file is broken"),
    Unreadable.TOO_LARGE: N_("the picture is too large"),
    Unreadable.NOT_A_FILE: N_("not a file"),
    Unreadable.NO_PERMISSION: N_("we may not read it"),
    Unreadable.GONE: N_("it is not there any more"),
    Unreadable.TIMED_OUT: N_("it took too long"),
    Unreadable.CRASHED: N_("looking at it did not work"),
    Unreadable.NOT_CONFINED: N_("this computer cannot open it in a closed-off place"),
}
_SWAPS = {
    (SwapSign.OTHER_FACE, Relation.ME): N_("It is a picture you chose, but the face is not yours."),
    (SwapSign.OTHER_FACE, Relation.MY_CHILD): N_("It is a picture you chose, but the face is not your child’s."),
    (SwapSign.OTHER_FACE, Relation.SOMEONE_I_HELP): N_("It is a picture you chose, but the face is another one."),
    (SwapSign.OTHER_SCENE, Relation.ME): N_("The same picture is also here with another face. One may be a fake."),
    (SwapSign.OTHER_SCENE, Relation.MY_CHILD): N_(
        "The same picture is also here with another face. One may be a fake."
    ),
    (SwapSign.OTHER_SCENE, Relation.SOMEONE_I_HELP): N_(
        "The same picture is also here with another face. One may be a fake."
    ),
}
_MAKINGS = {
    Making.MADE_BY_AI: N_("This picture says that it was made by AI."),
    Making.CHANGED_BY_AI: N_("This picture says that it was changed by AI."),
}
_SEALS = {
    Seal.VALID: N_("It is signed, and nobody changed it since."),
    Seal.UNKNOWN_SIGNER: N_("It is signed, but we do not know by whom."),
    Seal.BROKEN: N_("It has a seal, but the seal is broken. Do not trust what it says."),
    Seal.NOT_READ: N_("It is signed, but this computer cannot read that."),
}
_HIDDEN = {
    HiddenKind.PLACE: N_("where it was taken"),
    HiddenKind.TIME: N_("when it was taken"),
    HiddenKind.DEVICE: N_("which phone or camera took it"),
    HiddenKind.SERIAL: N_("the number of that phone or camera"),
    HiddenKind.NAME: N_("a name"),
    HiddenKind.THUMBNAIL: N_("a small older picture"),
    HiddenKind.OTHER: N_("other notes"),
}


def photo_heading(value: PhotoProblem | None) -> str:
    """A photo's judgement in two or three words; "Good" without a problem."""
    return _(_PHOTO_HEADINGS[value]) if value else _("Good")


def photo_problem(value: PhotoProblem) -> str:
    """A photo's judgement in a sentence, with what would be better."""
    return _(_PHOTO_PROBLEMS[value])


def unreadable(value: Unreadable) -> str:
    """Why a picture could not be opened."""
    return _(_UNREADABLE[value])


def swap(value: SwapSign, relation_: Relation = Relation.ME) -> str:
    """Why a face may have been changed, in a sentence."""
    return _(_SWAPS[value, relation_])


def making(value: Making) -> str:
    """How a picture says it was made, in a sentence."""
    return _(_MAKINGS[value])


def seal(value: Seal) -> str:
    """What became of a picture's Content Credentials, in a sentence."""
    return _(_SEALS[value])


def hidden_kind(value: HiddenKind) -> str:
    """What a file tells beside what it shows, as a part of a list."""
    return _(_HIDDEN[value])
