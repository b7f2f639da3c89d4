"""Every word on screen is plain: reading grade, length of sentences, words that we avoid.

Grade: Flesch-Kincaid, 0.39 words per sentence + 11.8 syllables per word - 15.59. Syllables: groups of vowels (y counts),
without a silent final e (an e after l is heard: "table") and without a silent final "ed" (after t and d it is heard:
"wanted"); at least one a word. Placeholders, quoted names of buttons and names of services count as one word of one
syllable.
"""

import ast
import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from statistics import fmean

import pytest

from privacyguard.advice.helplines import countries, first_help, help_for
from privacyguard.advice.letters import LETTER_KINDS, letter

ROOT = Path(__file__).resolve().parents[2]
MARKS = {"_", "N_", "ngettext"}
GRADE_AT_MOST, MEAN_AT_MOST, CRISIS_AT_MOST, WORDS_AT_MOST = 8.0, 6.0, 5.0, 20
COUNTED_FROM_WORDS = 9

AVOIDED = (
    "enrol(?:l|s|led|ling|ment)?",
    "breach(?:es|ed)?",
    "hack(?:er|ers|ed)?",
    "attack(?:er|ers|ed)?",
    "threat actors?",
    "compromised",
    "pwned",
    "credentials?",
    "phishing",
    "metadata",
    "exif",
    "biometrics?",
    "templates?",
    "embeddings?",
    "vectors?",
    "false positives?",
    "victims?",
    "safe(?:ly|ty)?",
    "secure[dr]?(?:ly)?",
    "protected",
    "invalid",
    "fail(?:s|ed|ure)?",
    "illegal",
    "api keys?",
    "hash(?:es|ed)?",
    "2fa|mfa|totp",
    "doxx?ing",
    "sextortion",
    "revenge porn",
    "child porn\\w*",
    "data controller",
    "erasure",
    "threshold",
    "urgent",
    "percent(?:age)?",
)
NAMES = re.compile(
    r"Have I Been Pwned|XposedOrNot|Revenge Porn Helpline|Google Cloud Vision|GNOME Keyring|PYTHON_KEYRING_BACKEND"
    r"|Google Vision|Take It Down by NCMEC|settings\.toml|--[\w-]+|privacyguard \w+|PrivacyGuard|StopNCII|Gravatar|KWallet"
    r"|(?:UK )?General Data Protection Regulation \((?:UK )?GDPR\)|Federal Act on Data Protection \(FADP\)"
    r"|California Consumer Privacy Act \(CCPA\)|CalPrivacy"
)
PLACEHOLDERS = re.compile(r"\{[^{}]*\}|“[^”]*”")
FOR_SKILLED_HANDS = ("commands", "cli.py", "doctor.py", "selftest", "settings.py", "__main__.py")
"""What only somebody at a command line reads: technical words are allowed there, long sentences are not."""


def spoken(path: Path) -> Iterator[tuple[str, str]]:
    """Each marked text of a source file with its place. Neighbouring literals are one text in the syntax tree."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name in MARKS:
            for argument in node.args[: 2 if name == "ngettext" else 1]:
                for part in ast.walk(argument):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str) and part.value:
                        yield f"{path.relative_to(ROOT)}:{part.lineno}", part.value


def on_page(path: Path) -> Iterator[tuple[str, str]]:
    """Each marked text of an HTML template with its place."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        for found in re.finditer(r'_\("([^"]+)"', line):
            yield f"{path.relative_to(ROOT)}:{number}", found.group(1)


def in_letters(path: Path) -> Iterator[tuple[str, str]]:
    """Each paragraph of the letters with its place. A list of questions is as many texts."""

    def texts(value: object) -> Iterator[str]:
        if isinstance(value, str):
            yield from value.split("\n- ")
        for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            yield from texts(part)

    for text in texts(json.loads(path.read_text(encoding="utf-8"))):
        yield str(path.relative_to(ROOT)), text


SOURCES = sorted((ROOT / "privacyguard").rglob("*.py"))
PAGES = sorted((ROOT / "resources" / "report").glob("*.html"))
LETTERS = ROOT / "resources" / "letters" / "en.json"
EVERY_TEXT = [
    *(each for path in SOURCES for each in spoken(path)),
    *(each for path in PAGES for each in on_page(path)),
    *in_letters(LETTERS),
]
ON_SCREEN = [
    (place, text) for place, text in EVERY_TEXT if not place.removeprefix("privacyguard/").startswith(FOR_SKILLED_HANDS)
]


def sentences(text: str) -> list[list[str]]:
    """The words of each sentence."""
    plain = PLACEHOLDERS.sub("name", NAMES.sub("name", text))
    parts = re.split(r"[.?!:…]+(?:\s|$)", plain)
    return [words for part in parts if (words := re.findall(r"[A-Za-zÀ-ÿ’'-]+|\d+", part))]


def syllables(word: str) -> int:
    """How many syllables, by the rule on top of this file."""
    letters = re.sub(r"[^a-z]", "", word.lower())
    if len(letters) > 3 and letters.endswith("ed") and letters[-3] not in "td":
        letters = letters[:-2]
    elif len(letters) > 2 and letters.endswith("e") and not letters.endswith("le"):
        letters = letters[:-1]
    return max(1, len(re.findall(r"[aeiouy]+", letters)))


def grade(text: str) -> float:
    """The Flesch-Kincaid grade: years of school in the United States."""
    parts = sentences(text)
    words = [word for part in parts for word in part]
    return 0.39 * len(words) / len(parts) + 11.8 * fmean(map(syllables, words)) - 15.59


def length(text: str) -> int:
    """Words in all."""
    return sum(map(len, sentences(text)))


GRADED = [(place, text) for place, text in ON_SCREEN if length(text) >= COUNTED_FROM_WORDS]


def listed(wrong: list[tuple[str, str]]) -> str:
    """What to say of each offending text."""
    return "\n" + "\n".join(f"{place}: {text}" for place, text in wrong)


@pytest.mark.parametrize(
    ("word", "count"),
    [("password", 2), ("picture", 2), ("looked", 1), ("wanted", 2), ("table", 2), ("the", 1), ("e", 1)],
)
def test_syllables_are_counted_by_the_rule(word: str, count: int) -> None:
    assert syllables(word) == count


def test_the_measure_tells_plain_from_learned() -> None:
    assert grade("The cat sat on the mat. It was a warm day.") < 2
    assert grade("Notwithstanding contractual obligations, accountability necessitates transparency.") > 15


def test_the_texts_are_found_and_neighbouring_literals_are_joined() -> None:
    places = {place.rpartition(":")[0] for place, _text in EVERY_TEXT}
    assert {"privacyguard/errors.py", "privacyguard/wording.py", "resources/report/report.html"} <= places
    assert any(place.startswith("privacyguard/ui/") for place in places)
    assert any("keeps it here, with the small face cuts." in text for _place, text in EVERY_TEXT)
    assert len(ON_SCREEN) > 400
    assert ("resources/letters/en.json", "What do you use them for?") in ON_SCREEN


def test_no_text_is_above_the_hard_limit() -> None:
    hard = [(f"{place} grade {grade(text):.1f}", text) for place, text in GRADED if grade(text) > GRADE_AT_MOST]
    assert hard == [], listed(hard)


def test_the_mean_is_grade_6_or_lower() -> None:
    assert fmean(grade(text) for _place, text in GRADED) <= MEAN_AT_MOST


def test_no_sentence_is_long() -> None:
    long = [(place, text) for place, text in EVERY_TEXT if any(len(part) > WORDS_AT_MOST for part in sentences(text))]
    assert long == [], listed(long)


@pytest.mark.parametrize("word", AVOIDED)
def test_an_avoided_word_is_not_used(word: str) -> None:
    used = [
        (place, text) for place, text in ON_SCREEN if re.search(rf"\b(?:{word})\b", NAMES.sub("", text), re.IGNORECASE)
    ]
    assert used == [], listed(used)


@pytest.mark.parametrize("never", ["!", "%", "&", "this is you", "e.g.", "i.e.", "should not have shared"])
def test_nothing_shouts_shortens_blames_or_names(never: str) -> None:
    wrong = [(place, text) for place, text in ON_SCREEN if never in text.lower()]
    assert wrong == [], listed(wrong)


@pytest.mark.parametrize("country", [code for code, _name in countries()])
@pytest.mark.parametrize("under_18", [True, False, None])
@pytest.mark.parametrize("threat_now", [True, False])
def test_what_is_read_in_a_crisis_is_grade_5_or_lower(country: str, under_18: bool | None, threat_now: bool) -> None:
    steps = first_help(under_18, threat_now, True, help_for(country))
    assert fmean(grade(step.text) for step in steps) <= CRISIS_AT_MOST
    assert not [step.text for step in steps if any(len(part) > WORDS_AT_MOST for part in sentences(step.text))]


@pytest.mark.parametrize("kind", LETTER_KINDS)
@pytest.mark.parametrize("country", ["GB", "DE", "CH", "US", ""])
@pytest.mark.parametrize("child", [None, "Kim"])
def test_a_letter_is_grade_6_or_lower_the_names_of_laws_apart(kind: str, country: str, child: str | None) -> None:
    made = letter(kind, "Example Gym", "Zoe", country, date(2026, 11, 25), child_name=child, leaked_on=date(2024, 6, 1))
    assert grade(made.body) <= MEAN_AT_MOST
    assert not [part for part in sentences(made.body) if len(part) > WORDS_AT_MOST]
