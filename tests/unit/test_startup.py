"""What happens before anything else, and what a session works out by itself."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from privacyguard.checkup.brought import SOURCE_ID
from privacyguard.i18n import system_country
from privacyguard.logs import PersonalValues
from privacyguard.paths import Paths
from privacyguard.session import Session


def test_files_are_private_and_no_core_file_holds_our_memory(tmp_path: Path) -> None:
    program = textwrap.dedent(
        """
        import os, resource
        from pathlib import Path
        from privacyguard.startup import started
        with started(os.environ) as start:
            umask = os.umask(0)
            core_filter = Path("/proc/self/coredump_filter").read_text().strip()
            limit = resource.getrlimit(resource.RLIMIT_CORE)
            is_ours = start.temporary.is_dir() and start.temporary.parent == start.paths.runtime
        print(oct(umask), int(core_filter, 16), limit, is_ours, start.temporary.exists())
        """
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"PRIVACYGUARD_HOME": str(tmp_path / "home"), "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "0o77 0 (0, 0) True False"


@pytest.mark.parametrize(
    ("environment", "country"),
    [
        ({"LANG": "de_CH.UTF-8"}, "CH"),
        ({"LANG": "en_US"}, "US"),
        ({"LANG": "ca_ES@valencia"}, "ES"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "fr_BE.UTF-8"}, "BE"),
        ({"LC_ALL": "C.UTF-8", "LANG": "en_GB"}, "GB"),
        ({"LANG": "C"}, ""),
        ({"LANG": "eo"}, ""),
        ({}, ""),
    ],
)
def test_the_country_is_that_of_the_systems_language(environment: dict[str, str], country: str) -> None:
    assert system_country(environment) == country


def test_every_place_has_a_name_to_show_and_so_has_what_was_brought_back(tmp_path: Path) -> None:
    with Session(Paths(tmp_path / "home", tmp_path, True), PersonalValues()) as session:
        names = session.source_names()
        assert names[SOURCE_ID] == "What you brought back"
        assert set(names) == {SOURCE_ID, *(source.info.id for source in session.sources)}
        assert all(names.values())
