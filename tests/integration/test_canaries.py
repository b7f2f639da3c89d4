"""T1 of the threat model: after a whole flow nothing personal lies in any file, and none of it is visible to other users.

A person with an odd name, address, folder, file name and codes does everything once. Then every file of their home, of
the temporary folder and of the runtime folder is searched byte for byte, also while a scan runs and after a kill -9.
"""

import hashlib
import os
import re
import secrets
import stat
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, unquote_plus

import pytest

from tests.conftest import Portraits
from tests.support import canaries
from tests.support.first_days import KEPT, NOWHERE, Flow, bus_record, needles_of, new_flow, watched
from tests.support.vault_rows import copied, planted, written_out

pytestmark = pytest.mark.timeout(700)  # the whole flow runs in a fixture

MANY = 150

SEEN_BY = {
    "hibp": {"address", "code"},
    "xposedornot": {"address"},
    "leakcheck": {"code of the address"},
    "passwords": set[str](),
    "gravatar": {"address", "code of the address"},  # a longer code of the same kind
    "libravatar": {"address", "code of the address"},
    "github": {"profile name"},
    "bluesky": {"profile name"},
    "mastodon": {"name at a server"},
    "keybase": {"profile name"},
    "whatsmyname": {"profile name", "username"},
    "pages": {"site"},
    "brave": {"name", "code of brave"},
    "searxng": {"name"},
    "google-vision": {"second code"},
    "serpapi-lens": {"code of serpapi-lens"},
    "tineye": {"code of tineye"},
    "facecheck": {"code of facecheck"},
    "wayback": {"face page"},
    "pictures": set[str](),
}
"""Values that stand in what each service was asked, in any form."""


@dataclass(frozen=True)
class FirstDay:
    """Everything done once. ``shown``: values that were visible to other users; ``bus``: what passed over the bus."""

    flow: Flow
    needles: Mapping[str, bytes]
    shown: set[str]
    bus: Path


@pytest.fixture(scope="module")
def first_day(free_portraits: Portraits, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FirstDay]:
    """The whole flow, watched."""
    folder = tmp_path_factory.mktemp("day")
    with new_flow(free_portraits, folder) as flow:
        needles = needles_of(flow, free_portraits)
        with watched(flow.values) as shown, bus_record(flow, folder) as bus:
            flow.everything(free_portraits.astronaut)
        yield FirstDay(flow, needles, shown, bus)


def test_the_search_finds_every_form_that_was_planted(first_day: FirstDay, tmp_path: Path) -> None:
    planted = canaries.plant(tmp_path, first_day.needles)
    found = {(hit.form, hit.path) for hit in canaries.search([tmp_path], first_day.needles)}
    assert set(zip(first_day.needles, planted, strict=True)) <= found


def test_the_watch_sees_arguments_and_environments() -> None:
    value = f"visible-{secrets.token_hex(8)}"
    with watched({"value": value}) as seen:
        sleeper = ["sh", "-c", "read line", value]
        with subprocess.Popen(sleeper, stdin=subprocess.PIPE, env={"HIDDEN": value}) as running:
            assert running.stdin is not None
            while len(seen) < 2:
                assert running.poll() is None
            running.stdin.close()
    assert seen == {"value in cmdline", "value in environ"}


def test_nothing_personal_is_left_in_any_file(first_day: FirstDay) -> None:
    flow = first_day.flow
    assert canaries.search([*flow.places, Path("/dev/shm")], first_day.needles) == []
    settings = flow.privacyguard.folder / "settings.toml"
    assert {hit.path for hit in canaries.search(flow.places, canaries.needles({"site": flow.values["site"]}))} == {
        settings
    }
    assert list(Path(flow.privacyguard.extra["TMPDIR"]).iterdir()) == []
    log = (flow.privacyguard.folder / "log" / "privacyguard.log").read_text()
    assert log.count("ended with status 0") >= 20


def test_nothing_personal_is_visible_to_others(first_day: FirstDay) -> None:
    assert first_day.shown == set()
    assert (first_day.bus / "messages").stat().st_size > 10_000
    assert canaries.search([first_day.bus], first_day.needles) == []


def test_what_is_shown_to_a_support_person_is_not_personal(first_day: FirstDay, tmp_path: Path) -> None:
    (tmp_path / "said.txt").write_text("\n".join(first_day.flow.said))
    assert "password store" in (tmp_path / "said.txt").read_text()
    assert canaries.search([tmp_path], first_day.needles) == []


def test_passwords_user_names_and_codes_are_in_no_table_of_the_vault_either(
    first_day: FirstDay, tmp_path: Path
) -> None:
    flow, key = first_day.flow, first_day.flow.values["vault key"]
    (tmp_path / "rows").mkdir()
    file = copied(flow.privacyguard.folder, tmp_path)
    counts = written_out(file, key, tmp_path / "rows")
    assert {table for table, count in counts.items() if not count} <= {
        "not_me",
        "passed_over",
        "round",
        "round_finding",
        "site_look",  # only while a look goes on
        *("guard_news", "guard_presence"),  # the regular check found nothing new, and nothing was gone
    }
    must_not = canaries.needles({name: flow.values[name] for name in NOWHERE})
    assert canaries.search([tmp_path / "rows"], must_not) == []
    # What is there is found, so the search would have found the rest.
    may = canaries.needles({name: flow.values[name] for name in KEPT})
    assert {hit.form.partition(":")[0] for hit in canaries.search([tmp_path / "rows"], may)} == set(KEPT)
    planted(file, key, must_not.values())
    written_out(file, key, tmp_path / "rows")
    assert {hit.form for hit in canaries.search([tmp_path / "rows"], must_not)} == set(must_not)


def test_the_letter_is_only_where_the_person_saved_it(first_day: FirstDay) -> None:
    letter = first_day.flow.letter
    assert f"To {first_day.flow.values['recipient']}\n" in letter.read_text("utf-8")
    assert stat.S_IMODE(letter.stat().st_mode) == 0o600
    # Nothing was made beside it and beside the export.
    flow = first_day.flow
    assert set(letter.parent.iterdir()) == {letter, flow.export, flow.photo, flow.saved, flow.cleaned}


def test_the_cleaned_copy_does_not_tell_what_the_photo_tells(first_day: FirstDay) -> None:
    flow = first_day.flow
    needles = {name: flow.values[name].encode() for name in ("camera", "serial number")}
    assert {hit.path for hit in canaries.search([flow.papers], needles)} == {flow.photo}
    assert {hit.form for hit in canaries.search([flow.papers], needles)} == set(needles)
    assert flow.cleaned.stat().st_size > 1000


def test_of_a_list_of_passwords_only_five_signs_of_each_leave(first_day: FirstDay) -> None:
    flow = first_day.flow
    passwords = [flow.values[name] for name in ("typed password", "export password", "second export password")]
    codes = [hashlib.sha1(password.encode()).hexdigest().upper() for password in passwords]
    assert sorted(seen.path for seen in flow.services.requests_of("passwords")) == sorted(
        f"/range/{code[:5]}" for code in codes
    )


@pytest.mark.parametrize("service", SEEN_BY)
def test_each_service_sees_only_what_its_card_names(first_day: FirstDay, service: str) -> None:
    flow = first_day.flow
    needles = canaries.needles(flow.values)
    sent = [
        f"{seen.path}\n{unquote(seen.path)}\n{unquote_plus(seen.path)}\n{seen.headers}\n".encode() + seen.body
        for seen in flow.services.requests_of(service)
    ]
    seen = {form.partition(":")[0] for form, needle in needles.items() if any(needle in each for each in sent)}
    assert sent
    assert seen == SEEN_BY[service]


def test_every_service_stands_in_that_table(first_day: FirstDay) -> None:
    assert {*first_day.flow.services.base_urls(), "pages", "pictures"} == {
        *SEEN_BY,
        "catalogue",
    }  # one server with hibp
    assert sum(len(first_day.flow.services.requests_of(service)) for service in SEEN_BY) == len(
        first_day.flow.services.requests
    )


def test_the_address_goes_out_only_in_the_form_that_each_card_names(first_day: FirstDay) -> None:
    flow, address = first_day.flow, first_day.flow.values["address"]
    forms = canaries.variants(address)
    prefix = hashlib.sha1(address.encode()).hexdigest().upper()[:6]
    asked_by_prefix = [seen for seen in flow.services.requests_of("hibp") if "/range/" in seen.path]
    assert [seen.path.rpartition("/")[2] for seen in asked_by_prefix] == [prefix]
    for name, whole in (("hibp", 2), ("xposedornot", 2), ("leakcheck", 0), ("gravatar", 0), ("passwords", 0)):
        requests = flow.services.requests_of(name)
        named = [seen for seen in requests if re.search(re.escape(address), unquote(seen.path), re.IGNORECASE)]
        assert len(named) == whole, name
    for seen in flow.services.requests_of("leakcheck"):
        assert seen.path == f"/api/public?check={flow.values['code of the address']}"
    assert not [form for form in forms.values() if form in repr(asked_by_prefix[0].path).encode()]


def test_requests_and_disclosures_agree_one_to_one(first_day: FirstDay) -> None:
    flow = first_day.flow
    seen = [(request.host.partition(":")[0], request.size) for request in flow.services.requests]
    told = [(each["host"], each["bytes"]) for each in flow.run("disclosures", "--json").json]
    assert sorted(seen) == sorted(told)
    assert len(seen) >= 8
    # A code goes nowhere but to its own service, a photo only to the one that was named.
    for name in ("xposedornot", "leakcheck", "passwords", "gravatar", "pictures"):
        for request in flow.services.requests_of(name):
            assert not {"hibp-api-key", "x-goog-api-key"} & set(request.headers)
            assert request.body == b""


def test_nothing_personal_is_left_while_it_runs_and_after_a_kill(free_portraits: Portraits, tmp_path: Path) -> None:
    with new_flow(free_portraits, tmp_path) as flow:
        needles = needles_of(flow, free_portraits)
        content = free_portraits.astronaut.read_bytes()
        for number in range(MANY):
            name = f"{flow.values['file']} {number}.png"
            (flow.pictures / name).write_bytes(content + number.to_bytes(2, "big"))
        flow.run("enrol", "--consent", free_portraits.astronaut)
        flow.run("place", "add", "-", typed=str(flow.pictures))
        with flow.privacyguard.start("scan", flow.pictures, "--json") as running:
            assert running.stdout is not None
            for _ in range(MANY // 2):
                assert running.stdout.readline()
            assert (flow.privacyguard.folder / "vault.db-wal").stat().st_size > 0
            assert canaries.search(flow.places, needles) == []
            running.kill()
            running.stdout.read()
        assert running.returncode == -9
        assert canaries.search(flow.places, needles) == []
        assert _processes_in(flow.privacyguard.folder) == []
        summary = flow.run("scan", flow.pictures, "--json").lines[-1]["summary"]
        assert summary["seen"] == MANY + 3
        assert 0 < summary["skipped_unchanged"] < MANY
        assert canaries.search(flow.places, needles) == []
        assert flow.privacyguard.left_in_memory() == set()


def _processes_in(home: Path) -> list[Path]:
    """Processes that were started with this home, the watching test apart."""
    needle = os.fsencode(f"PRIVACYGUARD_HOME={home}\0")
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if needle in (process / "environ").read_bytes():
                found.append(process)
    return found
