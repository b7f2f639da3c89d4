"""The workflow that builds on three systems calls only what is there, and is allowed nothing but to read."""

import itertools
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WORKFLOW = (ROOT / ".github" / "workflows" / "build.yml").read_text("utf-8")
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")

RUN = re.compile(r"^( *)(?:- )?run: (?:\|\n((?:\1 +.*\n)+)|(.+)\n)", re.MULTILINE)
PATH = re.compile(r"[\w.-]+(?:/[\w.*-]+)+|[\w-]+\.lock")
OURS = ("packaging", "tests", "resources", "privacyguard", "requirements")


def commands(workflow: str) -> Iterator[list[str]]:
    """The words of each line that a step runs."""
    for step in RUN.finditer(workflow):
        for line in (step[2] or step[3]).splitlines():
            if line.strip():
                yield shlex.split(re.sub(r"\$\{\{.*?\}\}", "matrix", line))


def targets(workflow: str) -> set[str]:
    """What make is asked for."""
    return {target for words in commands(workflow) if words[0] == "make" for target in words[1:]}


def own_files(workflow: str) -> set[str]:
    """The files of the repository that are named in it."""
    named = {path for words in commands(workflow) for word in words for path in PATH.findall(word)}
    return {path for path in named if path.startswith(OURS)}


def faults(workflow: str) -> list[str]:
    """What it calls that is not there."""
    phony = {target for line in MAKEFILE.splitlines() if line.startswith(".PHONY:") for target in line.split()[1:]}
    return [
        *sorted(targets(workflow) - phony),
        *sorted(file for file in own_files(workflow) if not (ROOT / file).exists()),
    ]


def test_it_calls_only_what_is_there() -> None:
    assert targets(WORKFLOW) >= {"test", "test-deb"}
    assert "packaging/privacyguard.spec" in own_files(WORKFLOW)
    assert faults(WORKFLOW) == []


@pytest.mark.parametrize(
    ("there", "gone"),
    [
        ("make test-deb", "make test-rpm"),
        ("packaging/privacyguard.spec", "packaging/app.spec"),
        ("packaging/requirements/freeze.lock", "packaging/freeze.lock"),
        (" requirements.lock", " requirements-old.lock"),
    ],
)
def test_what_is_not_there_is_seen(there: str, gone: str) -> None:
    assert there in WORKFLOW
    assert faults(WORKFLOW.replace(there, gone)) == [gone.removeprefix("make ").strip()]


def test_packages_are_installed_as_make_installs_them() -> None:
    options = re.search(r"--require-hashes[^\n]+(?=\n\n)", MAKEFILE)
    assert options is not None
    (install,) = [words for words in commands(WORKFLOW) if words[:4] == ["python", "-m", "pip", "install"]]
    assert set(install) >= set(options[0].split())
    (freeze,) = [words for words in commands(WORKFLOW) if "PyInstaller" in words]
    for option, value in itertools.pairwise(freeze):
        if option in {"--distpath", "--workpath"}:
            assert f"{option} {value}" in MAKEFILE


def test_it_may_only_read_uses_pinned_actions_and_no_secret() -> None:
    assert re.search(r"^permissions:\n  contents: read\n(?! )", WORKFLOW, re.MULTILINE)
    assert WORKFLOW.count("permissions:") == 1
    used = re.findall(r"uses: (\S+)", WORKFLOW)
    assert used
    assert all(re.fullmatch(r"actions/[a-z-]+@(?:v\d+|[0-9a-f]{40})", action) for action in used)
    for forbidden in ("secrets.", "pull_request_target", "http://", "https://"):
        assert forbidden not in WORKFLOW
