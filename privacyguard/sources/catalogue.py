"""The list of sources: one line each."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

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
from privacyguard.sources.pictures.bluesky import BASE_URL as BLUESKY
from privacyguard.sources.pictures.bluesky import Bluesky
from privacyguard.sources.pictures.brave import BASE_URL as BRAVE
from privacyguard.sources.pictures.brave import BraveImages
from privacyguard.sources.pictures.facecheck import BASE_URL as FACECHECK
from privacyguard.sources.pictures.facecheck import FaceCheck
from privacyguard.sources.pictures.folder import Folders
from privacyguard.sources.pictures.github import BASE_URL as GITHUB
from privacyguard.sources.pictures.github import GitHub
from privacyguard.sources.pictures.google_vision import BASE_URL as GOOGLE_VISION
from privacyguard.sources.pictures.google_vision import GoogleVision
from privacyguard.sources.pictures.gravatar import BASE_URL as GRAVATAR
from privacyguard.sources.pictures.gravatar import Gravatar
from privacyguard.sources.pictures.keybase import BASE_URL as KEYBASE
from privacyguard.sources.pictures.keybase import Keybase
from privacyguard.sources.pictures.libravatar import BASE_URL as LIBRAVATAR
from privacyguard.sources.pictures.libravatar import Libravatar
from privacyguard.sources.pictures.mastodon import Mastodon
from privacyguard.sources.pictures.pages import Pages
from privacyguard.sources.pictures.searxng import SearXng
from privacyguard.sources.pictures.serpapi_lens import BASE_URL as SERPAPI_LENS
from privacyguard.sources.pictures.serpapi_lens import SerpApiLens
from privacyguard.sources.pictures.tineye import BASE_URL as TINEYE
from privacyguard.sources.pictures.tineye import TinEye
from privacyguard.sources.pictures.whatsmyname import WhatsMyName
from privacyguard.sources.wayback import BASE_URL as WAYBACK
from privacyguard.sources.wayback import Wayback


def sources(
    bases: Mapping[str, str],
    cache: Cache,
    server_of: Callable[[str], str | None] = lambda source_id: None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> tuple[Source, ...]:
    """Every source of this version, in the order in which they are shown and asked.

    Args:
        bases: a source's id to the base address that the settings put in place of the real one.
        cache: where public lists are kept.
        server_of: the address of a server of their own that the person typed and confirmed for a source, or None; asked
            when the source is.
        clock: the time, with its zone, by which what the cache keeps grows old.
    """
    catalogue = BreachCatalogue(cache, bases.get("catalogue", HIBP).rstrip("/"), clock)
    hibp = bases.get("hibp", HIBP).rstrip("/")
    # The list is there once, unless the settings send the two sources to different places.
    leaks = catalogue if hibp == catalogue.base_url else BreachCatalogue(cache, hibp, clock)
    return (
        Folders(),
        Pages(),
        catalogue,
        HaveIBeenPwned(cache, leaks, hibp, clock),
        XposedOrNot(bases.get("xposedornot", XPOSEDORNOT).rstrip("/")),
        LeakCheck(bases.get("leakcheck", LEAKCHECK).rstrip("/")),
        PwnedPasswords(bases.get("passwords", PASSWORDS).rstrip("/")),
        Gravatar(bases.get("gravatar", GRAVATAR).rstrip("/")),
        Libravatar(bases.get("libravatar", LIBRAVATAR).rstrip("/")),
        GitHub(bases.get("github", GITHUB).rstrip("/")),
        Bluesky(bases.get("bluesky", BLUESKY).rstrip("/")),
        Mastodon(bases.get("mastodon", "").rstrip("/")),
        Keybase(bases.get("keybase", KEYBASE).rstrip("/")),
        WhatsMyName(cache, bases.get("whatsmyname", "").rstrip("/"), clock=clock),
        BraveImages(bases.get("brave", BRAVE).rstrip("/")),
        SearXng(lambda: bases.get("searxng") or server_of("searxng")),
        GoogleVision(bases.get("google-vision", GOOGLE_VISION).rstrip("/")),
        SerpApiLens(bases.get("serpapi-lens", SERPAPI_LENS).rstrip("/")),
        TinEye(bases.get("tineye", TINEYE).rstrip("/")),
        FaceCheck(bases.get("facecheck", FACECHECK).rstrip("/")),
        Wayback(bases.get("wayback", WAYBACK).rstrip("/")),
    )
