"""The list of sources: one line each."""

from collections.abc import Mapping

from privacyguard.sources.base import Cache, Source
from privacyguard.sources.breaches.catalogue import BreachCatalogue
from privacyguard.sources.breaches.hibp import HaveIBeenPwned
from privacyguard.sources.breaches.hibp_model import BASE_URL as HIBP
from privacyguard.sources.breaches.leakcheck import BASE_URL as LEAKCHECK
from privacyguard.sources.breaches.leakcheck import LeakCheck
from privacyguard.sources.breaches.passwords import BASE_URL as PASSWORDS
from privacyguard.sources.breaches.passwords import PwnedPasswords
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
    catalogue = BreachCatalogue(cache, bases.get("catalogue", HIBP).rstrip("/"))
    hibp = bases.get("hibp", HIBP).rstrip("/")
    # The list is there once, unless the settings send the two sources to different places.
    leaks = catalogue if hibp == catalogue.base_url else BreachCatalogue(cache, hibp)
    return (
        Folders(),
        catalogue,
        HaveIBeenPwned(cache, leaks, hibp),
        XposedOrNot(bases.get("xposedornot", XPOSEDORNOT).rstrip("/")),
        LeakCheck(bases.get("leakcheck", LEAKCHECK).rstrip("/")),
        PwnedPasswords(bases.get("passwords", PASSWORDS).rstrip("/")),
        Gravatar(bases.get("gravatar", GRAVATAR).rstrip("/")),
        GoogleVision(bases.get("google-vision", GOOGLE_VISION).rstrip("/")),
    )
