"""Which module of the command line brings which command: so that a command loads its own module only."""

import argparse
from pathlib import Path

import pytest

from privacyguard import cli


def commands_of(parser: argparse.ArgumentParser) -> list[str]:
    (action,) = [action for action in parser._actions if action.dest == "command"]
    assert action.choices is not None
    return list(action.choices)


@pytest.mark.parametrize("group", list(cli.GROUPS))
def test_a_group_brings_just_what_is_said(group: str) -> None:
    names = cli.GROUPS[group]
    for name in names:
        assert commands_of(cli.parser(name)) == list(names)


@pytest.mark.parametrize("command", ["", "nonsense", "faces"])
def test_without_a_known_command_all_are_there(command: str) -> None:
    assert commands_of(cli.parser(command)) == [name for names in cli.GROUPS.values() for name in names]


def test_no_module_of_commands_is_forgotten() -> None:
    files = (Path(cli.__file__).parent / "commands").glob("*.py")
    assert {file.stem for file in files if "\ndef add_to(" in file.read_text("utf-8")} == set(cli.GROUPS)
