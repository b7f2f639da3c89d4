"""Every word on screen is plain: reading grade, length of sentences, words that we avoid.

Grade: Flesch-Kincaid, 0.39 words per sentence + 11.8 syllables per word - 15.59. Syllables: groups of vowels, without a silent
final e, at least one a word. Placeholders and names of services count as one word of one syllable.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from privacyguard.advice.helplines import first_help, help_for

ROOT = Path(__file__).resolve().parents[2]
MARKS = {"_", "N_", "ngettext"}
GRADE_AT_MOST, MEAN_AT_MOST, WORDS_AT_MOST = 8.0, 6.0, 20
COUNTED_FROM_WORDS = 9
AVOIDED = """
enrol enrolled breach breached hacker attacker compromised credential credentials phishing metadata exif biometric template
embedding vector victim safe secure protected invalid failed illegal hash sextortion doxxing pwned threshold percent
""".split()
NAMES = re.compile(
    r"Have I Been Pwned|XposedOrNot|Revenge Porn Helpline|GNOME Keyring|KWallet|PYTHON_KEYRING_BACKEND|Google Vision"
    r"|settings\.toml|--\w+|\{[^{}]*\}|privacyguard \w+|PrivacyGuard|StopNCII|NCMEC|Gravatar|“[^”]*”"
)
NOT_ON_SCREEN = ("commands", "cli.py", "doctor.py", "selftest.py", "settings.py")


def texts() -> Iterator[tuple[str, str]]:
    """Each marked text with its place."""
    for path in sorted((ROOT / "privacyguard").rglob("*.py")):
        if path.relative_to(ROOT / "privacyguard").parts[0] in NOT_ON_SCREEN:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
                for argument in node.args[:2]:
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        yield f"{path.relative_to(ROOT)}:{node.lineno}", argument.value
    page = (ROOT / "resources" / "report" / "report.html").read_text(encoding="utf-8")
    for found in re.finditer(r'_\("([^"]+)"\)', page):
        yield "resources/report/report.html", found.group(1)


TEXTS = list(texts())


def sentences(text: str) -> list[list[str]]:
    plain = NAMES.sub("name", text)
    parts = re.split(r"[.?!:…]+(?:\s|$)|\n", plain)
    return [words for part in parts if (words := re.findall(r"[A-Za-zÀ-ÿ’'-]+", part))]


def syllables(word: str) -> int:
    letters = re.sub(r"[^a-z]", "", word.lower())
    if len(letters) > 2 and letters.endswith("e") and not letters.endswith("le"):
        letters = letters[:-1]
    return max(1, len(re.findall(r"[aeiouy]+", letters)))


def grade(text: str) -> float:
    parts = sentences(text)
    words = [word for part in parts for word in part]
    return 0.39 * len(words) / len(parts) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def long_texts() -> list[tuple[str, str]]:
    return [(place, text) for place, text in TEXTS if sum(map(len, sentences(text))) >= COUNTED_FROM_WORDS]


def test_the_measure_tells_plain_from_learned() -> None:
    assert grade("The cat sat on the mat. It was a warm day.") < 2
    assert (
        grade("Notwithstanding contractual obligations, organisational accountability necessitates transparency.") > 15
    )
    assert syllables("password") == 2
    assert len(TEXTS) > 300


def test_no_text_is_above_the_hard_limit() -> None:
    hard = [(round(grade(text), 1), place, text) for place, text in long_texts() if grade(text) > GRADE_AT_MOST]
    assert hard == [], "\n".join(map(str, sorted(hard, reverse=True)))


def test_the_mean_is_grade_6_or_lower() -> None:
    grades = [grade(text) for _place, text in long_texts()]
    assert sum(grades) / len(grades) <= MEAN_AT_MOST


def test_no_sentence_is_long() -> None:
    long = [(place, text) for place, text in TEXTS if any(len(part) > WORDS_AT_MOST for part in sentences(text))]
    assert long == [], "\n".join(map(str, long))


@pytest.mark.parametrize("word", AVOIDED)
def test_avoided_word_is_not_used(word: str) -> None:
    used = [(place, text) for place, text in TEXTS if re.search(rf"\b{word}\b", NAMES.sub("", text), re.IGNORECASE)]
    assert used == []


def test_nothing_shouts_promises_or_names() -> None:
    wrong = [(place, text) for place, text in TEXTS if "!" in text or "this is you" in text.lower() or "%" in text]
    assert wrong == []


def test_crisis_texts_are_grade_5_or_lower() -> None:
    for under_18 in (True, False, None):
        steps = first_help(under_18, True, True, help_for("GB"))
        grades = [grade(step.text) for step in steps]
        assert sum(grades) / len(grades) <= 5.0
