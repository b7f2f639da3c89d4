"""Translated words. The core stays free of Qt: gettext serves the window and the command line alike.

``_`` translates now, ``ngettext`` picks a plural form now, ``N_`` only marks a text for the catalogue (tables and
class attributes), to be translated with ``_`` where it is shown.
"""

import gettext
from collections.abc import Mapping
from pathlib import Path

DOMAIN = "privacyguard"
LANGUAGES = ("en",)
"""What the app is offered in. Each has letters of its own, and each but English a catalogue; the self-test looks for both."""

_translations: gettext.NullTranslations = gettext.NullTranslations()


def install(locale_dir: Path, languages: list[str] | None = None) -> None:
    """Use the catalogue in ``locale_dir`` for ``languages`` (the system's when None). English where there is none."""
    global _translations
    _translations = gettext.translation(DOMAIN, locale_dir, languages=languages, fallback=True)


def chosen() -> gettext.NullTranslations:
    """The catalogue in use."""
    return _translations


def choose(catalogue: gettext.NullTranslations) -> None:
    """Use this catalogue, one that was :func:`chosen` before."""
    global _translations
    _translations = catalogue


def _(message: str) -> str:
    """The message in the chosen language."""
    return _translations.gettext(message) if message else message


def ngettext(singular: str, plural: str, count: int) -> str:
    """The form of the message that fits ``count``, in the chosen language."""
    return _translations.ngettext(singular, plural, count)


def N_(message: str) -> str:
    """The message unchanged, marked for the catalogue."""
    return message


def system_country(environment: Mapping[str, str]) -> str:
    """The country of the system's language ("de_CH.UTF-8" is CH), or "" where it tells none."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        language = environment.get(name, "").partition(".")[0].partition("@")[0]
        country = language.partition("_")[2]
        if len(country) == 2 and country.isascii() and country.isalpha():
            return country.upper()
    return ""
