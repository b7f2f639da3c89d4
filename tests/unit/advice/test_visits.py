"""Pages to go to by hand: only what the facts say, and the words that lead there."""

import json
from datetime import date
from urllib.parse import urlsplit

import pytest

from privacyguard.advice import visits as known
from privacyguard.model.visit import Gives, Keeps, Price, Visit, VisitKind

ADDRESSES = {
    "pimeyes": "https://pimeyes.com/en",
    "lenso": "https://lenso.ai/en",
    "google-lens": "https://lens.google.com/",
    "yandex": "https://yandex.com/images/",
    "bing": "https://www.bing.com/visualsearch",
    "tineye": "https://tineye.com/",
    "pimeyes-opt-out": "https://pimeyes.com/en/opt-out-request-form",
    "facecheck-opt-out": "https://facecheck.id/Face-Search/RemoveMyPhotos",
    "lenso-opt-out": "https://lenso.ai/en/page/privacy-protection",
    "clearview-opt-out": "https://www.clearview.ai/privacy-and-requests",
    "social-catfish-opt-out": "https://socialcatfish.com/opt-out/",
}


def visit(visit_id: str) -> Visit:
    return next(each for each in known.visits() if each.visit_id == visit_id)


def test_the_addresses_are_those_that_were_read() -> None:
    assert {each.visit_id: each.address for each in known.visits()} == ADDRESSES


@pytest.mark.parametrize("each", known.visits(), ids=lambda each: each.visit_id)
def test_each_page_is_whole(each: Visit) -> None:
    parts = urlsplit(each.address)
    assert (parts.scheme, parts.username, parts.port) == ("https", None, None)
    assert each.confidence in {"high", "medium", "low"}
    assert each.source
    assert each.checked_on >= date(2026, 11, 23)
    assert known.steps(each)
    assert bool(known.saving_steps(each)) is each.is_search
    leaving = known.leaving(each)
    assert leaving[0] == f"You are about to leave PrivacyGuard and open {each.name}."
    assert leaving[-1].startswith("We cannot take back")
    assert known.notes(each)[-1] == "We last read about this site on 23 November 2026."


def test_a_price_is_named_only_where_one_was_read_and_with_its_day() -> None:
    words = " ".join(known.leaving(visit("pimeyes")))
    assert "It is free to look. To see the links costs money." in words
    assert "on 23 November 2026: 29.99 US dollars. It may have changed." in words
    for each in known.visits():
        assert (each.price_read is not None) == (each.price is Price.PAID_LINKS)
        if each.price is Price.UNKNOWN and each.is_search:
            assert "We do not know what it costs. Look before you pay." in known.leaving(each)


def test_only_tineye_is_said_to_keep_nothing() -> None:
    assert [each.visit_id for each in known.visits() if each.keeps is Keeps.NOTHING] == ["tineye"]
    assert "It says that it does not keep the photo." in known.leaving(visit("tineye"))
    assert "It may keep a copy." in known.leaving(visit("yandex"))


def test_an_opt_out_says_what_it_takes() -> None:
    assert "picture of your ID" in " ".join(known.leaving(visit("pimeyes-opt-out")))
    assert any(
        words.startswith("To be left out, you have to show it") for words in known.leaving(visit("lenso-opt-out"))
    )
    unknown = visit("social-catfish-opt-out")
    assert unknown.gives is Gives.UNKNOWN
    assert not any("copy" in words or "show it your face" in words for words in known.leaving(unknown))


def test_which_addresses_are_of_a_search() -> None:
    assert known.is_search_site("https://www.google.com/search?q=1")
    assert known.is_search_site("https://pimeyes.com/en/results/1")
    assert not known.is_search_site("https://socialcatfish.com/x")
    assert not known.is_search_site("https://club.example.org/")
    assert not known.is_search_site("not an address")


def test_when_to_look_again() -> None:
    asked = date(2026, 3, 1)
    assert known.asked(asked, date(2026, 5, 29)) == (
        "You asked on 1 March 2026. Look again after 30 May 2026: faces may come back."
    )
    assert "It is time to look again" in known.asked(asked, date(2026, 5, 30))


def test_every_note_has_words_and_every_word_is_used() -> None:
    content = json.loads(known.DATA.read_text(encoding="utf-8"))
    used = {note for each in content["visits"] for note in each["notes"]}
    assert used == set(known._NOTES)
    assert {each.kind for each in known.visits()} == set(VisitKind)
