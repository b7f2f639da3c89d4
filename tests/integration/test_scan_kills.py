"""A scan outlives kill -9 of the app and of its workers: nothing is lost, nothing comes twice, and it ends as if undisturbed.

The same with 50 kills each: ``python -m tests.bench.kills``.
"""

from pathlib import Path

import pytest
from PIL import Image, ImageEnhance

from tests.conftest import Portraits
from tests.support.commands import CommandLine
from tests.support.drawn_faces import drawn_face
from tests.support.keyring_session import Session
from tests.support.scan_kills import Kills, Known

KILLS = 5


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, free_portraits: Portraits) -> Path:
    """Her, a stranger and drawn faces, each picture other than the next, and what is no picture."""
    top = tmp_path_factory.mktemp("killed") / "pictures"
    for number in range(18):
        below = top / f"{number % 3}"
        below.mkdir(parents=True, exist_ok=True)
        for name, source in zip(("her", "other"), free_portraits, strict=True):
            with Image.open(source) as image:
                bright = ImageEnhance.Brightness(image.convert("RGB")).enhance(0.7 + number / 50)
            for size in (400, 300):
                bright.resize((size, size)).save(below / f"{name}-{number:02}-{size}.jpg", quality=90)
        cut = drawn_face(number, 100 + number)
        Image.frombytes("RGB", (cut.width, cut.height), cut.rgb).save(below / f"drawn-{number:02}.png")
    (top / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 no picture")
    (top / "letter.txt").write_text("no picture at all")
    return top


@pytest.fixture(scope="module")
def kills(
    running_store: Session, free_portraits: Portraits, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Kills:
    home = CommandLine(running_store, tmp_path_factory.mktemp("homes") / "home")
    assert home("enrol", "--consent", free_portraits.astronaut).status == 0
    return Kills(home, folder, seed=1)


@pytest.fixture(scope="module")
def expected(kills: Kills) -> tuple[Known, float]:
    known, seconds = kills.undisturbed()
    assert dict(known.counts)["seen"] == 91 and dict(known.counts)["unreadable"] == 1
    assert len(known.matches) >= 30 and len(known.findings) == len(known.matches)
    assert all(Path(path).name.startswith("her") for path, *_ in known.matches)
    return known, seconds


def test_the_app_may_be_killed_at_any_moment(kills: Kills, expected: tuple[Known, float]) -> None:
    known, seconds = expected
    assert kills.of_the_app(KILLS, known, min(seconds, 5.0))["kills"] == KILLS


def test_a_worker_may_be_killed_at_any_moment(kills: Kills, expected: tuple[Known, float]) -> None:
    known, _ = expected
    assert kills.of_workers(KILLS, known, 1.0)["kills"] == KILLS
