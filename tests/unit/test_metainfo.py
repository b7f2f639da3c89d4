"""What software centres show of the app: valid with a web site and without one, and true of the pictures."""

import importlib.util
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.support.commands import ROOT

SITE = "https://privacyguard.example/"


@pytest.fixture(scope="module")
def build_deb() -> Any:
    spec = importlib.util.spec_from_file_location("build_deb", ROOT / "packaging/linux/build_deb.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def validated(file: Path, text: str) -> tuple[int, str]:
    """How AppStream's own tool ends, and what it says. It does not take a hint ("I:") for a fault; Debian 12's knows no
    <developer> yet.
    """
    file.write_text(text, "utf-8")
    command = ["appstreamcli", "validate", "--no-net", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("site", [None, SITE])
def test_the_metainfo_is_valid(build_deb: Any, tmp_path: Path, site: str | None) -> None:
    status, words = validated(tmp_path / "a.metainfo.xml", build_deb.metainfo("0.1.0", date(2026, 5, 4), site))
    assert status == 0 and "\nW:" not in words, words


def test_a_picture_without_https_is_not_valid(build_deb: Any, tmp_path: Path) -> None:
    text = build_deb.metainfo("0.1.0", date(2026, 5, 4), SITE).replace("https://", "file://")
    status, words = validated(tmp_path / "a.metainfo.xml", text)
    assert status != 0, words


def test_pictures_and_address_are_told_only_with_a_site(build_deb: Any) -> None:
    without = build_deb.metainfo("0.1.0", date(2026, 5, 4))
    assert "://" not in without and "@SITE@" not in without and "<screenshot" not in without
    told = build_deb.metainfo("0.1.0", date(2026, 5, 4), SITE)
    assert "@SITE@" not in told
    assert '<url type="homepage">https://privacyguard.example/</url>' in told
    for name in build_deb.pictures():
        assert f">https://privacyguard.example/screenshots/{name}</image>" in told
    assert '<release version="0.1.0" date="2026-05-04" />' in told


@pytest.mark.parametrize("site", ["http://privacyguard.example", "privacyguard.example", "https://a.example/<x>", ""])
def test_what_is_no_plain_https_address_is_refused(build_deb: Any, site: str) -> None:
    with pytest.raises(ValueError, match="https"):
        build_deb.metainfo("0.1.0", date(2026, 5, 4), site)


def test_the_pictures_are_there_in_the_size_that_is_told_and_wide(build_deb: Any) -> None:
    told = build_deb.pictures()
    assert len(told) >= 3
    for name, size in told.items():
        with Image.open(ROOT / "resources/screenshots" / name) as picture:
            assert picture.size == size
        assert abs(size[0] / size[1] - 16 / 9) < 0.01 and 620 <= size[0] <= 1600
