"""The address guard on real connections to public numbers, in a network namespace of the test's own (T5)."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What came of every trial of ``tests.support.fakes.public_numbers``."""
    if shutil.which("unshare") is None or subprocess.run(["unshare", "-rn", "true"], capture_output=True).returncode:
        pytest.skip("this system allows no network namespace of one's own")
    folder = tmp_path_factory.mktemp("certificates")
    command = ["unshare", "-rn", sys.executable, "-m", "tests.support.fakes.public_numbers", str(folder)]
    done = subprocess.run(command, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_public_number_is_asked_and_recorded_with_its_size(said: dict[str, Any]) -> None:
    assert said["public"] == said["mapped"] == said["picture"] == "said"
    assert said["recorded"] == [said["size"]]


def test_a_name_that_changes_to_this_computer_is_refused_the_second_time(said: dict[str, Any]) -> None:
    assert said["rebinding"] == ["said", "AddressRefused"]


def test_a_mix_of_public_and_own_numbers_is_refused(said: dict[str, Any]) -> None:
    assert said["mix"] == "AddressRefused"
    assert f"{'pictures.example.com'}/mix" not in said["keys"]


@pytest.mark.parametrize("path", ["number", "here", "name", "plain"])
def test_a_redirect_to_where_it_may_not_go_is_not_followed(said: dict[str, Any], path: str) -> None:
    assert said[path] == "AddressRefused"


def test_the_code_does_not_follow_to_another_host_of_the_same_source(said: dict[str, Any]) -> None:
    assert said["sibling"] == "said"
    assert said["keys"]["service.example.org/sibling"] == "code"
    assert said["keys"]["api.example.org/there"] is None


def test_nothing_ever_arrived_on_this_computers_own_number(said: dict[str, Any]) -> None:
    assert said["inside"] == 0
