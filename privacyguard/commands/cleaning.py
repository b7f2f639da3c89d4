"""clean: a copy of a photo without what is hidden in its file."""

import os
from pathlib import Path

from privacyguard import wording_pictures
from privacyguard.analysis.copies import ENDINGS
from privacyguard.checkup.cleaning import FileIsThere, fits, write_copy
from privacyguard.commands.call import DONE, NOT_ALL_DONE, Call, Subparsers, cancellable
from privacyguard.errors import PictureUnreadable, UsageError
from privacyguard.i18n import N_, _
from privacyguard.model.picture import Unreadable
from privacyguard.model.provenance import HiddenKind

_HAS_TO_END = {
    "JPEG": N_("The copy of this photo has to end in .jpg or .jpeg."),
    "PNG": N_("The copy of this photo has to end in .png."),
    "WEBP": N_("The copy of this photo has to end in .webp."),
    "GIF": N_("The copy of this photo has to end in .gif."),
}


def add_to(commands: Subparsers) -> None:
    """The parser of this command."""
    parser = commands.add("clean", _("make a copy of a photo without hidden details"), _clean)
    parser.add_argument("file", metavar="FILE", help=_("the photo; it stays as it is"))
    parser.add_argument("--out", metavar="FILE", required=True, help=_("the copy; a file that is there stays as it is"))


def _clean(call: Call) -> int:
    source, out = (Path(written).expanduser().absolute() for written in (call.arguments.file, call.arguments.out))
    if out.suffix.lower() not in [ending for endings in ENDINGS.values() for ending in endings]:
        raise UsageError(_("A copy ends in .jpg, .png, .webp or .gif."))
    if os.path.lexists(out):
        raise FileIsThere
    try:
        with cancellable(call) as cancel:
            copy = call.session.pool.clean(source, cancel)
    except PictureUnreadable as error:
        reason = wording_pictures.unreadable(Unreadable(error.reason))
        call.out.problem(_("This file cannot be cleaned: {reason}.").format(reason=reason))
        return NOT_ALL_DONE
    if not fits(copy, out):
        raise UsageError(_(_HAS_TO_END[copy.format]))
    write_copy(copy, out)
    removed = [kind for kind in HiddenKind if kind in copy.removed]
    call.out.give({"out": call.arguments.out, "removed": [kind.value for kind in removed]})
    call.out.say(_("The copy is ready. The photo itself stays as it is."))
    if removed:
        words = ", ".join(wording_pictures.hidden_kind(kind) for kind in removed)
        call.out.say(_("The copy does not tell any more: {words}.").format(words=words))
    else:
        call.out.say(_("We found nothing hidden in this photo."))
    return DONE
