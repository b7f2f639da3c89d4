"""Sites that the person named, forms with files, and codes that a service takes in the address only."""

import dataclasses
from email.message import Message
from email.parser import BytesParser

import pytest

from privacyguard.errors import AddressRefused, HostRefused
from privacyguard.model.progress import CancelToken
from privacyguard.model.source import Disclosure, SourceInfo
from privacyguard.net.addresses import Address
from privacyguard.net.gateway import Attachment, Gateway, NetSettings, Network
from privacyguard.net.named import NamedSites
from tests.support.doors import SECRET, Door, card
from tests.support.servers import Answer, Seen, Server

CRAWLER = dataclasses.replace(card(), named_sites=True)


def gateway(*sites: str, info: SourceInfo = CRAWLER, recorded: list[Disclosure] | None = None) -> Gateway:
    def look_up(host: str, port: int) -> list[str]:
        pytest.fail("a look-up")

    record = (recorded if recorded is not None else []).append
    network = Network(record, NetSettings("PrivacyGuard/test"), resolver=look_up)
    return network.bind(info, CancelToken(), SECRET, sites)


@pytest.mark.parametrize(
    ("typed", "asked", "may"),
    [
        ("https://club.example.org/gallery", "https://club.example.org/other", True),
        ("https://www.club-example.org/", "https://pictures.club-example.org/a.jpg", True),
        ("https://club-example.co.uk/", "https://other-example.co.uk/", False),
        ("https://anna.github.io/", "https://berta.github.io/", False),
        ("https://club-example.org/", "https://club-example.org.evil-example.com/", False),
        ("https://club-example.org/", "https://example.org/", False),
    ],
)
def test_a_named_site_is_its_registered_domain_and_nothing_else(typed: str, asked: str, may: bool) -> None:
    host = asked.split("/")[2]
    assert NamedSites.from_texts([typed]).holds(host) is may


@pytest.mark.parametrize(
    ("typed", "scheme", "host", "port", "is_typed"),
    [
        ("http://club-example.org/", "http", "club-example.org", 80, True),
        ("http://club-example.org/", "http", "www.club-example.org", 80, True),
        ("https://club-example.org/", "http", "club-example.org", 80, False),
        ("http://club-example.org/", "http", "elsewhere-example.org", 80, False),
        ("https://club-example.org:8443/", "https", "club-example.org", 8443, True),
        ("https://club-example.org:8443/", "https", "www.club-example.org", 8443, False),
        ("https://club-example.org:8443/", "https", "club-example.org", 22, False),
    ],
)
def test_http_and_odd_ports_count_only_as_they_were_typed(
    typed: str, scheme: str, host: str, port: int, is_typed: bool
) -> None:
    assert NamedSites.from_texts([typed]).is_typed(Address(scheme, host, port, "")) is is_typed


@pytest.mark.parametrize(
    "url",
    [
        "http://club-example.org/",
        "https://club-example.org:22/",
        "https://127.0.0.1:22/",
        "https://169.254.169.254/latest/",
        "https://elsewhere-example.org/",
    ],
)
def test_a_page_of_a_named_site_leads_nowhere_else(url: str) -> None:
    recorded: list[Disclosure] = []
    door = gateway("https://club-example.org/", recorded=recorded)
    with pytest.raises((AddressRefused, HostRefused)):
        door.get(url, what="an address", purpose="test")
    assert recorded == []


def test_a_named_site_is_asked_and_other_sources_name_none() -> None:
    with Server(lambda seen: Answer(200, seen.path.encode(), "text/html")) as server:
        settings = NetSettings("PrivacyGuard/test", resolve={"club.example": f"127.0.0.1:{server.port}"})
        network = Network(lambda _: None, settings)
        door = network.bind(CRAWLER, CancelToken(), None, ["http://club.example/"])
        assert door.get("http://club.example/a", what="an address", purpose="test").body == b"/a"
        (seen,) = server.requests
    assert seen.host == "club.example"
    with pytest.raises(ValueError, match="asks none"):
        network.bind(card("service.example.org"), CancelToken(), None, ["http://club.example/"])
    with pytest.raises(AddressRefused):
        network.bind(CRAWLER, CancelToken(), None, ["ftp://club.example/"])


def _parts(seen: Seen) -> list[Message]:
    head = f"Content-Type: {seen.headers['content-type']}\r\n\r\n".encode()
    payload = BytesParser().parsebytes(head + seen.body).get_payload()
    assert isinstance(payload, list)
    return [part for part in payload if isinstance(part, Message)]


def test_a_form_carries_its_files_whole_and_is_sent_once() -> None:
    photo = bytes(range(256)) * 40
    with Server(lambda _: Answer(302, headers={"Location": "/again"})) as server:
        door = Door(server.url)
        files = [
            ("image", Attachment("photo.jpg", "image/jpeg", photo)),
            ("image", Attachment("b.jpg", "image/jpeg", b"2")),
        ]
        with pytest.raises(Exception, match="redirect"):
            door.gateway.post_form(
                f"{server.url}/up",
                files=files,
                fields={"api_key": SECRET, "größe": "ß"},
                what="a photo",
                purpose="test",
                secret_headers={"X-Key": SECRET},
            )
        (seen,) = server.requests
    assert next(part.get_param("name", header="content-disposition") for part in _parts(seen)) == "api_key"
    key, _other, first, second = _parts(seen)
    assert key.get_payload(decode=True) == SECRET.encode()
    assert first.get_payload(decode=True) == photo
    assert (first.get_filename(), first.get_content_type()) == ("photo.jpg", "image/jpeg")
    assert second.get_payload(decode=True) == b"2"
    assert [each.bytes for each in door.recorded] == [seen.size]
    assert SECRET not in repr(door.recorded) and SECRET not in repr(files)


def test_a_code_in_the_address_arrives_is_kept_nowhere_and_does_not_follow() -> None:
    def answer(seen: Seen) -> Answer:
        return Answer(302, headers={"Location": "/there?x=1"}) if seen.path.startswith("/here") else Answer(200, b"{}")

    with Server(answer) as server:
        door = Door(server.url)
        for path in ("/here", "/here?engine=lens"):
            door.gateway.get(f"{server.url}{path}", what="a search", purpose="test", secret_query={"api_key": SECRET})
        assert [seen.path for seen in server.requests] == [
            f"/here?api_key={SECRET}",
            "/there?x=1",
            f"/here?engine=lens&api_key={SECRET}",
            "/there?x=1",
        ]
        assert [each.bytes for each in door.recorded] == [seen.size for seen in server.requests]
    assert SECRET not in repr(door.recorded)


def test_a_picture_that_did_not_change_is_told_as_such_only_where_that_was_asked() -> None:
    with Server(lambda _: Answer(304, b"", "")) as server:
        door = Door(server.url, info=card("service.example.org", fetches_pictures=True))
        asked = {"If-None-Match": '"1"'}
        url = f"{server.url}/a.jpg"
        reply = door.gateway.picture_if_changed(url, what="an address", purpose="test", headers=asked)
        assert reply.status == 304
        assert server.requests[0].headers["if-none-match"] == '"1"'
        with pytest.raises(Exception, match="no picture"):
            door.gateway.picture(url, what="an address", purpose="test")
