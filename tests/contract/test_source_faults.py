"""Every source against every fault of a network: a failure in words, nothing found, nothing marked as clear.

Sources of leaks are asked by a checkup over a real vault, the others directly. Have I Been Pwned is asked three times: for
what the plan is, for an address, and for a prefix.
"""

import gzip
import socket
import ssl
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from privacyguard.analysis.pool import AnalysisPool
from privacyguard.checkup.plan import CheckupPlan
from privacyguard.checkup.run import Parts, run_checkup
from privacyguard.errors import (
    CertificateRefused,
    ConnectionLost,
    NetworkIntercepted,
    NoNetwork,
    ReplyTooLarge,
    ServiceDown,
    SourceError,
    TimedOut,
    TooManyRequests,
    UnexpectedReply,
)
from privacyguard.model.checkup import Outcome, Status
from privacyguard.model.person import Identifier, IdentifierKind, Relation
from privacyguard.net.exchange import Timeouts
from privacyguard.net.gateway import NetSettings, Network
from privacyguard.net.transport import tls_context
from privacyguard.sources.base import (
    ArchiveSource,
    BreachSource,
    PasswordSource,
    PictureQuery,
    PictureSource,
    Source,
)
from privacyguard.sources.breaches.hibp_plan import Plan, Plans
from privacyguard.sources.breaches.passwords import sha1_of
from privacyguard.sources.catalogue import sources
from privacyguard.vault.vault import Vault
from tests.support.certificates import Authority
from tests.support.fakes.cache import MemoryCache
from tests.support.fakes.facecheck import FACECHECK_KEY
from tests.support.fakes.searches import SEARCH_KEYS
from tests.support.keystores import MemoryKeyStore
from tests.support.own_time import Hurried
from tests.support.raw_servers import RawServer, Script, resetting_after, saying, silent, slowly
from tests.support.servers import Answer, Server
from tests.support.services import HIBP_KEY, VISION_KEY, Scenario, Services

MAIL = Identifier(IdentifierKind.EMAIL, "jane@mail.example.org")
NAME = Identifier(IdentifierKind.NAME, "Jane Canary")
SERVICE = Identifier(IdentifierKind.SERVICE, "nowhere.example")
USER_NAME = Identifier(IdentifierKind.USERNAME, "jane7")
KEYS = {"hibp": HIBP_KEY, "google-vision": VISION_KEY, "facecheck": FACECHECK_KEY, **SEARCH_KEYS}
PATIENT, SHORT = Timeouts(10.0, 10.0, 20.0), Timeouts(5.0, 0.3, 0.6)
"""The second for servers that are slow on purpose."""
ASKED = ["catalogue", "hibp plan", "hibp address", "hibp prefix", "xposedornot", "leakcheck"]
DIRECTLY = [
    "passwords",
    "gravatar",
    *("github", "bluesky", "keybase"),
    "google-vision",
    "wayback",
    "brave",
    "searxng",
    "serpapi-lens",
    "tineye",
    "facecheck",
]
POSTING = {"google-vision", "facecheck"}
"""Their first request is a POST."""
BOMB = gzip.compress(bytes(100_000_000))
DAY = "Sun, 03 May 2099 12:00:00 GMT"


@dataclass(frozen=True)
class Fault:
    """``script``: what the server does, given itself; ``kind``: the failure it is. ``of_post``: that of a POST, if another."""

    name: str
    script: Callable[[RawServer], Script]
    kind: type[SourceError]
    of_post: type[SourceError] | None = None


def reply(body: bytes, status: str = "200 OK", **headers: str) -> bytes:
    named = {"Content_Type": "application/json", "Content_Length": str(len(body)), **headers}
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in named.items() if value)
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body


def says(name: str, content: bytes, kind: type[SourceError], of_post: type[SourceError] | None = None) -> Fault:
    return Fault(name, lambda _: saying(content), kind, of_post)


PAGE = b"<!DOCTYPE html><title>Welcome to the hotel</title>"
GOOD = b'{"success": false, "error": "Not found"}'
FAULTS = [
    Fault("closed at once", lambda _: saying(b""), ConnectionLost),
    Fault("reset at once", lambda _: resetting_after(b""), ConnectionLost),
    Fault("says nothing", lambda server: silent(server.ended), TimedOut),
    Fault("one byte a second", lambda server: slowly(reply(GOOD)[:-40], GOOD, server.ended, 0.3), TimedOut),
    Fault("head byte by byte", lambda server: slowly(b"", reply(GOOD), server.ended, 0.3), TimedOut),
    Fault("cut body", lambda _: saying(reply(GOOD)[:-1]), ConnectionLost),
    Fault("reset in the body", lambda _: resetting_after(reply(GOOD)[:-1]), ConnectionLost),
    says("429, seconds", reply(b"{}", "429 Too Many", Retry_After="3600"), TooManyRequests),
    says("429, date", reply(b"{}", "429 Too Many", Retry_After=DAY), TooManyRequests),
    says("429, always a second", reply(b"{}", "429 Too Many", Retry_After="1"), TooManyRequests),
    says("429, no time", reply(b"{}", "429 Too Many"), TooManyRequests),
    says("500", reply(b"{}", "500 Trouble"), ServiceDown),
    says("502 page", reply(PAGE, "502 Bad Gateway", Content_Type="text/html"), ServiceDown),
    says("503 with a wait", reply(b"", "503 Down", Retry_After="3600"), ServiceDown),
    says("511 sign in", reply(PAGE, "511 Sign in", Content_Type="text/html"), NetworkIntercepted),
    says("truncated JSON", reply(b'{"breaches": [["Exam'), UnexpectedReply),
    says("no JSON", reply(b"\x00\x01\x02 no"), UnexpectedReply),
    says("depth of 200,000", reply(b"[" * 200_000), UnexpectedReply),
    says("not a number", reply(b'[{"Name": NaN}]'), UnexpectedReply),
    says("100,000 digits", reply(b"[" + b"9" * 100_000 + b"]"), UnexpectedReply),
    says("a key twice", reply(b'{"success": true, "success": false, "error": "Not found"}'), UnexpectedReply),
    says("empty", reply(b""), UnexpectedReply),
    says("204", reply(b"", "204 Nothing", Content_Length=""), UnexpectedReply),
    says("wrong type", reply(GOOD, Content_Type="text/html"), NetworkIntercepted),
    says("captive page", reply(PAGE, Content_Type="text/html"), NetworkIntercepted),
    says("captive page as JSON", reply(PAGE), NetworkIntercepted),
    says("captive 404", reply(PAGE, "404 Not Found", Content_Type="text/html"), NetworkIntercepted),
    says("10 GB", reply(b"[", Content_Length="10000000000"), ReplyTooLarge),
    says("gzip bomb", reply(BOMB, Content_Encoding="gzip"), ReplyTooLarge),
    says(
        "redirect to a portal",
        reply(b"", "302 F", Location="http://portal.example/"),
        NetworkIntercepted,
        UnexpectedReply,
    ),
    says("redirect inside", reply(b"", "302 F", Location="http://10.0.0.1/"), NetworkIntercepted, UnexpectedReply),
    says(
        "redirect to metadata",
        reply(b"", "307 F", Location="http://169.254.169.254/"),
        NetworkIntercepted,
        UnexpectedReply,
    ),
    says("redirect to a file", reply(b"", "302 F", Location="file:///etc/passwd"), NetworkIntercepted, UnexpectedReply),
    says("redirect for ever", reply(b"", "302 F", Location="/again"), UnexpectedReply),
    says("redirect without a place", reply(b"", "302 F"), UnexpectedReply),
    says("no HTTP", b"SSH-2.0-OpenSSH_9.6\r\n", UnexpectedReply),
]


class Bench:
    """A vault with a grown-up who named an address and a service, and one source at a time."""

    def __init__(self, home: Path, pool: AnalysisPool) -> None:
        self.vault = Vault.open(home, MemoryKeyStore(), clock=now)
        self.person = self.vault.add_person("Jane", Relation.ME, True)
        for identifier in (MAIL, SERVICE):
            self.vault.add_identifier(self.person.person_id, identifier)
        self._pool = pool
        self._tls = tls_context()
        self.timeouts = PATIENT

    def source(self, name: str, base: str | None) -> Source:
        source_id, _, part = name.partition(" ")
        cache = MemoryCache()
        if part in {"address", "prefix"}:
            plans = Plans(cache, "", now)
            plans.keep(Plan("Some", 1000, part == "prefix", None), HIBP_KEY)
        bases = {source_id: base} if base else {}
        return next(source for source in sources(bases, cache) if source.info.id == source_id)

    def outcome(self, source: Source, settings: NetSettings, tls: ssl.SSLContext | None = None) -> Outcome:
        """What a checkup says of the source."""
        network = self._network(settings, cancel := Hurried(), tls)
        parts = Parts(self.vault, [source], network, self._pool, now, KEYS.get)
        plan = CheckupPlan(self.person.person_id, frozenset({source.info.id}))
        (outcome,) = run_checkup(plan, parts, lambda _: None, cancel).outcomes
        return outcome

    def answer(self, source: Source, settings: NetSettings, tls: ssl.SSLContext | None = None) -> object:
        """What the source itself says."""
        network = self._network(settings, cancel := Hurried(), tls)
        gateway = network.bind(source.info, cancel, KEYS.get(source.info.id))
        if isinstance(source, BreachSource):
            return list(source.check(SERVICE if source.info.id == "catalogue" else MAIL, gateway))
        if isinstance(source, PasswordSource):
            return source.times(sha1_of("a password"), gateway)
        if isinstance(source, ArchiveSource):
            return source.copies("https://club.example.org/team", gateway).has_any
        assert isinstance(source, PictureSource)
        return list(source.search(PictureQuery((MAIL, NAME, USER_NAME), (), (b"a photo",)), gateway))

    def _network(self, settings: NetSettings, cancel: Hurried, tls: ssl.SSLContext | None) -> Network:
        return Network(
            lambda _: None,
            settings,
            chance=lambda: 0.0,
            monotonic_s=lambda: cancel.now_s,
            timeouts=self.timeouts,
            tls=tls or self._tls,
        )

    def fails(self, name: str, base: str, kind: type[SourceError]) -> None:
        """The source failed in the words of this kind, and nothing was found or marked as clear."""
        source, settings = self.source(name, base), NetSettings("PrivacyGuard/test", {name.partition(" ")[0]: base})
        if isinstance(source, BreachSource):
            outcome = self.outcome(source, settings)
            assert outcome.status is Status.FAILED
            assert outcome.findings == ()
            assert outcome.problem
            assert outcome.problem == kind.title or (kind is TooManyRequests and "wait" in outcome.problem)
            assert outcome.remedy == kind.remedy
            assert self.vault.findings() == ()
            checkup = self.vault.last_checkup()
            assert checkup is not None
            assert checkup.outcomes == (outcome,)
            return
        with pytest.raises(kind) as told:
            self.answer(source, settings)
        assert type(told.value) is kind
        assert told.value.title
        assert told.value.remedy


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with AnalysisPool(workers=1) as pool:
        made = Bench(tmp_path_factory.mktemp("home"), pool)
        yield made
        made.vault.close()


def with_body_read(script: Script) -> Script:
    """A connection that is closed with a part of the request unread is reset, and the answer may be lost."""

    def read_first(connection: socket.socket) -> None:
        connection.settimeout(0.05)
        with suppress(TimeoutError):
            connection.recv(65536)
        connection.settimeout(None)
        script(connection)

    return read_first


@pytest.mark.parametrize("name", [*ASKED, *DIRECTLY])
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_each_fault_is_a_failure_in_words_and_nothing_is_clear(bench: Bench, name: str, fault: Fault) -> None:
    server: RawServer

    def script(connection: socket.socket) -> None:
        wanted = fault.script(server)
        (with_body_read(wanted) if name in POSTING else wanted)(connection)

    with RawServer(script) as server:
        kind = fault.of_post if name in POSTING and fault.of_post else fault.kind
        bench.timeouts = SHORT if kind is TimedOut else PATIENT
        bench.fails(name, server.url, kind)
        assert server.heads


@pytest.mark.parametrize("name", [*ASKED, *DIRECTLY])
def test_nobody_there_is_no_network(bench: Bench, name: str) -> None:
    with RawServer(saying(b"")) as server:
        base = server.url
    bench.fails(name, base, NoNetwork)


@pytest.mark.parametrize("name", [*ASKED, *DIRECTLY])
def test_the_same_bench_without_a_fault_is_an_answer(bench: Bench, name: str) -> None:
    """So that a failure above is the fault's. Nothing is known of the person: that is checked, and clear."""
    scenario = Scenario()
    scenario.plan["IncludesKAnon"] = name == "hibp prefix"
    with Services(scenario) as services:
        source_id = name.partition(" ")[0]
        source = bench.source(name, services.base_urls()[source_id])
        settings = NetSettings("PrivacyGuard/test", services.base_urls())
        if isinstance(source, BreachSource):
            outcome = bench.outcome(source, settings)
            assert (outcome.status, outcome.findings, outcome.problem) == (Status.CHECKED, (), None)
        else:
            assert not bench.answer(source, settings)


@pytest.mark.parametrize("name", [*ASKED, *DIRECTLY])
def test_an_answer_that_is_cut_anywhere_is_never_clear(bench: Bench, name: str) -> None:
    """Closed, and reset, after each byte of the head and of the beginning of the body."""
    source_id = name.partition(" ")[0]
    scenario = Scenario()
    scenario.plan["IncludesKAnon"] = name == "hibp prefix"
    with Services(scenario) as services:
        settings = NetSettings("PrivacyGuard/test", services.base_urls())
        bench.answer(bench.source(name, services.base_urls()[source_id]), settings)
        asked = services.requests_of("hibp" if source_id == "catalogue" else source_id)[0]
        said = services.answered(source_id, asked)
    whole = reply(said.body[:80], f"{said.status} Said", Content_Type=said.content_type)
    head = whole.index(b"\r\n\r\n")
    ends = range(len(whole) if said.body else head + 3)

    def is_clear(script: Script) -> bool:
        with RawServer(with_body_read(script) if name in POSTING else script) as server:
            settings = NetSettings("PrivacyGuard/test", {source_id: server.url})
            try:
                bench.answer(bench.source(name, server.url), settings)
            except SourceError:
                return False
            return True

    scripts = [saying(whole[:end]) for end in ends] + [resetting_after(whole[:end]) for end in ends]
    with ThreadPoolExecutor(6) as threads:
        cleared = list(threads.map(is_clear, scripts))
    assert [end for end, clear in zip([*ends, *ends], cleared, strict=True) if clear] == []


@pytest.mark.parametrize(
    "name",
    [
        *("catalogue", "hibp address", "xposedornot", "leakcheck", "passwords", "gravatar", "google-vision"),
        *("brave", "serpapi-lens", "tineye", "facecheck"),
    ],
)
@pytest.mark.parametrize("trouble", ["another name", "ended", "not trusted"])
def test_a_connection_that_cannot_be_trusted_is_not_used(bench: Bench, name: str, trouble: str, tmp_path: Path) -> None:
    authority = Authority.made(tmp_path)
    trusting = tls_context()
    if trouble != "not trusted":
        trusting.load_verify_locations(authority.file)
    source = bench.source(name, None)
    host = min(source.info.hosts, key=len)  # the one that is asked first
    certificate = authority.server("other.example.org" if trouble == "another name" else host, ended=trouble == "ended")
    with Server(lambda _: Answer(404, b"", ""), certificate) as server:
        settings = NetSettings("PrivacyGuard/test", {}, {host: f"127.0.0.1:{server.port}"})
        if isinstance(source, BreachSource):
            outcome = bench.outcome(source, settings, trusting)
            assert (outcome.status, outcome.problem) == (Status.FAILED, CertificateRefused.title)
            assert outcome.findings == ()
        else:
            with pytest.raises(CertificateRefused):
                bench.answer(source, settings, trusting)
        assert server.requests == []
