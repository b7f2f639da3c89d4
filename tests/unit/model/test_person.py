"""One form for everything that is checked, whatever way it was typed; and which addresses are one mailbox."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacyguard.model.person import Identifier, IdentifierKind, mailbox, normalised
from privacyguard.model.sites import HOST

EMAIL, SERVICE, ORGANISATION = IdentifierKind.EMAIL, IdentifierKind.SERVICE, IdentifierKind.ORGANISATION


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Zoe@Example.ORG", "zoe@example.org"),
        ("  zoe@example.org\t", "zoe@example.org"),
        ("zoe+shop@example.org", "zoe+shop@example.org"),
        ("z.o.e@googlemail.com", "z.o.e@googlemail.com"),
        ("zoe@example.org.", "zoe@example.org"),
        ("zoe@bücher.example.com", "zoe@xn--bcher-kva.example.com"),
        ("zoe@BÜCHER.example.com", "zoe@xn--bcher-kva.example.com"),
        ("zoe@xn--bcher-kva.example.com", "zoe@xn--bcher-kva.example.com"),
        ("zoe@example。org", "zoe@example.org"),
        ("ZOE\u0308@example.org", "zoë@example.org"),
        ("o'neill_x/y=z@example.org", "o'neill_x/y=z@example.org"),
    ],
)
def test_an_address_has_one_form(typed: str, kept: str) -> None:
    assert normalised(EMAIL, typed) == Identifier(EMAIL, kept)


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "",
            "zoe",
            "zoe@",
            "@example.org",
            "zoe@example",
            "zoe@.org",
            "zoe@-a.org",
            "a b@example.org",
            "a@b@example.org",
        ),
        *(
            "zoe@1.2.3.4",
            "zoe@[1.2.3.4]",
            "zoe@exa mple.org",
            "zoe@example..org",
            "Zoe <zoe@example.org>",
            "a,b@example.org",
        ),
        *(
            "zoe@\u00ad.org",
            "zoe@ex\x00ample.org",
            "x" * 65 + "@example.org",
            "x@" + "y" * 64 + ".org",
            "zoe@example.org/x",
        ),
        "zoe@" + "a.example." * 25 + "org",
    ],
)
def test_what_is_no_address_is_refused_without_repeating_it(typed: str) -> None:
    with pytest.raises(ValueError, match=r"^(This does not look like an e-mail address|It is empty)") as refused:
        normalised(EMAIL, typed)
    assert not typed or typed not in str(refused.value)


def test_an_address_with_quote_marks_is_refused_in_words_of_its_own() -> None:
    with pytest.raises(ValueError, match="quote marks cannot be checked"):
        normalised(EMAIL, '"zoe q"@example.org')


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://www.Example.com/account?x=1#y", "example.com"),
        ("HTTP://Shop.Example.com:8080/", "shop.example.com"),
        ("www.example.com", "example.com"),
        ("Example.com", "example.com"),
        ("EXAMPLE.COM", "example.com"),
        ("example.com/login", "example.com"),
        ("https://zoe:pw@example.com/", "example.com"),
        ("bücher.example.com", "xn--bcher-kva.example.com"),
        ("Example Gym", "Example Gym"),
        ("Example", "Example"),
        ("Dr.Oetker", "Dr.Oetker"),
        ("St. Mary's  School", "St. Mary's School"),
        ("Yahoo!", "Yahoo!"),
        ("https://", "https://"),
        ("ftp://example.com", "ftp://example.com"),
    ],
)
@pytest.mark.parametrize("kind", [SERVICE, ORGANISATION])
def test_a_site_is_kept_as_its_host_and_a_name_as_it_is(kind: IdentifierKind, typed: str, kept: str) -> None:
    assert normalised(kind, typed).value == kept


@pytest.mark.parametrize("kind", [IdentifierKind.USERNAME, IdentifierKind.NAME, IdentifierKind.PHONE])
def test_other_kinds_keep_their_letters(kind: IdentifierKind) -> None:
    assert normalised(kind, " Zoe.Example.com  Q ").value == "Zoe.Example.com Q"


@given(st.sampled_from(IdentifierKind), st.one_of(st.text(max_size=300), st.emails()))
def test_the_one_form_stays_as_it_is(kind: IdentifierKind, typed: str) -> None:
    try:
        once = normalised(kind, typed)
    except ValueError:
        return
    assert normalised(kind, once.value) == once
    assert len(once.value) <= 254
    if kind is EMAIL:
        assert HOST.fullmatch(once.value.rpartition("@")[2])


@pytest.mark.parametrize(
    ("address", "plain"),
    [
        ("zoe@example.org", "zoe@example.org"),
        ("zoe+shop@example.org", "zoe@example.org"),
        ("zoe+a+b@example.org", "zoe@example.org"),
        ("z.o.e@example.org", "z.o.e@example.org"),
        ("z.o.e+shop@gmail.com", "zoe@gmail.com"),
        ("z.o.e@googlemail.com", "zoe@gmail.com"),
        ("+shop@example.org", "+shop@example.org"),
        ("zoe+x@gmail.com.example.org", "zoe@gmail.com.example.org"),
    ],
)
def test_addresses_of_one_mailbox_are_known_as_such(address: str, plain: str) -> None:
    assert mailbox(normalised(EMAIL, address)) == plain


def test_what_is_no_address_is_its_own_mailbox() -> None:
    assert mailbox(Identifier(SERVICE, "a+b")) == "a+b"
