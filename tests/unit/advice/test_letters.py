"""Letters: each kind for each law, for a grown-up and for a parent; when an answer is due; what is never in one."""

import json
import re
from collections.abc import Iterator
from datetime import date

import pytest

from privacyguard.advice.letters import (
    ARCHIVED,
    ASK,
    DATA,
    DELETE,
    LEAK,
    LETTER_KINDS,
    ORGANISATION_KINDS,
    Letter,
    kind_words,
    law_of,
    letter,
    letter_countries,
)

TODAY = date(2026, 11, 25)
LAWS = json.loads((DATA / "laws.json").read_text("utf-8"))["laws"]
BLANK = re.compile(r"\[[^\]]+\]")


def every_letter() -> Iterator[Letter]:
    for kind in ORGANISATION_KINDS:
        for country in ("GB", "DE", "CH", "US", "JP", ""):
            for child in (None, "Kim"):
                yield letter(kind, "Example Gym", "Zoe Q", country, TODAY, child_name=child)


def test_every_letter_is_addressed_dated_signed_and_filled_in() -> None:
    for each in every_letter():
        assert each.title
        assert each.text.startswith(each.title + "\n\nTo Example Gym\n\n25 November 2026\n\n")
        assert each.text.endswith("\n\nZoe Q\n")
        assert "{" not in each.text
        assert BLANK.findall(each.body) == ["[Your e-mail address or number there]"]
        assert each.due_on > TODAY
        assert each.note.endswith("This is general information, not legal advice.")


def test_what_is_not_known_is_left_as_a_blank() -> None:
    body = letter(ASK, "Example Gym", "", "GB", TODAY, child_name="").body
    assert body.endswith("\n\n[Your name]")
    assert "guardian of [Name of your child]." in body


@pytest.mark.parametrize(
    ("country", "kind", "says"),
    [
        ("GB", ASK, "Article 15 of the UK General Data Protection Regulation"),
        ("gb", DELETE, "Article 17 of the UK General Data Protection Regulation"),
        ("FR", ASK, "Article 15 of the General Data Protection Regulation"),
        ("EU", ASK, "Article 15 of the General Data Protection Regulation"),
        ("IE", LEAK, "Articles 15 and 17 of the General Data Protection Regulation"),
        ("CH", ASK, "Article 25 of the Federal Act on Data Protection"),
        ("CH", DELETE, "Article 32 of the Federal Act on Data Protection"),
        ("US", DELETE, "Does the California Consumer Privacy Act (CCPA) cover this?"),
    ],
)
def test_the_law_of_the_country_is_named(country: str, kind: str, says: str) -> None:
    assert says in letter(kind, "Example Gym", "", country, TODAY).body


@pytest.mark.parametrize("country", ["JP", "CA", "NO", "XX", "", "GBR"])
def test_where_no_law_is_known_none_is_named(country: str) -> None:
    for kind in LETTER_KINDS:
        made = letter(kind, "Example Gym", "", country, TODAY)
        assert not re.search(r"Article|Regulation|\bAct\b|within \d", made.body)
        assert "We know no law on this for your country." in made.note
    assert law_of(country) is None


@pytest.mark.parametrize(
    ("country", "sent", "due"),
    [
        ("DE", date(2026, 11, 25), date(2026, 12, 25)),
        ("GB", date(2026, 12, 31), date(2027, 1, 31)),
        ("GB", date(2027, 1, 31), date(2027, 2, 28)),
        ("GB", date(2027, 3, 31), date(2027, 4, 30)),
        ("CH", date(2027, 1, 31), date(2027, 3, 2)),
        ("US", date(2026, 11, 25), date(2027, 1, 9)),
        ("JP", date(2026, 11, 25), date(2026, 12, 25)),
    ],
)
def test_an_answer_is_due_by_the_law_of_the_country(country: str, sent: date, due: date) -> None:
    assert letter(ASK, "Example Gym", "", country, sent).due_on == due


PAGES = ("https://club.example.org/team", "https://web.archive.org/web/20240229235959/https://club.example.org/team")


@pytest.mark.parametrize("country", ["GB", "DE", "CH", "US", "JP", ""])
@pytest.mark.parametrize("child", [None, "Kim"])
def test_a_letter_to_an_archive_lists_every_address_and_says_how_to_be_reached(country: str, child: str | None) -> None:
    made = letter(ARCHIVED, "Internet Archive", "Zoe Q", country, TODAY, child_name=child, addresses=PAGES)
    assert made.text.startswith(made.title + "\n\nTo Internet Archive\n\n25 November 2026\n\n")
    assert "".join(f"\n- {page}" for page in PAGES) in made.body
    assert BLANK.findall(made.body) == ["[Your e-mail address]"]
    assert made.text.endswith("\n\nZoe Q\n")
    assert ("parent or guardian of Kim" in made.body) is (child is not None)
    assert bool(re.search(r"\babout me\b|show me\b", made.text)) is (child is None)


def test_a_letter_to_an_archive_without_an_address_has_a_blank_for_them() -> None:
    made = letter(ARCHIVED, "Internet Archive", "Zoe Q", "GB", TODAY)
    assert "\n- [The address of each page and picture]" in made.body


def test_a_law_that_may_not_cover_an_archive_is_named_with_an_if_or_not_at_all() -> None:
    def body(country: str) -> str:
        return letter(ARCHIVED, "Internet Archive", "", country, TODAY, addresses=PAGES).body

    assert "Does the General Data Protection Regulation (GDPR) cover this? Then I ask" in body("DE")
    assert "Does the Federal Act on Data Protection (FADP) cover this?" in body("CH")
    assert "California" not in body("US")
    assert law_of("US", ARCHIVED) is None
    assert law_of("US", DELETE) is not None
    made = letter(ARCHIVED, "Internet Archive", "", "US", TODAY, addresses=PAGES)
    assert made.due_on == date(2026, 12, 25)
    assert "We know no law on this for your country." in made.note


def test_an_address_in_a_letter_is_one_line_and_only_text() -> None:
    made = letter(ARCHIVED, "Internet Archive", "", "GB", TODAY, addresses=("https://a.example.org/{name}\nTo: x",))
    assert "\n- https://a.example.org/{name} To: x\n" in made.body


def test_a_leap_year_has_its_day() -> None:
    assert letter(DELETE, "Example Gym", "", "JP", date(2028, 1, 31)).due_on == date(2028, 2, 29)


def test_a_law_that_was_looked_up_long_ago_is_not_named() -> None:
    fresh = letter(ASK, "Example Gym", "", "GB", date(2027, 11, 23))
    assert "Article 15" in fresh.body
    assert "We last looked on 23 November 2026." in fresh.note
    stale = letter(ASK, "Example Gym", "", "GB", date(2027, 11, 25))
    assert "Article" not in stale.body
    assert "may have changed" in stale.note


def test_a_parent_writes_about_the_child_and_a_grown_up_about_themselves() -> None:
    for kind in LETTER_KINDS:
        parents = letter(kind, "City School", "Zoe Q", "GB", TODAY, child_name="Kim")
        assert "I am the parent or guardian of Kim." in parents.body
        assert "my child" in parents.body
        assert not re.search(r"\babout me\b|\bof me\b|my data", parents.text)
        own = letter(kind, "City School", "Zoe Q", "GB", TODAY)
        assert not re.search(r"child|guardian|Kim", own.text)


def test_a_question_about_a_leak_says_when_it_was_if_that_is_known() -> None:
    made = letter(LEAK, "Example Gym", "", "GB", TODAY, leaked_on=date(2024, 6, 1))
    assert "data leaked from you in June 2024." in made.body
    assert "data leaked from you." in letter(LEAK, "Example Gym", "", "GB", TODAY).body
    assert "June 2024" not in letter(DELETE, "Example Gym", "", "GB", TODAY, leaked_on=date(2024, 6, 1)).body


@pytest.mark.parametrize(
    ("untrusted", "shown"),
    [
        ("  Example\nGym\t ", "To Example Gym\n"),
        ("Ex\u202eample\x1b[2J", "To Ex ample [2J\n"),
        ("{name} {0} %s", "To {name} {0} %s\n"),
    ],
)
def test_a_foreign_name_is_one_line_and_only_text(untrusted: str, shown: str) -> None:
    assert letter(DELETE, untrusted, "", "GB", TODAY).body.startswith(shown)


@pytest.mark.parametrize(("kind", "recipient"), [("sue", "Example Gym"), (DELETE, " \n\u200b "), (DELETE, "")])
def test_an_unknown_kind_or_nobody_to_write_to_is_refused(kind: str, recipient: str) -> None:
    with pytest.raises(ValueError, match="no such letter"):
        letter(kind, recipient, "", "GB", TODAY)


def test_another_language_falls_back_to_english_and_no_path_is_built_of_it() -> None:
    english = letter(DELETE, "Example Gym", "", "GB", TODAY)
    for language in ("xx", "", "../help/helplines", "laws/../en", "e\0n"):
        assert letter(DELETE, "Example Gym", "", "GB", TODAY, language=language) == english


def test_the_names_of_neither_side_show_in_a_repr() -> None:
    assert "Example Gym" not in repr(letter(DELETE, "Example Gym", "Zoe Q", "GB", TODAY))


def test_each_law_has_its_source_its_day_and_one_deadline() -> None:
    seen: set[str] = set()
    for entry in LAWS.values():
        assert entry["source"]
        assert entry["confidence"] in ("A", "B")
        assert date.fromisoformat(entry["checked_on"]) <= date(2026, 11, 25)
        assert ("months" in entry) != ("days" in entry)
        assert not seen & set(entry["countries"])
        seen |= set(entry["countries"])
    assert len(LAWS["eu"]["countries"]) == 27 + 1  # and "EU", where only that is known


def test_the_file_of_texts_has_every_kind_for_every_law() -> None:
    texts = json.loads((DATA / "en.json").read_text("utf-8"))
    assert set(texts["letters"]) == set(LETTER_KINDS)
    assert set(texts["laws"]) == {*LAWS, "none"}
    assert all(set(lines) == set(LETTER_KINDS) for lines in texts["laws"].values())
    assert all(set(who) == {"adult", "child"} for who in texts["letters"].values())


def test_each_kind_has_words_of_its_own() -> None:
    assert len({kind_words(kind) for kind in LETTER_KINDS}) == len(LETTER_KINDS)


def test_a_country_whose_law_we_know_can_be_chosen_also_without_help_lines() -> None:
    codes = [code for code, _name in letter_countries()]
    assert codes.count("CH") == 1
    assert codes[-2:] == ["EU", "ZZ"]
    assert law_of("CH") is not None
    assert law_of("ZZ") is None
