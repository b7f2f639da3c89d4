"""Nothing of the environment is obeyed: with real files, each shown to be obeyed by a plain session beside it."""

import os
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from privacyguard.errors import AddressRefused, CertificateRefused
from privacyguard.net.transport import tls_context
from tests.support.certificates import Authority
from tests.support.doors import Door, card
from tests.support.fakes.proxy import TunnelProxy
from tests.support.servers import Answer, Server

HOST = "service.example.org"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.made(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def server(authority: Authority) -> Iterator[Server]:
    with Server(lambda _: Answer(200, b"{}"), authority.server(HOST)) as server:
        yield server


@pytest.fixture
def trusting(authority: Authority) -> ssl.SSLContext:
    context = tls_context()
    context.load_verify_locations(authority.file)
    return context


def door(server: Server, tls: ssl.SSLContext | None = None) -> Door:
    return Door(resolve={HOST: f"127.0.0.1:{server.port}"}, tls=tls)


def plain(url: str) -> "requests.Response":
    return requests.get(url, timeout=10)


# --- passwords ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["HOME", "NETRC"])
def test_password_in_netrc_is_not_sent(place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / (".netrc" if place == "HOME" else "other")
    file.write_text("machine 127.0.0.1 login somebody password canary\ndefault login any password canary\n")
    file.chmod(0o600)
    monkeypatch.setenv(place, str(tmp_path if place == "HOME" else file))
    with Server(lambda _: Answer(200, b"{}")) as server:
        plain(server.url)
        ours = Door(server.url)
        ours.get()
        ours.post()
        first, *others = server.requests
        assert first.headers["authorization"].startswith("Basic ")  # a plain session obeys it
        assert len(others) == 2
        assert not any("authorization" in seen.headers for seen in others)


def test_cookie_is_neither_kept_nor_sent_and_no_page_is_named() -> None:
    def answer(_: object) -> Answer:
        moved = {"Location": "/there"} if len(keeping.requests) % 2 else {}
        return Answer(302 if moved else 200, b"{}", headers={"Set-Cookie": "id=canary; Path=/", **moved})

    with Server(answer) as keeping:
        ours = Door(keeping.url)
        for _ in range(2):
            ours.get()
        assert len(keeping.requests) == 4
        assert not any({"cookie", "referer", "authorization"} & set(seen.headers) for seen in keeping.requests)


# --- certificates ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_other_list_of_authorities_is_not_obeyed(
    name: str, server: Server, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    for other in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(other, raising=False)
    monkeypatch.setenv(name, str(authority.folder if name.endswith("DIR") else authority.file))
    if name.endswith("BUNDLE"):
        assert plain(f"{server.url}/plain").status_code == 200  # a plain session obeys it
    elif name == "SSL_CERT_FILE":
        assert len(ssl.create_default_context().get_ca_certs()) == 1
    door(server).failure(CertificateRefused, f"https://{HOST}/")
    assert [seen.path for seen in server.requests] in ([], ["/plain"])


def test_keys_of_connections_are_not_written(
    server: Server, trusting: ssl.SSLContext, authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = tmp_path / "keys"
    monkeypatch.setenv("SSLKEYLOGFILE", str(written))
    context = tls_context()
    context.load_verify_locations(authority.file)
    assert not context.keylog_filename
    assert door(server, context).get(f"https://{HOST}/").status == 200
    with TunnelProxy(("127.0.0.1", server.port)) as proxy:
        through = Door(proxies={"https": proxy.url}, tls=context, resolver=lambda host, port: ["127.0.0.1"])
        assert through.get(f"https://{HOST}/").status == 200
    assert not written.exists()
    ssl.create_default_context()
    assert written.exists()  # the default context obeys it


def test_settings_of_openssl_do_not_lower_what_we_ask_of_a_connection(tmp_path: Path) -> None:
    config = tmp_path / "openssl.cnf"
    config.write_text(
        "openssl_conf = a\n[a]\nssl_conf = b\n[b]\nsystem_default = c\n[c]\n"
        "MinProtocol = TLSv1\nCipherString = ALL:@SECLEVEL=0\nVerifyMode = None\n"
    )
    code = (
        "import ssl; from privacyguard.net.transport import tls_context; c = tls_context();"
        "print(c.minimum_version.name, c.verify_mode.name, c.check_hostname, c.security_level)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "OPENSSL_CONF": str(config), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["TLSv1_2", "CERT_REQUIRED", "True", "2"]


# --- proxies --------------------------------------------------------------------------------------------------------

PROXY_NAMES = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


@pytest.fixture
def no_proxy_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*PROXY_NAMES, "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("no_proxy_set")
def test_proxy_of_the_environment_counts_only_where_it_was_read_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(lambda _: Answer(200, b"{}")) as server, Server(lambda _: Answer(502)) as proxy:
        for name in PROXY_NAMES:
            monkeypatch.setenv(name, proxy.url)
        assert plain("http://service.example.org/").status_code == 502  # a plain session obeys it
        assert Door(server.url).get().status == 200
        elsewhere = Door(resolver=lambda host, port: [], info=card(HOST, fetches_pictures=True))
        with pytest.raises(AddressRefused):
            elsewhere.gateway.picture("https://pictures.example.com/", what="a", purpose="b")
        assert len(proxy.requests) == 1


@pytest.mark.usefixtures("no_proxy_set")
@pytest.mark.parametrize(
    "value", ["*", HOST, ".example.org", "example.org", "127.0.0.1,service.example.org:443", "::1,*"]
)
@pytest.mark.parametrize("name", ["no_proxy", "NO_PROXY"])
def test_exception_of_the_environment_does_not_lead_past_the_proxy(
    name: str, value: str, server: Server, trusting: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    looked_up: list[str] = []

    def resolver(host: str, port: int) -> list[str]:
        looked_up.append(host)
        return ["127.0.0.1"]

    with TunnelProxy(("127.0.0.1", server.port)) as proxy:
        ours = Door(proxies={"https": proxy.url}, tls=trusting, resolver=resolver)
        assert ours.get(f"https://{HOST}/").status == 200
        assert proxy.asked == [f"CONNECT {HOST}:443"]
    assert looked_up == ["127.0.0.1"]
