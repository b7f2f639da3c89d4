"""Only connections that are what they say: certificates against our own list, and nothing of the environment obeyed."""

import ssl
from collections.abc import Iterator

import pytest

from privacyguard.errors import CertificateRefused
from privacyguard.model.progress import CancelToken
from privacyguard.model.source import Disclosure, SourceInfo, Theme
from privacyguard.net.gateway import Gateway, NetSettings, Network
from privacyguard.net.reply import Reply
from privacyguard.net.transport import tls_context
from tests.support.certificates import Authority
from tests.support.raw_servers import RawServer, saying
from tests.support.servers import Answer, Server

HOST = "service.example.org"
SECRET = "canary-code-9d21"
INFO = SourceInfo("tested", "Tested", Theme.LEAKS, "", frozenset(), frozenset({HOST}), "an address", "")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.made(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def trusting(authority: Authority) -> ssl.SSLContext:
    """The program's own context, which also trusts the test's authority."""
    context = tls_context()
    context.load_verify_locations(authority.file)
    return context


@pytest.fixture
def server(authority: Authority) -> Iterator[Server]:
    with Server(lambda _: Answer(200, b"{}"), authority.server(HOST)) as server:
        yield server


def gateway(port: int, tls: ssl.SSLContext | None) -> Gateway:
    recorded: list[Disclosure] = []
    settings = NetSettings("PrivacyGuard/test", {}, {HOST: f"127.0.0.1:{port}"})
    return Network(recorded.append, settings, tls=tls).bind(INFO, CancelToken(), SECRET)


def ask(port: int, tls: ssl.SSLContext | None) -> Reply:
    secret = {"X-Key": SECRET}
    return gateway(port, tls).get(f"https://{HOST}/", what="address", purpose="test", secret_headers=secret)


def refused(port: int, tls: ssl.SSLContext | None) -> None:
    with pytest.raises(CertificateRefused) as told:
        ask(port, tls)
    assert type(told.value) is CertificateRefused
    assert SECRET not in repr(told.value)


def test_right_name_of_a_trusted_authority_is_asked(server: Server, trusting: ssl.SSLContext) -> None:
    assert ask(server.port, trusting).status == 200
    (seen,) = server.requests
    assert seen.host == HOST
    assert seen.headers["x-key"] == SECRET


def test_authority_that_is_not_on_our_list_is_refused(server: Server) -> None:
    refused(server.port, None)
    assert server.requests == []


def test_certificate_signed_by_itself_is_refused(authority: Authority, trusting: ssl.SSLContext) -> None:
    with Server(lambda _: Answer(), authority.server(HOST, self_signed=True)) as server:
        refused(server.port, trusting)
        assert server.requests == []


def test_certificate_of_another_name_is_refused(authority: Authority, trusting: ssl.SSLContext) -> None:
    with Server(lambda _: Answer(), authority.server("other.example.org")) as server:
        refused(server.port, trusting)
        assert server.requests == []


def test_certificate_that_ended_is_refused(authority: Authority, trusting: ssl.SSLContext) -> None:
    with Server(lambda _: Answer(), authority.server(HOST, ended=True)) as server:
        refused(server.port, trusting)
        assert server.requests == []


def test_server_that_speaks_no_tls_is_refused(trusting: ssl.SSLContext) -> None:
    with RawServer(saying(b"")) as server, Server(lambda _: Answer()) as plain:
        refused(plain.port, trusting)
        assert plain.requests == []
        assert server.heads == []


def test_old_tls_is_refused(authority: Authority, trusting: ssl.SSLContext) -> None:
    old = authority.server(HOST)
    assert trusting.minimum_version is ssl.TLSVersion.TLSv1_2
    with pytest.warns(DeprecationWarning):
        old.maximum_version = ssl.TLSVersion.TLSv1_1
        old.minimum_version = ssl.TLSVersion.TLSv1
    with Server(lambda _: Answer(), old) as server:
        refused(server.port, trusting)
        assert server.requests == []


def test_certificate_over_an_old_digest_is_refused(authority: Authority, trusting: ssl.SSLContext) -> None:
    old = authority.server(HOST, over_sha1=True)
    with Server(lambda _: Answer(200, b"{}"), old) as server:
        refused(server.port, trusting)
        assert server.requests == []
        trusting.set_ciphers("DEFAULT:@SECLEVEL=0")  # so nothing else is wrong with it
        assert ask(server.port, trusting).status == 200


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_tls_of_today_is_spoken(authority: Authority, trusting: ssl.SSLContext, version: ssl.TLSVersion) -> None:
    today = authority.server(HOST)
    today.minimum_version = today.maximum_version = version
    with Server(lambda _: Answer(200, b"{}"), today) as server:
        assert ask(server.port, trusting).status == 200


def test_name_without_a_certificate_of_its_own_is_refused(authority: Authority, trusting: ssl.SSLContext) -> None:
    for name in ("example.org", "*.org", "*.service.example.org", "service.example.org.example.com"):
        with Server(lambda _: Answer(), authority.server(name)) as server:
            refused(server.port, trusting)
            assert server.requests == []


def test_secret_does_not_follow_to_another_port(authority: Authority, trusting: ssl.SSLContext) -> None:
    def answer(_: object) -> Answer:
        first = len(asked.requests) == 1
        return Answer(302, headers={"Location": f"https://{HOST}:8443/there"}) if first else Answer(200, b"{}")

    with Server(answer, authority.server(HOST)) as asked:
        assert ask(asked.port, trusting).status == 200
        assert [seen.headers.get("x-key") for seen in asked.requests] == [SECRET, None]
