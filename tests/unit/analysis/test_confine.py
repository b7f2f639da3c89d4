"""A real worker tries what a hostile picture would make it try (T6): nothing works, and pictures are still decoded."""

import io
import json
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.reduction import send_handle
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from PIL import Image
from pillow_heif import from_pillow

from privacyguard.analysis import landlock, seccomp
from privacyguard.analysis.confine import MEMORY_BYTES, SMALL_MEMORY_BYTES, memory_limit, readable_places
from privacyguard.analysis.seccomp import instructions
from privacyguard.analysis.system_calls import DENIED, MISSING, UNKNOWN_FROM, with_rules
from privacyguard.pictures.decode import FORMATS
from tests.conftest import Portraits
from tests.support import attacks

ROOT = Path(__file__).resolve().parents[3]
PATIENCE_S = 60.0
CAN_FILTER = sys.platform == "linux" and os.uname().machine in {"x86_64", "aarch64"}
CAN_CLOSE_FILES = sys.platform == "linux" and landlock.version() > 0

needs_both = pytest.mark.skipif(
    not (CAN_FILTER and CAN_CLOSE_FILES), reason="this system has no Landlock, or no filter for system calls"
)
needs_landlock = pytest.mark.skipif(not CAN_CLOSE_FILES, reason="this system has no Landlock")


class Place(NamedTuple):
    home: Path
    folder: Path
    given: Path


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A home with a secret in it, and a folder with the one file that is handed over."""
    home, folder = tmp_path_factory.mktemp("home-of-somebody"), tmp_path_factory.mktemp("pictures")
    (home / attacks.SECRET).parent.mkdir()
    (home / attacks.SECRET).write_bytes(b"secret")
    (folder / attacks.GIVEN).write_bytes(b"given")
    (folder / attacks.GIVEN).chmod(0o644)
    return Place(home, folder, folder / attacks.GIVEN)


@contextmanager
def child_of(work: Callable[..., object], *arguments: object) -> Iterator[tuple[Connection, int]]:
    """``work`` in a spawned process: the pipe to it, and its number."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=work, args=(theirs, os.getpid(), *arguments), daemon=True)
    process.start()
    theirs.close()
    try:
        assert process.pid
        yield ours, process.pid
    finally:
        process.kill()
        process.join()
        ours.close()


def answer(pipe: Connection) -> Any:
    assert pipe.poll(PATIENCE_S)
    return json.loads(pipe.recv_bytes(100_000))


def results(pipe: Connection, process: int, given: Path) -> dict[str, str | None]:
    """Hand over the file; what came of the attacks."""
    with given.open("rb") as file:
        send_handle(pipe, file.fileno(), process)
        told = answer(pipe)
    assert list(told) == list(attacks.ATTACKS)
    return dict(told)


@pytest.fixture(scope="module")
def attacked(place: Place) -> Iterator[tuple[Connection, int, dict[str, str | None]]]:
    """A confined worker that has tried everything: its pipe, its number, and what came of it."""
    with child_of(attacks.confined, str(place.home), str(place.folder)) as (pipe, process):
        yield pipe, process, results(pipe, process, place.given)


# --- attacks ------------------------------------------------------------------------------------------------------


@needs_both
@pytest.mark.parametrize("attack", attacks.ATTACKS)
def test_attack_fails_in_a_worker(attacked: tuple[Connection, int, dict[str, str | None]], attack: str) -> None:
    assert attacked[2][attack] is not None


@needs_both
def test_attacks_leave_no_trace(attacked: tuple[Connection, int, dict[str, str | None]], place: Place) -> None:
    assert [path.name for path in place.folder.iterdir()] == [attacks.GIVEN]
    assert [path.name for path in place.home.iterdir()] == [".ssh"]
    assert place.given.read_bytes() == b"given"
    assert place.given.stat().st_mode & 0o777 == 0o644


def test_the_same_attacks_succeed_where_nothing_was_given_up(tmp_path: Path, place: Place) -> None:
    """Otherwise the failures above would prove nothing. The parent is one that nobody needs; all ends with its time."""
    given = tmp_path / attacks.GIVEN
    given.write_bytes(b"given")
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.attacks", str(place.home), str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=True,
    )
    told = json.loads(done.stdout)
    assert list(told) == list(attacks.ATTACKS)
    succeeded = {attack for attack, error in told.items() if error is None}
    assert len(succeeded) >= 0.75 * len(told), sorted(set(told) - succeeded)
    assert {"fork", "execve", "read /etc/passwd", "read what was not handed over", "write in /tmp"} <= succeeded


@needs_landlock
def test_landlock_alone_keeps_files_closed(place: Place) -> None:
    with child_of(attacks.behind_landlock, str(place.home), str(place.folder)) as (pipe, process):
        told = results(pipe, process, place.given)
    assert {attack for attack in attacks.ON_FILES if told[attack] is None} == set()
    assert told["fork"] is None  # and that the filter, not Landlock, is what refuses this


@needs_landlock
def test_kernel_takes_the_rules_of_every_version_that_it_knows() -> None:
    with child_of(attacks.behind_each_landlock) as (pipe, _):
        told = answer(pipe)
    assert told == {"known": landlock.version(), "readable": ["/usr/bin", "/dev/null"]}


# --- and pictures ---------------------------------------------------------------------------------------------------


def encoded(image: Image.Image, kind: str) -> bytes:
    file = io.BytesIO()
    if kind == "HEIF":
        from_pillow(image).save(file, format="HEIF")
    else:
        image.save(file, kind)
    return file.getvalue()


@needs_both
@pytest.mark.parametrize("kind", FORMATS)
def test_each_format_is_decoded_and_its_face_found_after_the_attacks(
    attacked: tuple[Connection, int, dict[str, str | None]], free_portraits: Portraits, kind: str
) -> None:
    with Image.open(free_portraits.astronaut) as image:
        content = encoded(image.convert("RGB"), kind)
    attacked[0].send_bytes(content)
    told = json.loads(attacked[0].recv_bytes(2**20))
    assert told.get("format") == kind
    assert len(told["faces"]) == 1


@needs_both
def test_second_opinion_starts_after_all_is_closed_off(
    attacked: tuple[Connection, int, dict[str, str | None]],
) -> None:
    attacked[0].send_bytes(attacks.SECOND_OPINION)
    assert attacked[0].poll(PATIENCE_S)
    assert attacked[0].recv_bytes(100).count(b".") >= 1  # a version


@needs_both
def test_kernel_says_that_calls_are_filtered_and_rights_are_given_up(
    attacked: tuple[Connection, int, dict[str, str | None]],
) -> None:
    status = dict(
        line.split(":\t", 1) for line in Path(f"/proc/{attacked[1]}/status").read_text().splitlines() if ":\t" in line
    )
    assert (status["Seccomp"], status["NoNewPrivs"]) == ("2", "1")
    assert Path(f"/proc/{attacked[1]}/oom_score_adj").read_text() == "1000\n"


# --- tables and limits ----------------------------------------------------------------------------------------------


HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}


@pytest.mark.parametrize("machine", HEADERS)
def test_numbers_are_the_kernels(machine: str) -> None:
    if not HEADERS[machine].exists():
        pytest.skip("the kernel's header is not installed")
    words = (line.split() for line in HEADERS[machine].read_text().splitlines() if line.startswith("#define __NR"))
    kernels = {
        w[1].removeprefix("__NR_").removeprefix("__NR3264_"): w[2] for w in words if len(w) > 2 and w[2].isdigit()
    }
    ours = DENIED | MISSING | {name: numbers for name, (numbers, _) in with_rules(1).items()}
    compared = 0
    for name, numbers in ours.items():
        if name in kernels:
            assert str(getattr(numbers, machine)) == kernels[name], name
            compared += 1
    assert compared > 100


def test_no_call_is_named_twice_and_none_is_beyond_the_table() -> None:
    ruled = {name: numbers for name, (numbers, _) in with_rules(1).items()}
    assert not set(DENIED) & set(ruled) | set(DENIED) & set(MISSING) | set(ruled) & set(MISSING)
    for machine in ("x86_64", "aarch64"):
        numbers = [number for each in (DENIED | MISSING | ruled).values() if (number := getattr(each, machine))]
        assert len(numbers) == len(set(numbers))
        assert max(numbers) < UNKNOWN_FROM


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_filter_fits_into_the_kernel_and_ends_with_an_answer(machine: str) -> None:
    code = instructions(machine, 1234)
    assert len(code) % 8 == 0
    assert len(code) // 8 < 4096
    assert code[-8:-6] == seccomp._RETURN.to_bytes(2, sys.byteorder)


def test_older_landlocks_are_not_asked_for_what_they_do_not_know() -> None:
    assert [len(landlock.ruleset(version)) for version in (1, 2, 3, 4, 5, 6, 7, 99)] == [8, 8, 8, 16, 16, 24, 24, 24]
    files = [int.from_bytes(landlock.ruleset(version)[:8], sys.byteorder).bit_length() for version in range(1, 8)]
    assert files == [13, 14, 15, 15, 16, 16, 16]


def test_memory_is_bounded_by_the_computers() -> None:
    assert memory_limit() in {MEMORY_BYTES, SMALL_MEMORY_BYTES}
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    assert (memory_limit() == MEMORY_BYTES) == (total >= 4 * 1024**3)


def test_no_place_that_a_worker_reads_holds_the_home(away_from_home: Path) -> None:
    for place in readable_places():
        assert not away_from_home.is_relative_to(place), place
        assert place != Path("/")
