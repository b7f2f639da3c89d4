"""What an archive says of a page, in words: never a promise, never a count that nobody counted."""

from datetime import date

import pytest

from privacyguard.advice.archives import ARCHIVE_MAIL, copies_words, what_to_do
from privacyguard.model.archive import ArchiveCopies

FIRST, LAST = date(2019, 2, 3), date(2024, 2, 29)
NEWEST = "https://web.archive.org/web/20240229235959/https://club.example.org/"


@pytest.mark.parametrize(
    ("copies", "words"),
    [
        (ArchiveCopies(), "The archive shows no copy of it. Other archives may have one."),
        (
            ArchiveCopies(is_hidden=True),
            "The archive shows nobody its copies of this site. So we cannot tell if it has some.",
        ),
        (ArchiveCopies(1, False, LAST, LAST, NEWEST), "There is 1 copy, from 29 February 2024."),
        (
            ArchiveCopies(3, False, FIRST, LAST, NEWEST),
            "There are 3 copies. The first is from 3 February 2019, the last from 29 February 2024.",
        ),
        (
            ArchiveCopies(1000, True, FIRST, LAST, NEWEST),
            "There are 1,000 copies or more. The first is from 3 February 2019, the last from 29 February 2024.",
        ),
        (
            ArchiveCopies(None, last_on=LAST, newest=NEWEST),
            "There is a copy from 29 February 2024. We could not count the others.",
        ),
    ],
)
def test_copies_in_words(copies: ArchiveCopies, words: str) -> None:
    assert copies_words(copies) == words


def test_the_site_is_asked_before_the_archive() -> None:
    first, then = what_to_do()
    assert first.startswith("Ask the site first")
    assert ARCHIVE_MAIL in then
