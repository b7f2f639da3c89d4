"""The address guard against the hostile list of the threat model (section 3, T3)."""

import ipaddress
import socket
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from urllib3.util import parse_url

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


# --- every number of the table, in every way to write it ---------------------------------------------------------------

NOT_PUBLIC = [
    ipaddress.IPv4Network(network)
    for network in """
0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.31.196.0/24
192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4
240.0.0.0/4 168.63.129.16/32
""".split()
]
"""As in the threat model, written down a second time."""

not_public = st.sampled_from(NOT_PUBLIC).flatmap(lambda network: st.ip_addresses(v=4, network=network))


def written(number: ipaddress.IPv4Address, base: Callable[[int], str], parts: int) -> str:
    """Of one to four parts, each in this base: the last one holds the rest (inet_aton reads them all)."""
    value = int(number)
    rest_bits = 8 * (5 - parts)
    head = [(value >> (32 - 8 * (at + 1))) & 0xFF for at in range(parts - 1)]
    return ".".join(base(part) for part in [*head, value & ((1 << rest_bits) - 1)])


BASES: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "octal": lambda part: f"0{part:o}",
    "hex": hex,
    "long octal": lambda part: f"{part:011o}",
    "HEX": lambda part: f"0X{part:X}",
    "zeros": lambda part: f"{part:03d}",
    "wide": lambda part: "".join(chr(0xFF10 + int(digit)) for digit in str(part)),
    "circled": lambda part: "".join("⓪①②③④⑤⑥⑦⑧⑨"[int(digit)] for digit in str(part)),
    "arabic": lambda part: "".join(chr(0x660 + int(digit)) for digit in str(part)),
}


@given(st.ip_addresses(v=4), st.sampled_from(sorted(BASES)), st.integers(1, 4))
def test_the_ways_to_write_a_number_are_the_systems_own(number: ipaddress.IPv4Address, base: str, parts: int) -> None:
    if base in ("decimal", "octal", "hex", "HEX"):
        assert socket.inet_aton(written(number, BASES[base], parts)) == number.packed


@given(
    not_public,
    st.sampled_from(sorted(BASES)),
    st.integers(1, 4),
    st.sampled_from(["", ".", ":443", "%2e", "%00", "。"]),
    st.sampled_from(["", "user@", "a.example.org@", "a.example.org%2f@", "a.example.org\\@"]),
)
def test_number_that_is_not_public_is_refused_however_it_is_written(
    number: ipaddress.IPv4Address, base: str, parts: int, after: str, before: str
) -> None:
    host = written(number, BASES[base], parts)
    mapped = [f"[::ffff:{number}]", f"[::{number}]", f"[64:ff9b::{number}]", f"[::ffff:0:{number}]"]
    percent = "".join(f"%{byte:02x}" for byte in str(number).encode())
    for form in (
        f"{before}{host}{after}",
        *mapped,
        percent,
        f"[::ffff:{int(number) >> 16:x}:{int(number) & 0xFFFF:x}]",
    ):
        url = f"https://{form}/"
        with pytest.raises(AddressRefused):
            stage_1(url)
        with pytest.raises(AddressRefused):
            stage_1(in_ascii(url))


@given(not_public, st.lists(st.ip_addresses(v=4).map(str).filter(is_public), max_size=15), st.data())
def test_any_mix_with_a_number_that_is_not_public_is_refused(
    number: ipaddress.IPv4Address, others: list[str], data: st.DataObject
) -> None:
    forms = st.sampled_from([str(number), f"::ffff:{number}", f"64:ff9b::{number}"])
    answers = [*others]
    answers.insert(data.draw(st.integers(0, len(others))), data.draw(forms))
    with pytest.raises(AddressRefused):
        check_answers(answers)


@given(st.ip_addresses(v=4))
def test_a_number_outside_the_table_is_public_in_each_form_an_answer_can_have(number: ipaddress.IPv4Address) -> None:
    assert is_public(str(number)) is not any(number in network for network in NOT_PUBLIC)
    if is_public(str(number)):
        check_answers([str(number), f"::ffff:{number}", f"64:ff9b::{number}"])


@pytest.mark.parametrize("network", NOT_PUBLIC, ids=str)
def test_the_table_holds_from_its_first_number_to_its_last(network: ipaddress.IPv4Network) -> None:
    assert not is_public(str(network[0]))
    assert not is_public(str(network[-1]))
    for beside in (int(network[0]) - 1, int(network[-1]) + 1):
        if 0 <= beside < 2**32:
            number = ipaddress.IPv4Address(beside)
            assert is_public(str(number)) is not any(number in other for other in NOT_PUBLIC)


IPV6_EDGES = {
    "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff": False,
    "2000::": True,
    "2000:ffff::1": True,
    "2001::": False,
    "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff": False,
    "2001:200::": True,
    "2001:db7:ffff::1": True,
    "2001:db8::": False,
    "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff": False,
    "2001:db9::": True,
    "2001:ffff::1": True,
    "2002::": False,
    "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff": False,
    "2003::": True,
    "2620:4f:7fff::1": True,
    "2620:4f:8000::": False,
    "2620:4f:8000:ffff:ffff:ffff:ffff:ffff": False,
    "2620:4f:8001::": True,
    "3ffe:ffff::1": True,
    "3fff::": False,
    "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff": False,
    "3fff:1000::": True,
    "3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff": True,
    "4000::": False,
    "64:ff9a:ffff:ffff:ffff:ffff:808:808": False,
    "64:ff9b::1:808:808": False,
    "::ffff:0:8.8.8.8": False,
    "::fffe:8.8.8.8": False,
    "::8.8.8.8": False,
    "2606:4700::1%eth0": False,
}


@pytest.mark.parametrize(("number", "public"), IPV6_EDGES.items())
def test_the_table_of_ipv6_holds_at_its_edges(number: str, public: bool) -> None:
    assert is_public(number) is public


@given(st.text(alphabet="a1.-:@/\\[]%#?_xn0f ", max_size=30))
def test_what_passes_is_read_alike_by_everyone_who_reads_it(text: str) -> None:
    with suppress(AddressRefused):
        address = stage_1(f"https://{text}")
        assert urlsplit(address.url).hostname == parse_url(address.url).host == address.host
        assert (urlsplit(address.url).port or 443) == (parse_url(address.url).port or 443) == 443
        prepared = requests.Request("GET", address.url).prepare().url or ""
        assert parse_url(prepared).host == address.host
