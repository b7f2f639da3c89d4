"""Bases that a person typed: what may be confirmed, and which numbers they may lead to."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacyguard.errors import AddressRefused
from privacyguard.net.addresses import is_public
from privacyguard.net.home import check_home_answers, is_home, is_home_text, is_number, typed_base

GOOD = {
    "http://192.168.1.20:8888": ("http", "192.168.1.20", 8888),
    "http://10.0.0.1": ("http", "10.0.0.1", 80),
    "https://172.31.255.254/searx/": ("https", "172.31.255.254", 443),
    "http://127.0.0.1:8080/": ("http", "127.0.0.1", 8080),
    "http://localhost:8080": ("http", "localhost", 8080),
    "http://nas:5000/": ("http", "nas", 5000),
    "http://NAS.local": ("http", "nas.local", 80),
    "https://search.example.org/searx": ("https", "search.example.org", 443),
    "http://[fd12:3456::1]:8888": ("http", "fd12:3456::1", 8888),
    "http://[::1]:8080": ("http", "::1", 8080),
    "http://100.64.0.7": ("http", "100.64.0.7", 80),
    "https://93.184.216.34": ("https", "93.184.216.34", 443),
}
BAD = """
http://93.184.216.34 http://169.254.169.254 http://169.254.1.1 https://168.63.129.16 http://100.100.100.200
http://[fd00:ec2::254] http://[fd20:ce::254] http://[fe80::1] http://[fe80::1%25eth0] http://224.0.0.1 http://0.0.0.0
http://255.255.255.255 http://[::] http://[ff02::1] http://198.18.0.1 http://192.0.0.192 http://[64:ff9b::a00:1]
http://2130706433 http://0x7f000001 http://0x7f.1 http://127.1 http://0177.0.0.1 http://127.000.000.001 http://10.1
http://[::ffff:127.0.0.1] http://[0:0:0:0:0:0:0:1] http://192.168.1.20. http://nas. http://-nas http://n_as http://nas..local
http://metadata http://metadata.google.internal https://instance-data http://me@nas http://me:secret@192.168.1.20
http://nas:0 http://nas:99999 http://nas:+80 http://nas?x=1 http://nas/#part http://nas\\@192.168.1.20 ftp://nas file:///nas
nas 192.168.1.20:8888 //nas http:nas http:///nas http://nas:80:80 https://a.1 https://a.0x7f http://büro http://nas/<x>
""".split()


@pytest.mark.parametrize(("typed", "origin"), GOOD.items())
def test_base_that_may_be_confirmed(typed: str, origin: tuple[str, str, int]) -> None:
    assert typed_base(typed) == origin


@pytest.mark.parametrize("typed", [*BAD, "", " http://nas", "http://nas /", "http://na\ns", "http://" + "a" * 3000])
def test_base_that_may_not_be_confirmed(typed: str) -> None:
    with pytest.raises(AddressRefused):
        typed_base(typed)


@given(st.ip_addresses())
def test_number_is_of_a_home_or_public_or_neither_and_never_both(
    number: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    text = str(number)
    assert not (is_home(text) and is_public(text))
    if is_home(text) and getattr(number, "ipv4_mapped", None) is None:
        assert number.is_private or number.is_loopback or number in ipaddress.ip_network("100.64.0.0/10")
        assert not (number.is_link_local or number.is_multicast or number.is_unspecified)


@given(st.ip_addresses())
def test_number_in_a_base_is_exactly_one_that_may_be_asked(
    number: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    text = str(number)
    host = f"[{text}]" if number.version == 6 else text
    for scheme in ("http", "https"):
        allowed = is_home(text) or (scheme == "https" and is_public(text))
        try:
            assert typed_base(f"{scheme}://{host}:8888")[1] == text
        except AddressRefused:
            # urlsplit and urllib3 write some IPv6 numbers differently: those are refused whatever they are.
            assert not allowed or number.version == 6
        else:
            assert allowed


@given(st.text(max_size=40))
def test_any_text_is_a_base_or_refused_with_the_guards_own_error(text: str) -> None:
    for typed in (text, f"http://{text}", f"http://nas{text}"):
        try:
            scheme, host, port = typed_base(typed)
        except AddressRefused:
            continue
        assert scheme in ("http", "https")
        assert host
        assert 0 < port < 65536


@pytest.mark.parametrize(
    ("numbers", "scheme"),
    [
        ([], "https"),
        (["192.168.1.20", "93.184.216.34"], "https"),
        (["93.184.216.34"], "http"),
        (["169.254.169.254"], "https"),
        (["192.168.1.20"] * 17, "http"),
        (["fe80::1%eth0"], "http"),
        (["nonsense"], "http"),
    ],
)
def test_answers_that_are_no_home(numbers: list[str], scheme: str) -> None:
    with pytest.raises(AddressRefused):
        check_home_answers(numbers, scheme)


@pytest.mark.parametrize(
    ("numbers", "scheme"),
    [
        (["192.168.1.20", "fd12::1", "127.0.0.1"], "http"),
        (["::ffff:192.168.1.20"], "http"),
        (["93.184.216.34", "2606:4700::1"], "https"),
    ],
)
def test_answers_that_are_a_home(numbers: list[str], scheme: str) -> None:
    check_home_answers(numbers, scheme)


def test_host_that_a_proxy_outside_cannot_know() -> None:
    for host in ("192.168.1.20", "nas", "nas.local", "router.lan", "::1", "localhost", "a.home.arpa"):
        assert is_home_text(host)
    for host in ("search.example.org", "93.184.216.34", "local.example.org"):
        assert not is_home_text(host)


def test_number_is_one_in_its_usual_form_only() -> None:
    assert [is_number(text) for text in ("127.0.0.1", "::1", "127.1", "0177.0.0.1", "::0001", "fe80::1%1", "nas")] == [
        *(True, True, False, False, False, False, False)
    ]
