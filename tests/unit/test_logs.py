"""The log: private, short, and without personal values."""

import logging
import stat
import subprocess
import sys
import textwrap
import unicodedata
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from privacyguard import logs
from privacyguard.errors import NothingEnrolled, SettingsDamaged


@pytest.fixture
def logger(tmp_path: Path) -> Iterator[logging.Logger]:
    root = logging.getLogger()
    before = list(root.handlers), logging.lastResort, logging.raiseExceptions
    personal = logs.PersonalValues()
    personal.add(["Zoë Quatermain-Müller", "ann"])
    yield logs.start(tmp_path / "log", personal)
    logs.stop()
    logging.captureWarnings(False)
    root.handlers, logging.lastResort, logging.raiseExceptions = before[0], before[1], before[2]


def text(tmp_path: Path) -> str:
    return (tmp_path / "log" / "privacyguard.log").read_text("utf-8")


@pytest.mark.parametrize(
    ("line", "kept", "cut"),
    [
        ("checked 3/5 sources, 12 found", "checked 3/5 sources, 12 found", "removed"),
        ("privacyguard.vault.vault:12 in open", "privacyguard.vault.vault:12 in open", "removed"),
        ("GET https://api.example.org/v3/breached/zoe%40example.org?key=abc done", "https://api.example.org", "zoe"),
        ("GET https://zoe:pw@api.example.org:8443/x", "https://api.example.org", "pw"),
        ("mail zoe.q+1@example.org came", "came", "zoe"),
        ("open '/home/zoe/My Pictures/a.jpg' failed", "failed", "Pictures"),
        ("in /home", "in", "home"),
        ("C:\\Users\\zoe\\a b.jpg", "", "zoe"),
        ("~/Pictures/a.jpg", "", "Pictures"),
        ("file:///home/zoe/x y.jpg", "", "zoe"),
        ("key 0123456789abcdef0123456789abcdef", "key", "0123456789abcdef"),
        ("finding breach-0123456789abcdef", "finding", "0123456789abcdef"),
        ("hello zoë quatermain-müller!", "hello", "quatermain"),
        ("hello " + unicodedata.normalize("NFD", "Zoë Quatermain-Müller"), "hello", "Quatermain"),
        ("hello Ann", "hello", "Ann"),
    ],
)
def test_the_filter_keeps_what_helps_and_cuts_what_is_personal(line: str, kept: str, cut: str) -> None:
    personal = logs.PersonalValues()
    personal.add(["Zoë Quatermain-Müller", "ann"])
    cleaned = personal.removed_from(line)
    assert kept in cleaned
    assert cut not in cleaned


def test_the_file_is_private_and_holds_the_filtered_line(tmp_path: Path, logger: logging.Logger) -> None:
    logger.info("asked about %s at %s", "zoe@example.org", "https://a.example.org/zoe")
    file = tmp_path / "log" / "privacyguard.log"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert "zoe" not in text(tmp_path)
    assert "asked about [removed] at https://a.example.org" in text(tmp_path)


def test_one_message_stays_one_line(tmp_path: Path, logger: logging.Logger) -> None:
    logger.info("first\n2026-01-01 forged \x1b[2J\u202e")
    assert len(text(tmp_path).splitlines()) == 1
    assert "\x1b" not in text(tmp_path)


def test_a_foreign_error_leaves_its_class_and_place_only(tmp_path: Path, logger: logging.Logger) -> None:
    secret_in_locals = "hunter2hunter2"
    try:
        try:
            raise ValueError(f"bad {secret_in_locals} for zoe of the club")
        except ValueError as error:
            raise SettingsDamaged("unknown key colour") from error
    except SettingsDamaged:
        logger.exception("start")
    assert "unknown key colour" in text(tmp_path)
    assert "builtins.ValueError" in text(tmp_path)
    assert "test_a_foreign_error" in text(tmp_path)
    assert "hunter2" not in text(tmp_path)
    assert "club" not in text(tmp_path)
    assert str(tmp_path) not in text(tmp_path)


def test_a_hidden_cause_stays_hidden() -> None:
    try:
        try:
            raise KeyError("x")
        except KeyError:
            raise NothingEnrolled from None
    except NothingEnrolled as error:
        assert "KeyError" not in logs.where(error)


def test_two_files_of_a_megabyte_are_the_most(tmp_path: Path, logger: logging.Logger) -> None:
    for _ in range(60):
        logger.info("%s", "counts " * 10_000)
    files = sorted((tmp_path / "log").iterdir())
    assert [file.name for file in files] == ["privacyguard.log", "privacyguard.log.1"]
    assert all(file.stat().st_size <= logs.MAX_BYTES for file in files)
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in files)


def test_libraries_write_nowhere(tmp_path: Path, logger: logging.Logger, capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("urllib3.connectionpool").error("GET /v3/zoe")
    logging.getLogger("PIL").warning("zoe.jpg")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn("zoe.jpg is odd", stacklevel=1)
    logger.info("counted")
    assert "zoe" not in text(tmp_path)
    assert "zoe" not in "".join(capsys.readouterr())


def test_without_a_place_to_write_the_program_goes_on(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("a file, not a folder")
    logger = logs.start(tmp_path / "log", logs.PersonalValues())
    logger.info("nobody hears this")
    logs.stop()
    assert (tmp_path / "log").read_text() == "a file, not a folder"


def test_after_stop_nothing_comes_back(tmp_path: Path, logger: logging.Logger) -> None:
    logger.info("x")
    logs.stop()
    file = tmp_path / "log" / "privacyguard.log"
    file.unlink()
    file.parent.rmdir()
    logger.info("y")
    assert not file.parent.exists()


def test_the_last_resort_says_a_sentence_and_logs_the_place(tmp_path: Path) -> None:
    program = textwrap.dedent(
        """
        import sys, threading
        from pathlib import Path
        from privacyguard import logs
        logger = logs.start(Path(sys.argv[1]), logs.PersonalValues())
        logs.install_last_resort(logger, lambda: print("Something did not work."))
        def broken():
            zoe = 1
            raise RuntimeError("zoe@example.org")
        thread = threading.Thread(target=broken)
        thread.start()
        thread.join()
        broken()
        """
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "log")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stdout == "Something did not work.\n" * 2
    assert done.stderr == ""
    assert text(tmp_path).count("builtins.RuntimeError") == 2
    assert "zoe" not in text(tmp_path)
