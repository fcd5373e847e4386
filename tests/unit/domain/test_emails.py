"""One spelling per mailbox: 259 ways to write an address are one person."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.registration import canonical_email, parse_email

MAILBOX = "sitirahma@gmail.com"


def canonical(text: str) -> str:
    return canonical_email(parse_email(text))


def spellings() -> list[str]:
    """All 256 ways to put dots into nine letters, and three more."""
    letters = MAILBOX.partition("@")[0]
    dotted = [
        "".join(letter + dot for letter, dot in zip(letters, (*dots, ""), strict=True))
        for dots in product(("", "."), repeat=len(letters) - 1)
    ]
    others = ["SitiRahma@Gmail.COM", "sitirahma+prakerja@gmail.com", "sitirahma@googlemail.com"]
    return [*(f"{local}@gmail.com" for local in dotted), *others]


def test_259_spellings_are_one_mailbox() -> None:
    assert len(set(spellings())) == 259
    assert {canonical(spelling) for spelling in spellings()} == {MAILBOX}


def test_all_at_once_are_still_one_mailbox() -> None:
    assert canonical("  S.I.T.I.Rahma+a+b@GoogleMail.Com ") == MAILBOX


def test_mail_goes_to_the_address_as_it_was_written() -> None:
    assert parse_email(" Siti.Rahma+x@Contoh.EXAMPLE ") == "Siti.Rahma+x@contoh.example"


def test_dots_tell_mailboxes_apart_where_they_do() -> None:
    assert canonical("siti.rahma@contoh.example") != canonical("sitirahma@contoh.example")


@pytest.mark.parametrize("text", ["siti+satu@contoh.example", "SITI@contoh.example", "Siti+@CONTOH.example"])
def test_case_and_tags_are_folded_everywhere(text: str) -> None:
    assert canonical(text) == "siti@contoh.example"


def test_two_people_stay_two() -> None:
    assert canonical("siti@gmail.com") != canonical("sita@gmail.com") != canonical("sita@gmail.co.id")


def test_an_address_that_is_all_tag_is_kept() -> None:
    assert canonical("+tag@contoh.example") == "+tag@contoh.example"


@pytest.mark.parametrize("text", ["siti@bücher.example", "siti@BÜCHER.example", "siti@xn--bcher-kva.example"])
def test_an_international_domain_has_one_spelling(text: str) -> None:
    assert canonical(text) == "siti@xn--bcher-kva.example"


def test_an_international_domain_is_not_taken_for_another() -> None:
    assert parse_email("siti@faß.example") != parse_email("siti@fass.example")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "siti",
        "@contoh.example",
        "siti@",
        "siti@contoh",
        "siti@contoh..example",
        "siti@-contoh.example",
        "siti@contoh-.example",
        "siti@contoh.example.",
        ".siti@contoh.example",
        "siti.@contoh.example",
        "si..ti@contoh.example",
        "si ti@contoh.example",
        "siti@con toh.example",
        "siti\n@contoh.example",
        "siti@contoh.example\nBcc: all@contoh.example",
        "síti@contoh.example",
        "siti@siti@contoh.example",
        '"siti"@contoh.example',
        "x" * 65 + "@contoh.example",
        "siti@" + "x" * 64 + ".example",
        "siti@" + "x." * 130 + "example",
    ],
)
def test_what_cannot_be_an_address_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="email_invalid") as refusal:
        parse_email(text)
    assert refusal.value.field == "email"
    assert not refusal.value.details


@given(st.text() | st.tuples(st.text(), st.text()).map("@".join))
def test_any_text_is_an_address_or_is_refused(text: str) -> None:
    try:
        address = parse_email(text)
    except InvalidInput:
        return
    assert address.isascii()
    assert parse_email(address) == address
    assert canonical_email(canonical_email(address)) == canonical_email(address)


@pytest.mark.parametrize("text", ["x" * 64 + "@contoh.example", "siti@" + "x" * 63 + ".example", "o'neil@a-b.co.id"])
def test_unusual_addresses_are_taken(text: str) -> None:
    assert parse_email(text) == text
