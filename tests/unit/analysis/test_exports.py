"""Exports of password managers and browsers: the sites are taken, nothing else; and whatever the file is, it ends in words."""

import csv
import hashlib
import io
import json
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from privacyguard.analysis.export_messages import answer_of, read_of
from privacyguard.analysis.exports import FIELD_CHARS, FILE_BYTES, read_export
from privacyguard.analysis.messages import BadAnswer
from privacyguard.model.export import (
    ExportEmpty,
    ExportRead,
    ExportTooLarge,
    ExportUnknown,
    ExportUnreadable,
)
from privacyguard.model.person import IdentifierKind, normalised

USER, PASSWORD, NOTE, SEED = "zoe.quatermain@example.net", "c4nary-pass,word", "canary note", "otpauth://totp/canary"

# One login at example.com and one without an address, called Example Gym: as each program writes them.
EXPORTS = {
    "bitwarden": (
        "folder,favorite,type,name,notes,fields,reprompt,login_uri,login_username,login_password,login_totp",
        [
            ["Home", "1", "login", "Shop", NOTE, "pin: 9", "0", "https://shop.example.com/login", USER, PASSWORD, SEED],
            ["", "", "login", "Example Gym", "", "", "0", "", USER, PASSWORD, ""],
        ],
    ),
    "1password": (
        "Title,Url,Username,Password,OTPAuth,Favorite,Archived,Tags,Notes",
        [
            ["Shop", "https://shop.example.com/login", USER, PASSWORD, SEED, "false", "false", "canary tag", NOTE],
            ["Example Gym", "", USER, PASSWORD, "", "false", "false", "", ""],
        ],
    ),
    "keepassxc": (
        '"Group","Title","Username","Password","URL","Notes","TOTP","Icon","Last Modified","Created"',
        [
            ["Root/canary", "Shop", USER, PASSWORD, "https://shop.example.com/login", NOTE, SEED, "0", "2026", "2025"],
            ["Root", "Example Gym", USER, PASSWORD, "", "", "", "0", "2026", "2025"],
        ],
    ),
    "chrome": (
        "name,url,username,password,note",
        [
            ["shop.example.com", "https://shop.example.com/login", USER, PASSWORD, NOTE],
            ["Example Gym", "android://c4nary==@air.gym.example/", USER, PASSWORD, ""],
        ],
    ),
    "firefox": (
        '"url","username","password","httpRealm","formActionOrigin","guid","timeCreated","timeLastUsed",'
        '"timePasswordChanged"',
        [
            [
                "https://shop.example.com",
                USER,
                PASSWORD,
                "canary realm",
                "https://canary.example.net",
                "{c4nary}",
                "1",
                "2",
                "3",
            ]
        ],
    ),
    "safari": (
        "Title,URL,Username,Password,Notes,OTPAuth",
        [
            ["shop.example.com (zoe)", "https://shop.example.com/login", USER, PASSWORD, NOTE, SEED],
            ["Example Gym", "", USER, PASSWORD, "", ""],
        ],
    ),
}
CANARIES = ("zoe", "quatermain", "c4nary", "canary", "9", "Home")


def written(header: str, rows: list[list[str]], delimiter: str = ",") -> str:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter, lineterminator="\r\n").writerows([next(csv.reader([header])), *rows])
    return file.getvalue()


def sites(*addresses: str, title: str = "") -> ExportRead:
    """What is read of one entry for each address."""
    rows = [[title, address, USER, PASSWORD] for address in addresses]
    return read_export(written("name,url,username,password", rows).encode(), False)


@pytest.mark.parametrize("kind", EXPORTS)
def test_sites_are_taken_and_nothing_else(kind: str) -> None:
    read = read_export(written(*EXPORTS[kind]).encode(), False)
    assert read.kind == kind
    assert read.sites == ("example.com",)
    assert read.names == (() if kind == "firefox" else ("Example Gym",))
    assert read.passwords == ()
    assert (read.rows, read.left_out) == (len(EXPORTS[kind][1]), 0)
    answer = answer_of(read).decode()
    assert [canary for canary in CANARIES if canary.lower() in answer.lower()] == []


@pytest.mark.parametrize("kind", EXPORTS)
def test_passwords_are_told_as_fingerprints_and_only_where_asked(kind: str) -> None:
    code = hashlib.sha1(PASSWORD.encode()).hexdigest().upper()
    read = read_export(written(*EXPORTS[kind]).encode(), True)
    named = [] if kind == "firefox" else [("Example Gym", code)]
    assert list(read.passwords) == [*named, ("example.com", code)]


# Header rows of other versions, and where they are written down: Chromium's password_csv_writer.cc, Mozilla's
# test_module_LoginExport.js, KeePassXC's CsvExporter.cpp, Bitwarden's vault export; of 1Password and Safari the readers that
# others wrote for their files.
OTHER_VERSIONS = [
    ("bitwarden", "folder,favorite,type,name,notes,fields,login_uri,login_username,login_password,login_totp"),
    ("bitwarden", "collections,type,name,notes,fields,reprompt,login_uri,login_username,login_password,login_totp"),
    (
        "bitwarden",
        "folder,favorite,type,name,notes,fields,reprompt,login_uri,login_username,login_password,login_totp,archivedDate",
    ),
    ("1password", "Title,Url,Username,Password,OTPAuth,Favorite,Archived,Tags,Notes,Recovery Code"),
    ("1password", "Title,Url,Username,Password,Notes,Type"),
    ("1password", "title,type,notes,username,password,url"),
    ("keepassxc", '"Group","Title","Username","Password","URL","Notes"'),
    ("chrome", "name,url,username,password"),
    (
        "firefox",
        "url,username,password,httpRealm,formActionOrigin,guid,timeCreated,timeLastUsed,timePasswordChanged,timesUsed",
    ),
    ("other", '"hostname","username","password","httpRealm","formSubmitURL","usernameField","passwordField"'),
    ("safari", "Title,Url,Username,Password"),
    ("safari", "Title,URL,Username,Password,OTPAuth"),
    ("other", "type,name,url,email,username,password,note,totp,createTime,modifyTime,vault"),
    ("other", "username,username2,username3,title,password,note,url,category,otpUrl"),
    ("other", "name,url,additional_urls,username,password,note"),
    ("other", "Name,Url,MatchUrl,Login,Pwd,Note,Folder,RfFieldsV2"),
]


@pytest.mark.parametrize(("kind", "header"), OTHER_VERSIONS)
def test_older_and_newer_header_rows_are_known_as_well(kind: str, header: str) -> None:
    names = next(csv.reader([header]))
    told = {"type": "login", "password": PASSWORD, "login_password": PASSWORD, "pwd": PASSWORD} | dict.fromkeys(
        ("url", "login_uri", "hostname"), "https://shop.example.com/login"
    )
    cells = [told.get(name.lower(), "canary\r\nin two lines") for name in names]
    read = read_export(b"\xef\xbb\xbf" + written(header, [cells]).encode(), True)
    assert (read.kind, read.sites, read.names, read.left_out) == (kind, ("example.com",), (), 0)
    assert read.passwords == (("example.com", hashlib.sha1(PASSWORD.encode()).hexdigest().upper()),)
    assert "canary" not in answer_of(read).decode()


def test_what_firefox_keeps_for_itself_is_no_site() -> None:
    """Its own account is exported beside the sites, as is what add-ons keep."""
    header = EXPORTS["firefox"][0]
    own = [["chrome://FirefoxAccounts", USER, PASSWORD, "canary", "", "{1}", "1", "2", "3"]]
    read = read_export(written(header, [*EXPORTS["firefox"][1], *own]).encode(), False)
    assert (read.sites, read.names, read.rows, read.left_out) == (("example.com",), (), 2, 1)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_usual_form_of_csv_is_read(delimiter: str, encoding: str, end: str) -> None:
    text = written(*EXPORTS["safari"], delimiter).replace("\r\n", end)
    read = read_export(text.encode(encoding), False)
    assert (read.kind, read.sites, read.names) == ("safari", ("example.com",), ("Example Gym",))


def test_big_endian_with_a_mark_is_read() -> None:
    assert read_export(b"\xfe\xff" + written(*EXPORTS["safari"]).encode("utf-16-be"), False).kind == "safari"


def test_old_letters_spoil_no_site_but_are_no_password() -> None:
    content = written("name,url,password", [["Caf\xe9", "https://example.com", "gr\xfc\xdfe"]]).encode("cp1252")
    assert read_export(content, False).sites == ("example.com",)
    with pytest.raises(
        ExportUnreadable
    ) as told:  # its fingerprint would be another one: "not in a leak" would be a lie
        read_export(content, True)
    assert told.value.line == 2


def test_a_password_may_hold_line_ends_quotes_and_signs_between_columns() -> None:
    odd = ' a"b\r\nc,d;e\tf '
    read = read_export(written("url,password", [["https://example.com", odd]]).encode(), True)
    assert read.passwords == (("example.com", hashlib.sha1(odd.encode()).hexdigest().upper()),)


def test_all_addresses_of_an_entry_are_taken() -> None:
    read = sites("https://a.example.com/x,https://www.example.org,example.net,androidapp://com.example.music")
    assert read.sites == ("example.com", "example.net", "example.org")


@pytest.mark.parametrize(
    ("address", "site"),
    [
        ("https://www.example.com/a?b=c#d", "example.com"),
        ("http://example.com:8080", "example.com"),
        ("https://zoe:c4nary@login.example.com/", "example.com"),
        ("https://iplayer.example.co.uk", "example.co.uk"),
        ("EXAMPLE.COM", "example.com"),
        ("example.com/login", "example.com"),
        ("https://example.com.", "example.com"),
        ("https://www.bücher.de", "xn--bcher-kva.de"),
        ("https://zoe.github.io/x", "zoe.github.io"),
        ("https://github.io", "github.io"),
        ("ftp://files.example.com", "example.com"),
        ("android://x1==@com.spotify.music/", "spotify.com"),
        ("android://x1==@uk.co.bbc.iplayer/", "bbc.co.uk"),
        ("androidapp://de.zalando.mobile", "zalando.de"),
        ("iosapp://com.example.app", "example.com"),
    ],
)
def test_a_site_is_its_registered_name(address: str, site: str) -> None:
    read = sites(address)
    assert read.sites == (site,)
    assert read.left_out == 0


@pytest.mark.parametrize(
    "address",
    [
        *(
            "http://192.168.1.1/",
            "https://10.0.0.1:8443",
            "http://[fe80::1]/",
            "http://localhost:3000",
            "http://router/",
        ),
        *(
            "http://nas.local",
            "http://printer.lan",
            "http://fritz.box",
            "https://x.home.arpa",
            "http://a.internal",
            "2130706433",
        ),
        *(
            "javascript:alert(1)",
            "file:///home/zoe/x.html",
            "chrome://settings",
            "about:blank",
            "data:text/html,x",
            "=cmd()",
        ),
        *(
            '=HYPERLINK("x")',
            "mailto:zoe@example.com",
            "zoe@example.com",
            "https://",
            "https://exa mple.com",
            "http://a.onion",
        ),
        *(
            "https://co.uk",
            "https://[example.com",
            "https://example.com\\@x",
            "^https://.*\\.example\\.com$",
            "otpauth://totp/x",
        ),
        *("ssh://example.com", "\\\\host\\share", "x" * 60_000, "https://a..b.com", "https://example.notatld"),
    ],
)
def test_what_is_no_site_of_the_internet_is_left_out_and_counted(address: str) -> None:
    read = sites(address, title="My canary")
    assert (read.sites, read.names, read.rows, read.left_out) == ((), (), 1, 1)


@pytest.mark.parametrize(
    "app", ["air.com.example", "com.android.chrome", "io.github.someone.app", "app", "a..b", "com"]
)
def test_a_program_whose_id_names_no_site_is_known_by_its_title(app: str) -> None:
    read = sites(f"android://x==@{app}/", title="Example Gym")
    assert (read.sites, read.names) == ((), ("Example Gym",))


@pytest.mark.parametrize(
    "title", ["zoe@example.net", "Shop (zoe@example.net)", "=cmd()", "-1+1", "@x", "...", "x" * 101, "a://b"]
)
def test_a_title_that_is_no_name_is_left_out(title: str) -> None:
    read = sites("", title=title)
    assert (read.names, read.left_out) == ((), 1)


def test_a_title_that_is_a_site_is_taken_as_one() -> None:
    assert sites("", title="Example.com").sites == ("example.com",)


def test_notes_and_cards_are_no_services() -> None:
    header, rows = EXPORTS["bitwarden"]
    notes = [["", "", kind, "canary", "text", "", "0", "", "", "", ""] for kind in ("note", "card", "identity")]
    read = read_export(written(header, [*rows, *notes]).encode(), False)
    assert (read.names, read.rows, read.left_out) == (("Example Gym",), 5, 3)
    read = read_export(
        written("Title,URL,Username,Password,Notes", [["My canary", "", "", "", "text"]]).encode(), False
    )
    assert (read.names, read.left_out) == ((), 1)


@pytest.mark.parametrize(
    "text",
    [
        "Account,Login Name,Password,Web Site,Comments\nA,zoe,c4nary,https://example.com,x\n",
        "url,username,password,totp,extra,name,grouping,fav\nhttps://example.com,zoe,c4nary,,,A,B,0\n",
        "Title,Website,Username,Password\nA,example.com,zoe,c4nary\n",
        "site\nexample.com\n",
        "what,where\nzoe,https://example.com\n",
        "zoe,https://example.com/login,c4nary\n",
    ],
)
def test_another_list_is_taken_by_its_column_of_addresses(text: str) -> None:
    read = read_export(text.encode(), False)
    assert (read.kind, read.sites, read.names) == ("other", ("example.com",), ())


@pytest.mark.parametrize(
    "content",
    [
        *(
            b"first,last\nzoe,quatermain\n",
            b"zoe\n",
            b'{"items": []}',
            b"\xef\xbb\xbf[1]",
            b"PK\x03\x04x",
            b"<html>",
            b"%PDF-1.7",
        ),
        b"\n \n{}",
    ],
)
def test_what_is_no_list_of_accounts_is_refused(content: bytes) -> None:
    with pytest.raises(ExportUnknown):
        read_export(content, False)


def test_a_list_without_passwords_cannot_be_tested_for_them() -> None:
    assert read_export(b"url\nhttps://example.com\n", False).sites == ("example.com",)
    with pytest.raises(ExportUnknown):
        read_export(b"url\nhttps://example.com\n", True)


@pytest.mark.parametrize(
    "content", [b"", b"\n\r\n", b"\xef\xbb\xbf", b"name,url,username,password,note\r\n", b"url\n\n,\n"]
)
def test_an_empty_list_is_said_to_be_empty(content: bytes) -> None:
    with pytest.raises(ExportEmpty):
        read_export(content, False)


GOOD = b"url,password\nhttps://example.com,x\n"


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (GOOD + b'https://example.org,"open\nmore\n', 3),
        (GOOD + b'"a"b,c\n', 3),
        (GOOD + b'"' + b"x" * (FIELD_CHARS + 1) + b'",y\n', 3),
        (GOOD + b"x" * (FIELD_CHARS + 1) + b",y\n", 3),
        (GOOD + b"a\0b,c\n", 3),
        (GOOD + b'"two\nlines",x\n"a\0",c\n', 5),
        (GOOD + b"," * 10**6 + b"\n", 3),
        (b"," * 10**6 + b"\n" + GOOD, 1),
        (b"url" + b",x" * 2000 + b"\n", 1),
        (GOOD + b'"\n",' * 10**6, 3),
        (b"\n\n" + GOOD + b'"', 5),
        (b"\xff\xfe\0\0u\0\0\0", 1),
        (b"\x00\x01\x02\x03" * 10, 1),
    ],
)
def test_a_broken_list_is_refused_with_the_number_of_its_line_and_no_text_of_it(content: bytes, line: int) -> None:
    with pytest.raises(ExportUnreadable) as told:
        read_export(content, False)
    assert type(told.value) is ExportUnreadable
    assert told.value.line == line
    assert told.value.__context__ is None or told.value.__suppress_context__
    words = f"{told.value} {told.value.title} {told.value.remedy}"
    assert f"Line {line} " in words
    assert "example" not in words
    assert csv.field_size_limit() > FIELD_CHARS  # what is set for the file is set back


def test_a_field_of_64_kb_is_still_read() -> None:
    note = "x" * FIELD_CHARS
    assert read_export(written("url,note", [["https://example.com", note]]).encode(), False).sites == ("example.com",)


def test_one_line_as_long_as_the_file_may_be_costs_no_time() -> None:
    start = time.monotonic()
    with pytest.raises(ExportUnreadable):
        read_export(b"x" * FILE_BYTES, False)
    assert time.monotonic() - start < 5
    with pytest.raises(ExportTooLarge):
        read_export(b"x" * (FILE_BYTES + 1), False)


@pytest.mark.parametrize("row", ["https://example.com", "a,https://example.com,zoe,pw,more", "a"])
def test_a_row_of_another_length_is_left_out_since_a_password_could_pass_for_a_site(row: str) -> None:
    content = f"name,url,username,password\nb,https://example.org,zoe,pw\n{row}\n".encode()
    read = read_export(content, False)
    assert (read.sites, read.rows, read.left_out) == (("example.org",), 2, 1)
    with pytest.raises(ExportUnreadable) as told:  # its password would stay untested
        read_export(content, True)
    assert told.value.line == 3


def test_empty_cells_behind_the_last_column_do_no_harm() -> None:
    assert sites("https://example.com").sites == read_export(b"name,url\na,https://example.com,,\n", False).sites


@pytest.mark.parametrize("title", ["a" + "\u0323\u0307" * 15_000, "\u0344" * 30_000])
def test_a_title_of_thousands_of_accents_costs_no_time(title: str) -> None:
    """To bring one into order takes seconds; the answer of a reader that was taken over could hold a longer one."""
    before = time.process_time()
    content = "name,url,username,password\n" + f"{title},,u,p\n" * 50
    assert read_export(content.encode(), False).names == ()
    told = {"kind": "chrome", "sites": [], "names": [title * 10], "passwords": [], "rows": 1, "left_out": 0}
    with pytest.raises(BadAnswer):
        read_of(json.dumps(told, ensure_ascii=False).encode(), False)
    assert time.process_time() - before < 5.0


def test_an_account_without_a_user_name_beside_it_is_one_and_is_not_read() -> None:
    assert read_export(b"website,account,password\n,zoe77,p\n", False).names == ()
    keepass = b'"Account","Login Name","Password","Web Site","Comments"\n"Gym","zoe77","p","",""\n'
    assert read_export(keepass, False).names == ("Gym",)


def test_two_hundred_thousand_entries_take_seconds() -> None:
    rows = "".join(f"n,https://a{i}.shop{i % 900}.example.com/login?x={i},user{i},pw{i},note\n" for i in range(200_000))
    start = time.monotonic()
    read = read_export(f"name,url,username,password,note\n{rows}".encode(), False)
    assert time.monotonic() - start < 40
    assert (read.sites, read.rows) == (("example.com",), 200_000)


def test_millions_of_entries_are_said_to_be_too_many() -> None:
    with pytest.raises(ExportTooLarge):
        read_export(b"url\n" + b"a.com\n" * 500_001, False)


def test_more_sites_than_an_answer_holds_are_said_to_be_too_many() -> None:
    rows = "".join(f"https://example{i}.com\n" for i in range(100_000))
    answer = answer_of(read_export(f"url\n{rows}".encode(), False))
    assert json.loads(answer) == {"unreadable": "too-large", "line": None}
    with pytest.raises(ExportTooLarge):
        read_of(answer, False)


cells = st.one_of(
    st.text(max_size=20),
    st.from_regex(r"(https?://|android://|)[a-zA-Z0-9._ü@:-]{0,30}(/[a-z,]{0,5})?", fullmatch=True),
    st.sampled_from(["login", "note", "https://www.example.com", "=1+1", "a\nb", '"', "Example Gym"]),
)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([header for header, _rows in EXPORTS.values()]), st.lists(st.lists(cells, max_size=12), max_size=6)
)
def test_whatever_the_cells_hold_what_is_told_of_them_has_the_agreed_form(header: str, rows: list[list[str]]) -> None:
    content = written(header, rows).encode("utf-8", "replace")
    for wants_passwords in (False, True):
        try:
            read = read_export(content, wants_passwords)
        except ExportUnreadable:
            continue
        assert read_of(answer_of(read), wants_passwords) == read
        for text in read.sites + read.names:
            assert normalised(IdentifierKind.SERVICE, text).value


@settings(max_examples=300, deadline=None)
@given(
    st.binary(max_size=300), st.sampled_from([b"", b"url,password\n", b"\xff\xfeu\0r\0l\0\n\0", b"\xef\xbb\xbfurl\n"])
)
@example(b'"', b"url\n")
def test_no_content_does_more_than_be_refused(content: bytes, before: bytes) -> None:
    try:
        read = read_export(before + content, True)
    except ExportUnreadable as error:
        assert error.line is None or error.line >= 1
    else:
        assert read.rows >= 1
