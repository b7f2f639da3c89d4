"""What counts as the typed sentence, and from when on a statement counts."""

from datetime import UTC, datetime, timedelta

import pytest

from privacyguard.model.statement import SENTENCE, Statement, is_the_sentence

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "typed",
    [
        SENTENCE,
        f"{SENTENCE}\n",
        "this is my own face. i am 18 or over",
        "  THIS IS  MY OWN FACE.\tI AM 18 OR OVER .  ",
    ],
)
def test_the_sentence_is_known_whatever_its_capitals_spaces_and_last_stop(typed: str) -> None:
    assert is_the_sentence(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        ".",
        "yes",
        "This is my own face.",
        "This is my own face I am 18 or over.",
        "This is not my own face. I am 18 or over.",
        "This is my own face. I am 16 or over.",
        f"{SENTENCE} {SENTENCE}",
        f"{SENTENCE}.",
        f"“{SENTENCE}”",
    ],
)
def test_other_words_are_not(typed: str) -> None:
    assert not is_the_sentence(typed)


def test_a_statement_counts_from_its_moment_on() -> None:
    typed = Statement("p", "1", NOW, NOW, NOW + timedelta(days=7))
    assert not typed.counts(NOW)
    assert not typed.counts(NOW + timedelta(days=7, microseconds=-1))
    assert typed.counts(NOW + timedelta(days=7))
