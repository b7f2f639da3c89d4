"""The list of sources: one line each."""

from collections.abc import Mapping

from privacyguard.sources.base import Cache, Source
from privacyguard.sources.breaches.catalogue import BreachCatalogue
from privacyguard.sources.breaches.hibp import HaveIBeenPwned
from privacyguard.sources.breaches.hibp_model import BASE_URL as HIBP
from privacyguard.sources.breaches.xposedornot import BASE_URL as XPOSEDORNOT
from privacyguard.sources.breaches.xposedornot import XposedOrNot
from privacyguard.sources.pictures.folder import Folders
from privacyguard.sources.pictures.google_vision import BASE_URL as GOOGLE_VISION
from privacyguard.sources.pictures.google_vision import GoogleVision
from privacyguard.sources.pictures.gravatar import BASE_URL as GRAVATAR
from privacyguard.sources.pictures.gravatar import Gravatar


def sources(bases: Mapping[str, str], cache: Cache) -> tuple[Source, ...]:
    """Every source of this version, in the order in which they are shown and asked.

    Args:
        bases: a source's id to the base address that the settings put in place of the real one.
        cache: where public lists are kept.
    """
    return (
        Folders(),
        BreachCatalogue(cache, bases.get("catalogue", HIBP).rstrip("/")),
        HaveIBeenPwned(bases.get("hibp", HIBP).rstrip("/")),
        XposedOrNot(bases.get("xposedornot", XPOSEDORNOT).rstrip("/")),
        Gravatar(bases.get("gravatar", GRAVATAR).rstrip("/")),
        GoogleVision(bases.get("google-vision", GOOGLE_VISION).rstrip("/")),
    )
