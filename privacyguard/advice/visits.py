"""Pages to go to by hand, and the words that lead there and back. The facts are in ``resources/help/visits.json``."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from privacyguard import wording
from privacyguard.i18n import N_, _
from privacyguard.model.sites import site_of
from privacyguard.model.visit import Gives, Keeps, Price, Visit, VisitKind

DATA = Path(__file__).resolve().parents[2] / "resources" / "help" / "visits.json"

LOOK_AGAIN_AFTER = timedelta(days=90)
"""Faces may come back after some months (advice-facts T9; user-needs 1.5)."""

_GIVES: Mapping[Gives, str] = {
    Gives.PHOTO: N_("You will give this site a photo of your face."),
    Gives.PHOTO_AND_ID: N_(
        "You will give this site a photo of your face and a picture of your ID. Cover the rest of the ID."
    ),
    Gives.PHOTO_AND_ID_OR_POSE: N_(
        "You will give this site a photo of your face. It also asks for your ID with parts covered, or a photo in a pose."
    ),
    Gives.PHOTO_AND_COUNTRY: N_("You will give this site a photo of your face and say where you live."),
    Gives.UNKNOWN: N_("We do not know what this site asks for. Read its page before you give it anything."),
}
_KEEPS: Mapping[Keeps, str] = {
    Keeps.NOTHING: N_("It says that it does not keep the photo."),
    Keeps.DAY: N_("It says that it keeps a small copy for a day."),
    Keeps.UNKNOWN: N_("It may keep a copy."),
}
_FREE = N_("It is free.")
_FREE_TO_LOOK = N_("It is free to look. To see the links costs money.")
_PRICE_READ = N_("The price that we last read of, on {day}: {price}. It may have changed.")
_PRICE_UNKNOWN = N_("We do not know what it costs. Look before you pay.")
_NOTES: Mapping[str, str] = {
    "own-face-only": N_("Its rules allow it for your own face only."),
    "renews": N_("If you pay, check if it renews by itself each month."),
    "english-only": N_("It helps in English only."),
    "some-countries": N_("It looks for faces in some countries only."),
    "also-alike": N_("It also shows pictures that only look alike. It is not made to find people."),
    "may-come-back": N_("Some people say that their face came back after some months. Look again later."),
    "two-to-four-weeks": N_("It may take two to four weeks."),
    "within-a-day": N_("It says that it often takes less than a day."),
    "says-stays-out": N_("It says that it does not take in your face again."),
    "depends-on-country": N_("What it does for you depends on where you live."),
}
_FINDS: Mapping[VisitKind, str] = {
    VisitKind.FACE: N_("Looks for other pictures of the same face."),
    VisitKind.SAME_PICTURE: N_("Looks for copies of the very picture."),
    VisitKind.OPT_OUT: N_("Ask to be left out, so that others do not find you there by your face."),
}
_SEARCH_STEPS = (
    N_("Choose one clear photo of yourself. Best is one that is on the web already."),
    N_("Give it to the site: drop it on the page, or press its button for pictures."),
    N_("Wait until the results are there. Go down the page to the end, so that all of them load."),
)
_SAVE_STEPS = (
    N_("Press Ctrl and S in your browser. On a Mac: Command and S."),
    N_("Choose “complete” or “single file”. Plain “HTML only” has no pictures."),
    N_("Or make a screenshot. Leave out the photo that you gave."),
)
_OPT_OUT_STEPS = (
    N_("Read on the page what it asks for. You can stop at any time."),
    N_("Fill in the form. Cover all on your ID that it does not ask for."),
    N_("Come back here and note that you asked."),
)


@lru_cache(maxsize=2)
def visits(data: Path = DATA) -> tuple[Visit, ...]:
    """Every page that we know, searches first."""
    content = json.loads(data.read_text(encoding="utf-8"))
    checked_on = date.fromisoformat(content["checked_on"])
    return tuple(
        Visit(
            visit_id=each["id"],
            name=each["name"],
            kind=VisitKind(each["kind"]),
            address=each["address"],
            gives=Gives(each["gives"]),
            keeps=Keeps(each["keeps"]),
            price=Price(each["price"]),
            price_read=each["price_read"],
            notes=tuple(each["notes"]),
            checked_on=checked_on,
            confidence=each["confidence"],
            source=each["source"],
        )
        for each in content["visits"]
    )


def is_search_site(address: str) -> bool:
    """Whether an address is of a site that we send people to for a search."""
    site = site_of(address)
    return site is not None and site in {site_of(visit.address) for visit in visits() if visit.is_search}


def finds(visit: Visit) -> str:
    """What the site is for, in a sentence."""
    return _(_FINDS[visit.kind])


def leaving(visit: Visit) -> tuple[str, ...]:
    """What is said each time before the browser opens (plain-language 8.4), a sentence or two in each."""
    told = [_("You are about to leave PrivacyGuard and open {name}.").format(name=visit.name), _(_GIVES[visit.gives])]
    if visit.gives is not Gives.UNKNOWN:
        told.append(_(_KEEPS[visit.keeps]))
    told += _costs(visit)
    if visit.gives is not Gives.UNKNOWN and not visit.is_search:
        told.append(_("To be left out, you have to show it your face once. You can say no to that."))
    told.append(_("We cannot take back what you give. Your browser will remember this page."))
    return tuple(told)


def notes(visit: Visit) -> tuple[str, ...]:
    """What else is known of the site, a sentence each, the day of our facts last."""
    read = _("We last read about this site on {day}.").format(day=wording.day(visit.checked_on))
    return (*(_(_NOTES[note]) for note in visit.notes), read)


def steps(visit: Visit) -> tuple[str, ...]:
    """What to do there, in this order."""
    return tuple(_(step) for step in (_SEARCH_STEPS if visit.is_search else _OPT_OUT_STEPS))


def saving_steps(visit: Visit) -> tuple[str, ...]:
    """How to save the results; nothing for a page that has none."""
    return tuple(_(step) for step in _SAVE_STEPS) if visit.is_search else ()


def asked(on: date, today: date) -> str:
    """What is said of an opt-out that was asked for on a day, and when to look again."""
    again = on + LOOK_AGAIN_AFTER
    if today >= again:
        words = _("You asked on {day}. It is time to look again: faces may come back.")
        return words.format(day=wording.day(on))
    words = _("You asked on {day}. Look again after {again}: faces may come back.")
    return words.format(day=wording.day(on), again=wording.day(again))


def _costs(visit: Visit) -> list[str]:
    if visit.price is Price.FREE:
        return [_(_FREE)]
    if visit.price is Price.UNKNOWN:
        return [_(_PRICE_UNKNOWN)] if visit.is_search else []
    told = [_(_FREE_TO_LOOK)]
    if visit.price_read is not None:
        told.append(_(_PRICE_READ).format(day=wording.day(visit.checked_on), price=visit.price_read))
    return told
