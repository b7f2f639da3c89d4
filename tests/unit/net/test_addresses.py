"""The address guard against the hostile list of the threat model (section 3, T3)."""

import ipaddress
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacyguard.errors import AddressRefused
from privacyguard.net.addresses import Address, check_answers, in_ascii, is_loopback, is_public, parse

NUMBERS = """
127.0.0.1 127.1 127.0.1 0 0.0.0.0 2130706433 0x7f000001 0x7f.0.0.1 0x7f.1 0177.0.0.1 017700000001 00000177.1
127.0.0.1. 127.000.000.001 10.0.0.1 172.16.0.1 192.168.0.1 100.64.0.1 169.254.169.254 2852039166 0xa9fea9fe
0251.0376.0251.0376 169.254.43518 192.0.0.192 168.63.129.16 100.100.100.200 224.0.0.1 255.255.255.255 240.0.0.1
198.18.0.1 203.0.113.1 192.88.99.1 [::] [::1] [0:0:0:0:0:0:0:1] [::ffff:127.0.0.1] [::ffff:7f00:1] [::127.0.0.1]
[::ffff:0:127.0.0.1] [64:ff9b::7f00:1] [64:ff9b::a9fe:a9fe] [64:ff9b:1::7f00:1] [2002:7f00:1::]
[2001:0:53aa:64c:0:0:80ff:fffe] [fe80::1] [fe80::1%25eth0] [::1%251] [fec0::1] [fc00::1] [fd00:ec2::254]
[fd20:ce::254] [ff02::1] [2001:db8::1] [3fff::1] [100::1] [5f00::1] [4000::1] localhost localhost. LOCALHOST
a.localhost localhost.localdomain router.lan printer.local nas.home.arpa intranet metadata metadata.google.internal
a.example.org@127.0.0.1 127.0.0.1:443@a.example.org a.example.org%2f@127.0.0.1 a.example.org;@127.0.0.1
127.0.0.1\\@a.example.org a.example.org\\@127.0.0.1 [::1].a.example.org 127.0.0.1%00.a.example.org
127.0.0.1%2f.a.example.org ①②⑦.⓪.⓪.① 127。0。0。1 ｌｏｃａｌｈｏｓｔ loc\u00adalhost a.example.org:22 a.example.org:80:22
a.example.org:+443 a.example.org:0x1bb a.example.org:٤٤٣ a.example.org:99999 a.example.org:0 a..example.org
-a.example.org a_b.example.org a.example.org.. 1.2.3.4.5 127.0.0.256 4294967297 256 xn-- a.1 xn--a.example.0x7f
a.example.org.
""".split()
FORMS = [
    "https:///127.0.0.1/",
    "https:127.0.0.1/",
    "https:/127.0.0.1/",
    "//127.0.0.1/",
    "https://lo\tcalhost/",
    "https://127.0.0.1\n.a.example.org/",
    " https://127.0.0.1/",
    "http://a.example.org/",
    "file:///etc/passwd",
    "ftp://a.example.org/",
    "gopher://127.0.0.1:6379/_INFO",
    "javascript:alert(1)",
    "data:text/html,x",
    "smb://127.0.0.1/x",
    "\\\\127.0.0.1\\x",
    "blob:https://a/",
    "view-source:https://a/",
    "",
    "https://",
    "https://a.example.org/" + "a" * 2048,
]
GOOD = [
    "https://a.example.org/",
    "https://a.example.org:443/x?y=z",
    "https://xn--bcher-kva.example.org/",
    "https://cdn-1.a.example.com/p.jpg",
    "https://a.example.org/%C3%A4.jpg",
    "https://A.Example.ORG/",
    "https://a.example.org?x=y",
    "https://a.example.org#part",
    "https://a.example.org/it's,(here);@2?q=a@b:c/d",
]
LINKED = {
    "https://Bücher.example.org/ä b?q=ü": "https://xn--bcher-kva.example.org/%C3%A4%20b?q=%C3%BC",
    "HTTPS://a.example.org/a%20b%C3%A4?x=1&copy=2#ü": "https://a.example.org/a%20b%C3%A4?x=1&copy=2#%C3%BC",
    "https://a.example.org/{x}|^`<y>": "https://a.example.org/%7Bx%7D%7C%5E%60%3Cy%3E",
    "https://例え.example.org:443/": "https://xn--r8jz45g.example.org:443/",
    "https://a.example.org/\u202egpj.x": "https://a.example.org/%E2%80%AEgpj.x",
    "https://a.example.org": "https://a.example.org",
}


def stage_1(url: str) -> Address:
    return parse(url, exceptions=frozenset(), names=frozenset())


@pytest.mark.parametrize("url", [f"https://{host}/" for host in NUMBERS] + FORMS)
def test_hostile_address_is_refused_by_its_text_alone(url: str) -> None:
    with pytest.raises(AddressRefused):
        stage_1(url)


@pytest.mark.parametrize("url", GOOD)
def test_ordinary_address_passes(url: str) -> None:
    address = stage_1(url)
    assert (address.scheme, address.port) == ("https", 443)


@pytest.mark.parametrize(
    "number",
    """
127.0.0.1 0.0.0.0 10.0.0.1 100.64.0.1 169.254.169.254 172.31.0.1 192.0.0.1 192.168.1.1 198.19.0.1 224.0.0.1 240.0.0.1
255.255.255.255 168.63.129.16 192.88.99.1 203.0.113.9 ::1 :: ::127.0.0.1 ::ffff:0:127.0.0.1 ::ffff:169.254.169.254
64:ff9b::7f00:1 64:ff9b:1::7f00:1 2002:7f00:1:: fe80::1 fe80::1%eth0 fec0::1 fc00::1 ff02::1 2001:db8::1 2001::1
3fff::1 5f00::1 100:0:0:1::1 4000::1 2620:4f:8000::1 nonsense
""".split(),
)
def test_number_that_is_not_public_is_refused(number: str) -> None:
    assert not is_public(number)
    with pytest.raises(AddressRefused):
        check_answers([number])


@pytest.mark.parametrize("number", ["8.8.8.8", "::ffff:8.8.8.8", "64:ff9b::808:808", "2606:4700::1", "93.184.216.34"])
def test_public_number_passes(number: str) -> None:
    assert is_public(number)


@pytest.mark.parametrize("answers", [[], ["8.8.8.8", "10.0.0.1"], ["8.8.8.8"] * 17])
def test_mixed_empty_or_too_many_answers_are_refused(answers: list[str]) -> None:
    with pytest.raises(AddressRefused):
        check_answers(answers)


def test_exceptions_are_exact() -> None:
    exceptions = frozenset({("http", "127.0.0.1", 8080)})
    assert parse("http://127.0.0.1:8080/x", exceptions=exceptions, names=frozenset()).port == 8080
    for url in (
        "http://127.0.0.1:8081/",
        "https://127.0.0.1:8080/",
        "http://127.0.0.2:8080/",
        "http://u@127.0.0.1:8080/",
    ):
        with pytest.raises(AddressRefused):
            parse(url, exceptions=exceptions, names=frozenset())


def test_names_of_the_settings_are_exact() -> None:
    names = frozenset({"club.example"})
    assert parse("http://club.example/p", exceptions=frozenset(), names=names).host == "club.example"
    for url in ("http://www.club.example/", "http://club.example.org/", "https://other.example/"):
        with pytest.raises(AddressRefused):
            parse(url, exceptions=frozenset(), names=names)


@pytest.mark.parametrize(("linked", "ascii_form"), LINKED.items())
def test_linked_address_gets_the_form_that_a_browser_would_send(linked: str, ascii_form: str) -> None:
    assert in_ascii(linked) == ascii_form
    assert stage_1(in_ascii(linked)).url == ascii_form
    assert in_ascii(in_ascii(linked)) == ascii_form


@pytest.mark.parametrize("url", [f"https://{host}/" for host in NUMBERS] + FORMS)
def test_hostile_address_is_refused_also_as_a_link(url: str) -> None:
    if url == FORMS[-1]:
        url += "ü"  # plainly too long, whatever its letters
    with pytest.raises(AddressRefused):
        stage_1(in_ascii(url))


@pytest.mark.parametrize(
    "url", ["https://a.example.org/\ud800", "https://\ud800.example.org/", "https://xn--\udfff.org/"]
)
def test_half_a_letter_is_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        in_ascii(url)


def test_host_header_names_the_port_where_it_is_not_the_usual_one() -> None:
    here = frozenset({("http", "127.0.0.1", 8080), ("http", "::1", 8080), ("http", "127.0.0.1", 80)})
    named = {
        url: parse(url, exceptions=here, names=frozenset()).authority
        for url in ("http://127.0.0.1:8080/x", "http://[::1]:8080", "http://127.0.0.1?x", "https://A.example.org:443/")
    }
    assert list(named.values()) == ["127.0.0.1:8080", "[::1]:8080", "127.0.0.1", "a.example.org"]


@given(st.text(max_size=80))
def test_any_text_either_raises_the_guards_error_or_is_a_plain_public_name(text: str) -> None:
    for url in (text, f"https://{text}", f"https://a.example.org{text}"):
        try:
            address = stage_1(url)
        except AddressRefused:
            continue
        assert address.scheme == "https"
        assert address.port == 443
        assert "." in address.host
        assert address.host.split(".")[-1][0].isalpha()


NASTY = st.text(alphabet="a1.:@/\\[]%#?-_xn0f\t\n ①。ü\u00ad٤", max_size=24)


@given(NASTY, st.sampled_from(["https://", "http://", "https:", "//", "", "https://a.example.org"]))
def test_nasty_text_is_refused_or_reads_the_same_to_everyone(text: str, head: str) -> None:
    url = head + text
    for is_link in (False, True):
        with suppress(AddressRefused):
            address = stage_1(in_ascii(url) if is_link else url)
            assert address.url.startswith("https://")
            after = address.url.removeprefix("https://").lower()
            assert after.startswith(address.host)
            assert after[len(address.host) :][:1] in ("", "/", "?", "#", ":")
            assert not is_loopback(address.host)
            with pytest.raises(ValueError, match="does not appear"):
                ipaddress.ip_address(address.host)


@given(st.ip_addresses(v=4))
def test_every_public_ipv4_number_is_public_to_python_too_in_each_of_its_forms(number: ipaddress.IPv4Address) -> None:
    if is_public(str(number)):
        assert number.is_global
    for carried in (f"::ffff:{number}", f"64:ff9b::{number}"):
        assert is_public(carried) == is_public(str(number))
    for other in (f"::{number}", f"::ffff:0:{number}", f"64:ff9b:1::{number}", f"fe80::{number}"):
        assert not is_public(other)


@given(st.ip_addresses(v=6))
def test_every_public_ipv6_number_is_a_global_one(number: ipaddress.IPv6Address) -> None:
    if is_public(str(number)) and number not in ipaddress.IPv6Network("64:ff9b::/96") and number.ipv4_mapped is None:
        assert number.is_global
        assert number in ipaddress.IPv6Network("2000::/3")


@pytest.mark.parametrize(
    ("number", "is_here"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("10.0.0.1", False), ("localhost", False)],
)
def test_this_computers_own_numbers(number: str, is_here: bool) -> None:
    assert is_loopback(number) is is_here
