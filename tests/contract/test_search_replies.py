"""Replies of the searches with each field wrong: cleaned, or a failure in words; never a crash, never "nothing found"."""

from collections.abc import Callable
from typing import Any

import pytest

from privacyguard.errors import SourceError
from privacyguard.sources.pictures import brave, searxng, serpapi_lens, tineye
from privacyguard.sources.pictures.named import Named
from privacyguard.sources.reading import an_object
from tests.support.fakes.searches import brave_result, lens_entry, searxng_result, tineye_match
from tests.support.hostile import HOSTILE, changed, is_clean, places

ONE, PAGE, SMALL = "https://a.example.org/1.jpg", "https://a.example.org/p", "https://a.example.org/small.jpg"
BRAVE = {"type": "images", "results": [brave_result(ONE, PAGE, thumbnail={"src": SMALL})]}
SEARXNG = {"results": [searxng_result(ONE, PAGE, thumbnail_src=SMALL)], "unresponsive_engines": [["a", "timeout"]]}
LENS = {
    "search_metadata": {"id": "x", "status": "Success"},
    "visual_matches": [lens_entry(PAGE, image=ONE, image_width=9, image_height=9, thumbnail=SMALL)],
}
TINEYE = {"matches": [tineye_match([(ONE, PAGE)], image_url=SMALL)]}

Parse = Callable[[Any], list[Named]]


def lens(reply: Any) -> list[Named]:
    return list(serpapi_lens.joined([], serpapi_lens.parse(an_object(reply), "visual_matches")))


def own_server(reply: Any) -> list[Named]:
    found, silent = searxng.parse(reply, "https://search.example.org")
    assert all(is_clean(name, 300) for name in silent)
    return found


WAYS = [
    (name, parse, good, way)
    for name, parse, good in (
        ("brave", brave.parse, BRAVE),
        ("searxng", own_server, SEARXNG),
        ("lens", lens, LENS),
        ("tineye", lambda reply: tineye.parse(an_object(reply)), TINEYE),
    )
    for way in places(good)
]


@pytest.mark.parametrize(("name", "parse", "good", "way"), WAYS, ids=[f"{name} {way}" for name, _, _, way in WAYS])
def test_each_field(name: str, parse: Parse, good: dict[str, Any], way: tuple[Any, ...]) -> None:
    assert [(each.picture, each.page) for each in parse(good)] == [(ONE, PAGE)]
    for value in HOSTILE:
        try:
            found = parse(changed(good, way, value))
        except SourceError:
            continue
        # Only a list that the service itself left empty is none.
        assert found or value == []
        for each in found:
            for address in (each.picture, each.page, each.thumbnail):
                assert address is None or (address.startswith(("https://", "http://")) and is_clean(address))
            assert is_clean(each.title, 300)


@pytest.mark.parametrize(
    ("reply", "is_none"),
    [
        ({"error": "Google hasn't returned any results for this query.", "search_metadata": {"status": "Error"}}, True),
        (
            {"error": "Google hasn't returned any results for this query.", "search_metadata": {"status": "Success"}},
            True,
        ),
        ({"error": "Google hasn't returned any results for this query."}, False),
        ({"error": "Google Lens is not there today.", "search_metadata": {"status": "Error"}}, False),
        ({"error": None, "search_metadata": {"status": "Error"}}, False),
        ({"search_metadata": {"status": "Error"}, "visual_matches": []}, False),
        ({"search_metadata": {"status": "Success"}, "visual_matches": []}, True),
        ({"search_metadata": {"status": "Success"}, "ai_overview": {}}, False),
    ],
)
def test_only_the_documented_words_of_lens_are_none(reply: dict[str, Any], is_none: bool) -> None:
    if is_none:
        assert lens(reply) == []
    else:
        with pytest.raises(SourceError):
            lens(reply)


@pytest.mark.parametrize("silent", [[[]], [[7]], [7], "x", [[None, "timeout"]], [[{}]], {"a": "b"}])
def test_silent_engines_in_another_form_are_a_failure(silent: object) -> None:
    with pytest.raises(SourceError):
        own_server({"results": [], "unresponsive_engines": silent})
    assert own_server({"results": []}) == []


def test_sizes_that_are_none_join_nothing() -> None:
    same = serpapi_lens.parse({**LENS, "exact_matches": [lens_entry(PAGE, thumbnail=SMALL)]}, "exact_matches")
    like = serpapi_lens.parse({**LENS, "visual_matches": [lens_entry(PAGE, image=ONE)]}, "visual_matches")
    assert [each.picture for each in serpapi_lens.joined(same, like)] == [None, ONE]
