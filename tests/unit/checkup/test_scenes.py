"""Her face in a scene that was also seen with another face: told once, whichever picture came first, and never of copies."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from privacyguard.checkup.look import Look
from privacyguard.checkup.scenes import Scenes
from privacyguard.errors import Cancelled
from privacyguard.model.finding import Finding, Mark, MarkKind
from privacyguard.model.picture import Box, Closeness, FaceMatch, SwapSign
from privacyguard.model.progress import CancelToken
from tests.support.scan_bench import ANN, STRANGER, ScanBench, picture

PARTY = "0123456789abcdef" * 2 + "0123"
PARTY_AGAIN = "0123456789abcdef" * 2 + "0120"  # two bits from it
BEACH = "fedcba9876543210" * 2 + "fedc"
OTHER = 7


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[ScanBench]:
    bench = ScanBench(tmp_path / "home", tmp_path / "pictures")
    yield bench
    bench.close()


def signs(bench: ScanBench) -> dict[str, SwapSign | None]:
    """The sign of each finding, by the name of its file."""
    return {Path(match.picture).name: match.swap for match in matches(bench)}


def matches(bench: ScanBench) -> list[FaceMatch]:
    return [finding.evidence for finding in findings(bench) if isinstance(finding.evidence, FaceMatch)]


def findings(bench: ScanBench) -> tuple[Finding, ...]:
    return bench.vault.findings(bench.person_id)


def test_her_face_where_another_was_seen_is_told_and_the_match_is_told_once(bench: ScanBench) -> None:
    bench.write("hers.png", picture(ANN, scene=PARTY))
    bench.write("theirs.png", picture(STRANGER, scene=PARTY_AGAIN))
    bench.write("elsewhere.png", picture(ANN, scene=BEACH))
    scan, found = bench.run()
    assert set(found) == {"hers.png", "elsewhere.png"}
    assert scan.counts.matches == 2
    assert signs(bench) == {"hers.png": SwapSign.OTHER_SCENE, "elsewhere.png": None}
    assert list(scan.swaps) == [found["hers.png"].finding.key]
    assert all(match.cut is not None for match in matches(bench))


@pytest.mark.parametrize("first", ["hers.png", "theirs.png"])
def test_it_is_told_whichever_of_both_came_first(bench: ScanBench, first: str) -> None:
    contents = {"hers.png": picture(ANN, scene=PARTY), "theirs.png": picture(STRANGER, scene=PARTY_AGAIN)}
    bench.write(first, contents.pop(first))
    bench.run()
    assert set(signs(bench).values()) <= {None}
    for name, content in contents.items():
        bench.write(name, content)
    scan, _found = bench.run()
    assert signs(bench) == {"hers.png": SwapSign.OTHER_SCENE}
    assert scan.counts.matches == 1


def test_a_second_scan_of_unchanged_files_looks_at_nothing_and_keeps_the_sign(bench: ScanBench) -> None:
    bench.write("hers.png", picture(ANN, scene=PARTY))
    bench.write("theirs.png", picture(STRANGER, scene=PARTY_AGAIN))
    bench.run()
    scan, found = bench.run()
    assert bench.pool.looked_at == []
    assert signs(bench) == {"hers.png": SwapSign.OTHER_SCENE}
    assert found["hers.png"].match.swap is SwapSign.OTHER_SCENE
    assert not scan.swaps


def test_a_face_too_little_like_hers_alone_is_a_match_where_the_scene_was_seen_with_another(bench: ScanBench) -> None:
    bench.write("blended.png", picture(0.4, scene=PARTY))
    bench.write("like.png", picture(0.4, scene=BEACH))
    bench.write("theirs.png", picture(OTHER, scene=PARTY_AGAIN))
    scan, found = bench.run()
    assert set(found) == {"blended.png"}
    assert scan.counts.matches == 1
    match = found["blended.png"].match
    assert (match.closeness, match.swap) == (Closeness.A_LITTLE, SwapSign.OTHER_SCENE)
    assert found["blended.png"].finding.key in scan.new


@pytest.mark.parametrize(
    "other",
    [
        picture(ANN, scene=PARTY_AGAIN, more="a smaller copy"),
        picture(0, scene=PARTY_AGAIN),
        picture(scene=PARTY_AGAIN),
        picture(STRANGER, scene=PARTY_AGAIN, box=Box(300, 200, 50, 60)),
        picture(STRANGER, scene=BEACH),
        picture(STRANGER),
    ],
    ids=["same face", "could not judge", "no face", "face elsewhere", "other scene", "no scene"],
)
def test_it_is_not_told_of_any_other_picture(bench: ScanBench, other: bytes) -> None:
    bench.write("hers.png", picture(ANN, scene=PARTY))
    bench.write("other.png", other)
    scan, _found = bench.run()
    assert set(signs(bench).values()) == {None}
    assert not scan.swaps


def test_her_not_me_is_not_brought_back(bench: ScanBench) -> None:
    bench.write("blended.png", picture(0.4, scene=PARTY))
    bench.write("theirs.png", picture(OTHER, scene=PARTY_AGAIN))
    _, found = bench.run()
    bench.vault.mark(found["blended.png"].finding.key, Mark(MarkKind.NOT_ME))
    bench.write("theirs too.png", picture(OTHER, scene=PARTY_AGAIN, more="again"))
    scan, found = bench.run()
    assert found == {}
    assert not scan.swaps


def test_what_a_stopped_scan_left_undone_is_compared_by_the_next(bench: ScanBench) -> None:
    bench.write("a hers.png", picture(ANN, scene=PARTY))
    bench.write("b theirs.png", picture(STRANGER, scene=PARTY_AGAIN))
    for number in range(100):
        bench.write(f"c {number}.png", picture(STRANGER, more=str(number)))
    cancel = CancelToken()
    with pytest.raises(Cancelled):
        for _match in bench.scan().matches(bench.candidates(), cancel):
            cancel.cancel()
    bench.run()
    assert signs(bench) == {"a hers.png": SwapSign.OTHER_SCENE}


@pytest.mark.parametrize(
    ("web", "is_told"),
    [
        (picture(ANN, scene=PARTY), True),
        (picture(0.4, scene=PARTY), True),
        (picture(ANN, scene=BEACH), False),
        (picture(OTHER, scene=PARTY), False),
        (picture(ANN), False),
    ],
    ids=["her face", "a little hers", "other scene", "the same face", "no scene"],
)
def test_picture_of_the_web_is_compared_with_those_on_this_computer(
    bench: ScanBench, tmp_path: Path, web: bytes, is_told: bool
) -> None:
    bench.write("theirs.png", picture(OTHER, scene=PARTY_AGAIN))
    bench.run()
    fetched = tmp_path / "fetched.png"
    fetched.write_bytes(web)
    person = bench.vault.person(bench.person_id)
    assert person.template is not None
    look = Look(person, person.template, bench.pool, frozenset())
    scenes = Scenes(look, bench.vault, "gravatar", lambda: bench.now)
    assert scenes.had_another_face(bench.pool.analyse(fetched), CancelToken()) is is_told
