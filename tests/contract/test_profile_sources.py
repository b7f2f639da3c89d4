"""Sites that know accounts: found, not found, each trouble, the form of names, and what is asked of whom."""

import hashlib
import json
from collections.abc import Iterator

import pytest

from privacyguard.errors import (
    HostRefused,
    NetworkIntercepted,
    ServiceDown,
    SourceError,
    TooManyRequests,
    UnexpectedReply,
)
from privacyguard.model.person import Identifier, IdentifierKind
from privacyguard.model.picture import Candidate
from privacyguard.model.profile import Profile
from privacyguard.model.progress import CancelToken
from privacyguard.model.source import Disclosure
from privacyguard.net.gateway import NetSettings, Network
from privacyguard.sources.base import PictureQuery, PictureSource
from privacyguard.sources.catalogue import sources
from privacyguard.sources.pictures.avatars import is_drawn
from privacyguard.sources.pictures.mastodon import Mastodon, SignInWanted
from privacyguard.sources.pictures.user_names import NoUsableName
from tests.support.fakes.cache import MemoryCache
from tests.support.fakes.profiles import PNG_OF_SQUARES, PROFILE_SOURCES, Accounts
from tests.support.servers import Answer
from tests.support.services import Scenario, Services

MAIL = Identifier(IdentifierKind.EMAIL, "jane@mail.example.org")
JANE = Identifier(IdentifierKind.USERNAME, "Jane-Doe7")
PLAIN = Identifier(IdentifierKind.USERNAME, "janedoe7")
AT_SERVER = Identifier(IdentifierKind.USERNAME, "@jane@social.example.org")
NAMED = {
    "gravatar": MAIL,
    "libravatar": MAIL,
    "github": JANE,
    "bluesky": JANE,
    "mastodon": AT_SERVER,
    "keybase": PLAIN,
}
BY_NAME = ("github", "bluesky", "mastodon", "keybase")
PHOTO = b"\xff\xd8\xff a photo made for this test"
CODE = hashlib.sha256(MAIL.value.encode()).hexdigest()


class Bench:
    """Every site over its service, with what was recorded."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.accounts: Accounts = services.scenario.accounts
        self.recorded: list[Disclosure] = []
        self.network = self.made()
        self.sources = {source.info.id: source for source in sources(services.base_urls(), MemoryCache())}

    def made(self) -> Network:
        """A network whose pace has not begun."""
        settings = NetSettings("PrivacyGuard/test", self.services.base_urls(), self.services.resolve())
        return Network(self.recorded.append, settings, chance=lambda: 0.0)

    def ask(self, source_id: str, *named: Identifier) -> list[Candidate]:
        source = self.sources[source_id]
        assert isinstance(source, PictureSource)
        query = PictureQuery(named or (NAMED[source_id],))
        sites = source.sites(query) if isinstance(source, Mastodon) else ()
        return list(source.search(query, self.network.bind(source.info, CancelToken(), sites=sites)))

    def paths(self) -> list[str]:
        return [seen.path for seen in self.services.requests]


@pytest.fixture
def bench() -> Iterator[Bench]:
    names = {
        "github": {"jane-doe7": "Jane <b>Doe</b>"},
        "bluesky": {"jane-doe7.bsky.social": "Jane Doe"},
        "mastodon": {"Jane@social.example.org": "Jane Doe"},
        "keybase": {"janedoe7": "Jane Doe"},
    }
    pictures = {name: PHOTO for known in names.values() for name in known}
    accounts = Accounts(pages={MAIL.value: "Jane Doe"}, libravatars={MAIL.value: PHOTO}, names=names, pictures=pictures)
    with Services(Scenario(avatars={MAIL.value: PHOTO}, accounts=accounts)) as services:
        yield Bench(services)


def nobody(bench: Bench) -> None:
    for known in (bench.accounts.pages, bench.accounts.libravatars, bench.accounts.names):
        known.clear()
    bench.services.scenario.avatars.clear()


@pytest.mark.parametrize(
    ("source_id", "page", "user_name"),
    [
        ("gravatar", f"https://gravatar.com/{CODE}", "janedoe"),
        ("github", "https://github.com/jane-doe7", "jane-doe7"),
        ("bluesky", "https://bsky.app/profile/jane-doe7.bsky.social", "jane-doe7.bsky.social"),
        ("mastodon", "https://social.example.org/@Jane", "Jane@social.example.org"),
        ("keybase", "https://keybase.io/janedoe7", "janedoe7"),
    ],
)
def test_an_account_is_found_with_its_names_and_its_picture(
    bench: Bench, source_id: str, page: str, user_name: str
) -> None:
    (found,) = bench.ask(source_id)
    assert found.profile is not None
    assert (found.profile.page, found.profile.user_name, found.profile.shown_name) == (page, user_name, "Jane Doe")
    assert (found.profile.has_picture, found.profile.source_id) == (True, source_id)
    assert found.page == page
    assert (found.content is None) != (found.address is None)
    assert found.content in (None, PHOTO)
    assert found.about == NAMED[source_id].value


def test_libravatar_brings_a_picture_and_knows_no_accounts(bench: Bench) -> None:
    (found,) = bench.ask("libravatar")
    assert (found.content, found.profile) == (PHOTO, None)
    assert found.page == f"https://seccdn.libravatar.org/avatar/{CODE}"
    assert bench.paths() == [f"/avatar/{CODE}?d=404&s=512"]


@pytest.mark.parametrize("source_id", PROFILE_SOURCES)
def test_no_account_is_an_empty_answer_after_asking(bench: Bench, source_id: str) -> None:
    nobody(bench)
    assert bench.ask(source_id) == []
    assert bench.services.requests


@pytest.mark.parametrize("source_id", PROFILE_SOURCES)
def test_each_request_was_recorded_with_its_size_and_no_personal_word(bench: Bench, source_id: str) -> None:
    bench.ask(source_id)
    assert [each.bytes for each in bench.recorded] == [seen.size for seen in bench.services.requests]
    assert {each.source_id for each in bench.recorded} == {source_id}
    assert all(each.what and each.purpose and "jane" not in f"{each}".lower() for each in bench.recorded)
    assert all("mail.example" not in f"{seen.path}{seen.headers}" for seen in bench.services.requests)


TROUBLES: list[tuple[Answer, type[SourceError]]] = [
    (Answer(500, b"{}"), ServiceDown),
    (Answer(200, b"<html>Welcome to the hotel", "text/html"), NetworkIntercepted),
    (Answer(404, b"<html>Welcome to the hotel", "text/html"), SourceError),
    (Answer(404, b"{}"), SourceError),
    (Answer(403, b"{}"), SourceError),
    (Answer(418, b"{}"), SourceError),
    (Answer(200, b"{}"), UnexpectedReply),
    (Answer(200, b""), UnexpectedReply),
    (Answer(200, b'{"a":NaN}'), UnexpectedReply),
    (Answer(200, b"[" * 200_000), UnexpectedReply),
    (Answer(429, b"{}", headers={"Retry-After": "3600"}), TooManyRequests),
]


@pytest.mark.parametrize("source_id", PROFILE_SOURCES)
def test_trouble_is_a_failure_and_never_an_empty_answer(bench: Bench, source_id: str) -> None:
    for answer, error in TROUBLES:
        bench.services.scenario.broken[source_id] = answer
        bench.network = bench.made()
        if source_id == "libravatar" and answer == Answer(404, b"{}"):
            assert bench.ask(source_id) == []  # with 404 alone it says that there is none
            continue
        with pytest.raises(error):
            bench.ask(source_id)


@pytest.mark.parametrize("source_id", BY_NAME)
def test_names_that_cannot_be_there_are_not_asked_about_and_not_called_clear(bench: Bench, source_id: str) -> None:
    for name in ("jane doe", "a/../b", "jane?x=1", "é" * 3, "@", "jane@nowhere", "x" * 300):
        with pytest.raises(NoUsableName):
            bench.ask(source_id, Identifier(IdentifierKind.USERNAME, name))
    with pytest.raises(NoUsableName):
        bench.ask(source_id, MAIL)
    assert bench.services.requests == []


@pytest.mark.parametrize("source_id", BY_NAME)
def test_a_name_typed_twice_is_asked_about_once(bench: Bench, source_id: str) -> None:
    name = NAMED[source_id].value
    typed = [Identifier(IdentifierKind.USERNAME, each) for each in (name, name.upper(), f"@{name.removeprefix('@')}")]
    nobody(bench)
    bench.ask(source_id, *typed)
    assert len(bench.paths()) == 1


@pytest.mark.parametrize("source_id", BY_NAME)
def test_an_account_of_another_name_is_no_answer(bench: Bench, source_id: str) -> None:
    paths = {
        "github": ("/users/", {"login": "another", "avatar_url": "https://x.example/a"}),
        "bluesky": ("/xrpc/", {"handle": "another.bsky.social", "did": "did:plc:x"}),
        "mastodon": ("/lookup", {"username": "another", "avatar": "https://x.example/a"}),
        "keybase": ("/lookup", {"status": {"code": 0}, "them": [{"basics": {"username": "another"}}]}),
    }
    part, body = paths[source_id]
    bench.accounts.answers[part] = Answer(200, json.dumps(body).encode())
    with pytest.raises(UnexpectedReply):
        bench.ask(source_id)


def test_gravatar_keeps_a_picture_that_came_before_the_page_did_not(bench: Bench) -> None:
    bench.accounts.answers["/v3/profiles/"] = Answer(429, b"{}", headers={"Retry-After": "3600"})
    source = bench.sources["gravatar"]
    assert isinstance(source, PictureSource)
    came = source.search(PictureQuery((MAIL,)), bench.network.bind(source.info, CancelToken()))
    assert next(came).content == PHOTO
    with pytest.raises(TooManyRequests):
        next(came)


def test_gravatar_with_a_page_and_no_picture_is_an_account(bench: Bench) -> None:
    bench.services.scenario.avatars.clear()
    (found,) = bench.ask("gravatar")
    assert found.content is None
    assert found.profile is not None
    assert not found.profile.has_picture


def test_gravatar_with_a_picture_and_no_page_is_a_picture(bench: Bench) -> None:
    bench.accounts.pages.clear()
    (found,) = bench.ask("gravatar")
    assert (found.content, found.profile, found.page) == (PHOTO, None, f"https://gravatar.com/{CODE}")


def test_gravatar_page_of_another_place_is_not_believed(bench: Bench) -> None:
    shown = {"profile_url": "https://evil.example/gravatar.com/jane", "display_name": "Jane"}
    bench.accounts.answers["/v3/profiles/"] = Answer(200, json.dumps(shown).encode())
    (found,) = bench.ask("gravatar")
    assert found.profile is not None
    assert (found.profile.user_name, found.profile.page) == (CODE, f"https://gravatar.com/{CODE}")


def test_libravatar_that_sends_on_to_gravatar_knows_none_and_nobody_goes_there(bench: Bench) -> None:
    nobody(bench)
    bench.accounts.sent_on = f"https://secure.gravatar.com/avatar/{CODE}"
    assert bench.ask("libravatar") == []
    assert len(bench.paths()) == 1


@pytest.mark.parametrize("place", ["https://evil.example/gravatar.com", "http://10.0.0.1/", "/nobody.png", "http://["])
def test_libravatar_that_sends_on_elsewhere_is_a_failure(bench: Bench, place: str) -> None:
    nobody(bench)
    bench.accounts.sent_on = place
    with pytest.raises(UnexpectedReply):
        bench.ask("libravatar")
    assert len(bench.paths()) == 1


def test_github_is_asked_by_its_version_and_its_drawing_is_no_chosen_picture(bench: Bench) -> None:
    bench.ask("github")
    assert bench.paths() == ["/users/Jane-Doe7", "/pictures/jane-doe7"]
    headers = bench.services.requests[0].headers
    assert (headers["accept"], headers["x-github-api-version"]) == ("application/vnd.github+json", "2022-11-28")
    assert headers["user-agent"] == "PrivacyGuard/test"
    bench.accounts.pictures["jane-doe7"] = PNG_OF_SQUARES
    (found,) = bench.ask("github")
    assert (found.content, found.address) == (None, None)
    assert found.profile is not None
    assert not found.profile.has_picture


def test_github_picture_that_does_not_come_is_left_to_be_counted(bench: Bench) -> None:
    bench.accounts.answers["/pictures/"] = Answer(500, b"")
    (found,) = bench.ask("github")
    assert found.address is not None
    assert found.profile is not None


@pytest.mark.parametrize(
    ("content", "drawn"),
    [
        (PNG_OF_SQUARES, True),
        (PNG_OF_SQUARES + bytes(60_000), False),
        (b"\xff\xd8\xff" + PNG_OF_SQUARES[3:], False),
        (PNG_OF_SQUARES[:20], False),
        (b"", False),
    ],
)
def test_a_drawing_is_told_by_how_little_it_weighs(content: bytes, drawn: bool) -> None:
    assert is_drawn(content) is drawn


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "99999999999"}, 86_400.0),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "0"}, 0.0),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "soon"}, None),
        ({"x-ratelimit-remaining": "0"}, None),
    ],
)
def test_github_hour_that_is_used_up_is_a_wait_in_words(
    bench: Bench, headers: dict[str, str], wait_s: float | None
) -> None:
    bench.accounts.answers["/users/"] = Answer(403, b'{"message": "API rate limit exceeded"}', headers=headers)
    with pytest.raises(TooManyRequests) as told:
        bench.ask("github")
    assert told.value.wait_s == wait_s


def test_github_that_forbids_for_another_reason_is_not_called_a_wait(bench: Bench) -> None:
    bench.accounts.answers["/users/"] = Answer(
        403, b'{"message": "Forbidden"}', headers={"x-ratelimit-remaining": "59"}
    )
    with pytest.raises(UnexpectedReply):
        bench.ask("github")


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("jane", "jane.bsky.social"),
        ("Jane.example.org", "jane.example.org"),
        ("@jane.bsky.social", "jane.bsky.social"),
    ],
)
def test_bluesky_asks_for_the_whole_name(bench: Bench, typed: str, asked: str) -> None:
    assert bench.ask("bluesky", Identifier(IdentifierKind.USERNAME, typed)) == []
    assert bench.paths() == [f"/xrpc/app.bsky.actor.getProfile?actor={asked}"]


def test_bluesky_account_that_asks_to_look_away_is_told_to_exist_and_no_more(bench: Bench) -> None:
    bench.accounts.looks_away.add("jane-doe7.bsky.social")
    (found,) = bench.ask("bluesky")
    page = "https://bsky.app/profile/jane-doe7.bsky.social"
    assert found.profile == Profile("Bluesky", page, "jane-doe7.bsky.social", None, False, "bluesky")
    assert (found.content, found.address) == (None, None)


def test_bluesky_says_none_in_one_way_and_trouble_in_another(bench: Bench) -> None:
    told = {"error": "InvalidRequest", "message": "Error: actor must be a valid did or a handle"}
    bench.accounts.answers["/xrpc/"] = Answer(400, json.dumps(told).encode())
    with pytest.raises(UnexpectedReply):
        bench.ask("bluesky")


def test_mastodon_asks_the_server_that_the_name_tells_and_no_other(bench: Bench) -> None:
    bench.ask("mastodon", JANE, AT_SERVER, Identifier(IdentifierKind.USERNAME, "jane@Other.example.org"))
    assert bench.paths() == [
        "/social.example.org/api/v1/accounts/lookup?acct=jane",
        "/other.example.org/api/v1/accounts/lookup?acct=jane",
    ]


def test_mastodon_may_ask_the_servers_that_were_named_and_is_refused_at_others() -> None:
    """Without a stand-in for its servers: the guard is what keeps it to them. Nothing can be reached here."""
    source, query = Mastodon(), PictureQuery((AT_SERVER,))
    assert source.sites(query) == ("https://social.example.org",)
    asked: list[str] = []

    def none(host: str, port: int) -> list[str]:
        asked.append(host)
        return []

    network = Network(lambda _: None, NetSettings("PrivacyGuard/test"), resolver=none, chance=lambda: 0.0)
    with pytest.raises(HostRefused):
        list(source.search(query, network.bind(source.info, CancelToken(), sites=("https://club.example.net",))))
    assert asked == []
    with pytest.raises(SourceError) as told:
        list(source.search(query, network.bind(source.info, CancelToken(), sites=source.sites(query))))
    assert not isinstance(told.value, HostRefused)
    assert asked == ["social.example.org"]


def test_mastodon_server_that_wants_a_sign_in_says_so_and_the_others_are_asked_all_the_same(bench: Bench) -> None:
    bench.accounts.closed.add("closed.example.org")
    source = bench.sources["mastodon"]
    assert isinstance(source, Mastodon)
    query = PictureQuery((Identifier(IdentifierKind.USERNAME, "jane@closed.example.org"), AT_SERVER))
    came = source.search(query, bench.network.bind(source.info, CancelToken(), sites=source.sites(query)))
    assert next(came).page == "https://social.example.org/@Jane"
    with pytest.raises(SignInWanted):
        next(came)


def test_mastodon_account_without_a_picture_of_its_own_has_none(bench: Bench) -> None:
    bench.accounts.pictures.clear()
    (found,) = bench.ask("mastodon")
    assert found.address is None
    assert found.profile is not None
    assert not found.profile.has_picture


@pytest.mark.parametrize("server", ["127.0.0.1", "localhost", "server", "a b.example", "[::1]", "x.example/path"])
def test_mastodon_name_without_a_public_server_is_not_one(server: str) -> None:
    assert Mastodon().sites(PictureQuery((Identifier(IdentifierKind.USERNAME, f"jane@{server}"),))) == ()


def test_keybase_error_in_a_reply_of_200_is_a_failure(bench: Bench) -> None:
    told = {"status": {"code": 205, "name": "NOT_FOUND"}, "them": [None]}
    bench.accounts.answers["/lookup.json"] = Answer(200, json.dumps(told).encode())
    with pytest.raises(UnexpectedReply):
        bench.ask("keybase")


def test_keybase_account_without_a_picture_is_an_account(bench: Bench) -> None:
    bench.accounts.pictures.clear()
    (found,) = bench.ask("keybase")
    assert found.address is None
    assert found.profile is not None
    assert not found.profile.has_picture
