"""The sentence that a person types before a face is compared with pictures of the web, and what is kept of it."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from privacyguard.i18n import N_, _

SENTENCE = N_("This is my own face. I am 18 or over.")
"""What is typed: in these words, or in those of the chosen language."""

TEXT_VERSION = "2026-11-25"
"""Of the sentence; kept with each statement. It changes with the sentence's meaning."""

PEOPLE_AT_MOST = 6
"""In one vault. This is a program for a household, not for lists of people."""


@dataclass(frozen=True)
class Statement:
    """A person's word that a face pattern is their own grown-up face.

    ``pattern_at``: when the face pattern was made that it holds for, as it is now; ``counts_from``: from when on it counts,
    later than ``typed_at`` where another face was there before.
    """

    person_id: str
    text_version: str
    typed_at: datetime
    pattern_at: datetime
    counts_from: datetime

    def counts(self, now: datetime) -> bool:
        """Whether its time has come."""
        return self.counts_from <= now


@dataclass(frozen=True)
class SearchConsent:
    """A yes to one search for a face by a service that compares faces itself: for whom, which one, when, which words."""

    person_id: str
    source_id: str
    text_version: str
    agreed_at: datetime


def is_the_sentence(untrusted_typed: str) -> bool:
    """Whether this is :data:`SENTENCE`, up to capital letters, spaces and the last stop."""
    return _plain(untrusted_typed) in (_plain(SENTENCE), _plain(_(SENTENCE)))


def _plain(text: str) -> str:
    folded = " ".join(unicodedata.normalize("NFC", text).casefold().split())
    return folded.removesuffix(".").rstrip()
