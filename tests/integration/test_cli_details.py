"""account, place, key, sources and source."""

import tomllib
from pathlib import Path

import pytest

from tests.support.commands import CommandLine

IDS = [
    *("folders", "pages", "catalogue", "hibp", "xposedornot", "leakcheck", "passwords"),
    *("gravatar", "libravatar", "github", "bluesky", "mastodon", "keybase", "whatsmyname"),
    *("brave", "searxng", "google-vision", "serpapi-lens", "tineye", "facecheck", "wayback"),
]
NEED_CODES = ["hibp", "brave", "google-vision", "serpapi-lens", "tineye", "facecheck"]


def test_values_come_from_standard_input_one_a_line(privacyguard: CommandLine) -> None:
    done = privacyguard("account", "add", "-", "--json", typed="Zoe@Example.org\n\n  zoe.q@example.org  \n")
    assert done.status == 0
    assert done.json == [
        {"kind": "email", "value": "zoe@example.org"},
        {"kind": "email", "value": "zoe.q@example.org"},
    ]
    assert privacyguard("account", "list", "--json").json == done.json


def test_no_value_at_all_reads_standard_input_too(privacyguard: CommandLine) -> None:
    assert privacyguard("account", "add", typed="zoe@example.org\n").status == 0
    assert privacyguard("account", "add", typed="\n").status == 2


@pytest.mark.parametrize("kind", ["email", "username", "service", "organisation", "name"])
def test_every_kind_is_kept_and_removed(privacyguard: CommandLine, kind: str) -> None:
    value = "zoe@example.org" if kind == "email" else "Zoe of the Club"
    added = privacyguard("account", "add", "--kind", kind, value, "--json").json
    assert added[0]["kind"] == kind
    assert privacyguard("account", "remove", value, "--json").json == added
    assert privacyguard("account", "list", "--json").json == []


def test_adding_twice_keeps_one(privacyguard: CommandLine) -> None:
    privacyguard("account", "add", "zoe@example.org")
    assert privacyguard("account", "add", "ZOE@example.org").status == 0
    assert len(privacyguard("account", "list", "--json").json) == 1


def test_removing_what_is_not_there_is_one_and_the_rest_is_removed(privacyguard: CommandLine) -> None:
    privacyguard("account", "add", "zoe@example.org", "z@example.org")
    done = privacyguard("account", "remove", "nobody@example.org", "z@example.org", "--json")
    assert done.status == 1
    assert done.json == [{"kind": "email", "value": "z@example.org"}]
    assert "nobody" not in done.err


def test_a_kind_narrows_what_is_removed(privacyguard: CommandLine) -> None:
    privacyguard("account", "add", "--kind", "username", "zoe")
    privacyguard("account", "add", "--kind", "service", "zoe")
    assert privacyguard("account", "remove", "--kind", "service", "zoe", "--json").json[0]["kind"] == "service"
    assert privacyguard("account", "list", "--json").json == [{"kind": "username", "value": "zoe"}]


@pytest.mark.parametrize("value", ["not an address", "a@b", "@example.org", "x" * 300, "a\x1b[2J@example.org", ""])
def test_a_bad_address_is_refused_without_repeating_it(privacyguard: CommandLine, value: str) -> None:
    done = privacyguard("account", "add", value)
    assert done.status == 2
    assert not value or value not in done.err
    assert privacyguard("account", "list", "--json").json == []


def test_one_bad_value_adds_none(privacyguard: CommandLine) -> None:
    assert privacyguard("account", "add", "zoe@example.org", "bad").status == 2
    assert privacyguard("account", "list", "--json").json == []


def test_an_address_with_quote_marks_is_refused_in_words_that_help(privacyguard: CommandLine) -> None:
    done = privacyguard("account", "add", "z@example.org", '"zoe q"@example.org')
    assert done.status == 2
    assert "Value 2 cannot be taken. An address with quote marks cannot be checked." in done.err
    assert "zoe" not in done.err


def test_one_site_and_one_address_are_one_whatever_way_they_are_written(privacyguard: CommandLine) -> None:
    for written in ("https://www.Example.com/account", "example.com", "EXAMPLE.COM"):
        assert privacyguard("account", "add", "--kind", "service", written).status == 0
    for written in ("zoë@bücher.example", "ZOE\u0308@xn--bcher-kva.example"):
        assert privacyguard("account", "add", "-", typed=written).status == 0
    listed = privacyguard("account", "list", "--json").json
    assert {each["value"] for each in listed} == {"example.com", "zoë@xn--bcher-kva.example"}
    assert len(listed) == 2
    assert privacyguard("account", "remove", "www.example.com").status == 0


# --- imports ----------------------------------------------------------------------------------------------------------

EXPORT = """name,url,username,password,note
Shop,https://shop.example.com/login,zoe.quatermain@example.net,c4nary-password,c4nary note
Shop,https://www.example.com/,zoe.quatermain@example.net,c4nary-password,
Example Gym,,zoe,c4nary-password,
Router,http://192.168.1.1/,admin,c4nary-password,
News,https://news.example.org,zoe,c4nary-password,
"""
SERVICES = [{"kind": "service", "value": value} for value in ("example.com", "example.org", "Example Gym")]


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "Chrome Passwords of Zoë.csv"
    path.write_text(EXPORT, "utf-8")
    return path


def test_services_are_imported_and_nothing_else_is_kept_or_said(privacyguard: CommandLine, export: Path) -> None:
    privacyguard("account", "add", "zoe@example.org")
    done = privacyguard("account", "import", export, "--json")
    assert done.status == 0
    assert done.json == SERVICES
    assert "1 entry of the file was left out" in done.err
    assert done.err.splitlines()[-1] == "Now delete the export file, and empty the trash: it holds your passwords."
    listed = privacyguard("account", "list", "--json").json
    assert [each for each in listed if each["kind"] == "service"] == SERVICES
    assert len(listed) == 4
    for canary in ("c4nary", "quatermain", "Router", "192.168", "Chrome Passwords"):
        assert canary not in done.out + done.err
        for file in privacyguard.folder.rglob("*"):
            assert file.is_dir() or canary.encode() not in file.read_bytes()
    assert export.read_text("utf-8") == EXPORT
    assert privacyguard("disclosures", "--json").json == []


def test_a_second_import_adds_only_what_is_new(privacyguard: CommandLine, export: Path) -> None:
    privacyguard("account", "add", "--kind", "service", "https://www.example.org/news")
    done = privacyguard("account", "import", export)
    assert "2 services were added." in done.out
    assert "1 was on the list before." in done.out
    assert "example.org" not in done.out
    export.write_text(EXPORT + "B,https://www.example.net,zoe,x,\n", "utf-8")
    assert privacyguard("account", "import", export, "--json").json == [{"kind": "service", "value": "example.net"}]
    assert len(privacyguard("account", "list", "--json").json) == 4


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("first,last\nZoe,Quatermain\n", "not a list of accounts that we know"),
        ("name,url,username,password,note\n", "no account in this file"),
        (EXPORT + '"Quatermain', "Line 7 has a form that we do not know"),
        (None, "cannot be opened"),
    ],
)
def test_what_is_no_export_is_one_and_adds_nothing(
    privacyguard: CommandLine, export: Path, content: str | None, words: str
) -> None:
    export.unlink()
    if content is not None:
        export.write_text(content, "utf-8")
    done = privacyguard("account", "import", export)
    assert done.status == 1
    assert done.out == ""
    assert words in done.err
    assert "Quatermain" not in done.err
    assert "Zoë" not in done.err
    assert privacyguard("account", "list", "--json").json == []


def test_an_import_needs_a_file(privacyguard: CommandLine) -> None:
    assert privacyguard("account", "import").status == 2


# --- places -----------------------------------------------------------------------------------------------------------


def test_folders_are_kept_whole_and_missing_ones_refused(privacyguard: CommandLine, tmp_path: Path) -> None:
    folder = tmp_path / "Bilder von Zoë"
    folder.mkdir()
    done = privacyguard("place", "add", folder, tmp_path / "missing", "--json")
    assert done.status == 1
    assert done.json == [{"kind": "folder", "value": str(folder)}]
    assert privacyguard("place", "list", "--json").json == done.json
    assert privacyguard("place", "remove", "-", typed=f"{folder}\n").status == 0
    assert privacyguard("place", "remove", folder).status == 1
    assert privacyguard("place", "list", "--json").json == []


def test_a_page_is_kept_and_a_strange_address_is_not(privacyguard: CommandLine) -> None:
    done = privacyguard("place", "add", "https://club.example/team", "--json")
    assert done.json == [{"kind": "url", "value": "https://club.example/team"}]
    assert "The site can see your internet address and that PrivacyGuard asked." in done.err
    for address in ("https://zoe:pw@club.example/", "javascript://x", "https://", "file:///etc/passwd"):
        assert privacyguard("place", "add", address).status == 2


def test_sources_tell_what_leaves_this_computer(privacyguard: CommandLine) -> None:
    cards = privacyguard("sources", "--json").json
    assert [card["id"] for card in cards] == IDS
    assert set(cards[0]) == {"id", "name", "finds", "discloses", "needs_key", "on", "ready"}
    assert [card["id"] for card in cards if card["on"]] == ["folders", "catalogue"]
    assert [card["id"] for card in cards if card["needs_key"]] == NEED_CODES
    assert [card["id"] for card in cards if not card["ready"]] == [
        each
        for each in IDS
        if each in (*NEED_CODES, "searxng")  # and a server of the person's own
    ]
    text = privacyguard("sources").out
    assert "What leaves this computer: your full e-mail address" in text


def test_a_switch_is_kept_in_the_settings(privacyguard: CommandLine) -> None:
    done = privacyguard("source", "on", "xposedornot", "--json")
    assert done.status == 0
    assert [(card["id"], card["on"]) for card in done.json] == [("xposedornot", True)]
    assert privacyguard("source", "off", "catalogue").status == 0
    on = {card["id"]: card["on"] for card in privacyguard("sources", "--json").json}
    assert on["xposedornot"]
    assert not on["catalogue"]
    written = tomllib.loads((privacyguard.folder / "settings.toml").read_text())
    assert written == {"sources": {"xposedornot": {"on": True}, "catalogue": {"on": False}}}


def test_switching_on_what_needs_a_code_says_so(privacyguard: CommandLine) -> None:
    assert "privacyguard key set hibp" in privacyguard("source", "on", "hibp").err


def test_a_code_is_kept_in_the_password_store_only(privacyguard: CommandLine) -> None:
    code = "c0de-0123456789-quatermain"
    done = privacyguard("key", "set", "hibp", "--json", typed=f"{code}\n")
    assert done.status == 0
    assert (done.json["source"], done.json["ok"]) == ("hibp", True)
    assert set(done.json) == {"source", "ok", "detail"}
    ready = {card["id"]: card["ready"] for card in privacyguard("sources", "--json").json}
    assert ready["hibp"]
    assert not ready["google-vision"]
    for file in privacyguard.folder.rglob("*"):
        assert file.is_dir() or code.encode() not in file.read_bytes()
    assert privacyguard("key", "remove", "hibp").status == 0
    assert not {card["id"]: card["ready"] for card in privacyguard("sources", "--json").json}["hibp"]
    assert privacyguard("key", "remove", "hibp", "--json").json["ok"]


@pytest.mark.parametrize("typed", ["", "\n", "two words\n", "x" * 600, "naïve\n", "a\tb\n"])
def test_what_cannot_be_a_code_is_refused_without_repeating_it(privacyguard: CommandLine, typed: str) -> None:
    done = privacyguard("key", "set", "hibp", typed=typed)
    assert done.status == 2
    assert not typed.strip() or typed.strip() not in done.err


def test_a_place_without_a_code_takes_none(privacyguard: CommandLine) -> None:
    assert privacyguard("key", "set", "gravatar", typed="x\n").status == 2


def test_testing_without_a_code_says_there_is_none(privacyguard: CommandLine) -> None:
    done = privacyguard("key", "test", "hibp", "--json")
    assert done.status == 1
    assert done.json == {"source": "hibp", "ok": False, "detail": "There is no code yet."}
    assert privacyguard("disclosures", "--json").json == []


def test_two_homes_do_not_share_codes(privacyguard: CommandLine, tmp_path: Path) -> None:
    other = CommandLine(privacyguard.session, tmp_path / "other")
    privacyguard("key", "set", "hibp", typed="c0de-one\n")
    assert not {card["id"]: card["ready"] for card in other("sources", "--json").json}["hibp"]
    assert other("forget", "--everything", "--yes").status == 0
    assert {card["id"]: card["ready"] for card in privacyguard("sources", "--json").json}["hibp"]
