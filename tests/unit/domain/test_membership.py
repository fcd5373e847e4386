"""From being chosen to being able to spend."""

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import Conflict, InvalidInput
from chalicelib.domain.identifiers import Index, WaveNumber
from chalicelib.domain.membership import (
    MembershipState,
    award,
    card_number_from,
    check_card_number,
    check_may_buy,
    watch_video,
)
from chalicelib.domain.schemes import scheme_named
from tests.builders import a_card_number, a_membership, an_applicant_id
from tests.fakes import NOON

CARDS = st.binary(min_size=32, max_size=32).map(card_number_from)


def luhn_sum(digits: str) -> int:
    """By the book: every second digit from the right is doubled, the digits of the products are added."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        total += sum(divmod(int(digit) * 2, 10)) if place % 2 else int(digit)
    return total


@given(CARDS)
def test_every_card_number_has_16_digits_and_checks(card: str) -> None:
    assert len(card) == 16
    assert card.startswith("8")
    assert luhn_sum(card) % 10 == 0
    assert check_card_number(card) == card


@given(CARDS, st.integers(0, 15), st.integers(1, 9))
def test_one_wrong_digit_is_seen(card: str, place: int, by: int) -> None:
    wrong = str((int(card[place]) + by) % 10)
    with pytest.raises(InvalidInput, match="card_number_invalid"):
        check_card_number(card[:place] + wrong + card[place + 1 :])


@given(CARDS, st.integers(0, 14))
def test_two_neighbours_swapped_are_seen(card: str, place: int) -> None:
    """All but 09 and 90: Luhn's known blind spot."""
    first, second = card[place], card[place + 1]
    if first == second or {first, second} == {"0", "9"}:
        return
    with pytest.raises(InvalidInput):
        check_card_number(card[:place] + second + first + card[place + 2 :])


def test_a_known_card_number_checks() -> None:
    """4539 1488 0343 6467: a number that every book on Luhn has."""
    assert check_card_number("4539148803436467")


@pytest.mark.parametrize(
    "text", ["", "8", "453914880343646", "45391488034364670", "4539 1488 0343 6467", "\uff14539148803436467"]
)
def test_what_is_no_card_number_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="card_number_invalid") as refusal:
        check_card_number(text)
    assert refusal.value.field == "prakerja_id"


def test_the_same_entropy_is_the_same_card() -> None:
    assert card_number_from(b"x" * 32) == card_number_from(b"x" * 32) != card_number_from(b"y" * 32)


def test_card_numbers_use_all_their_digits() -> None:
    cards = [card_number_from(hashlib.sha256(bytes([number])).digest()) for number in range(200)]
    assert all(len({card[place] for card in cards}) == 10 for place in range(1, 16))


@pytest.mark.parametrize(("scheme", "days"), [("2020", 30), ("2023", 15)])
def test_an_award_names_its_decree_and_the_scheme_its_deadline(scheme: str, days: int) -> None:
    membership = award(
        an_applicant_id(),
        WaveNumber(7),
        scheme_named(scheme),
        family=Index("0.family"),
        card=a_card_number(),
        now=NOON,
    )
    assert (membership.state, membership.decree) == (MembershipState.AWARDED, "SK-007/PRAKERJA")
    assert (membership.scheme, membership.first_purchase_by) == (scheme, NOON + timedelta(days=days))


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 1, 2), (2, 2, 3, 3, 1)])
def test_the_induction_ends_with_the_last_of_three_videos_in_any_order(order: tuple[int, ...]) -> None:
    membership = a_membership(state=MembershipState.AWARDED, videos_seen=())
    for video in order[:-1]:
        membership = watch_video(membership, video)
        assert membership.state is MembershipState.AWARDED
    membership = watch_video(membership, order[-1])
    assert (membership.state, membership.videos_seen) == (MembershipState.INDUCTED, (1, 2, 3))


def test_a_video_seen_again_changes_nothing() -> None:
    inducted = a_membership()
    assert watch_video(inducted, 2) == inducted


@pytest.mark.parametrize("video", [0, 4, -1])
def test_there_are_three_videos(video: int) -> None:
    with pytest.raises(InvalidInput, match="video_unknown"):
        watch_video(a_membership(), video)


def test_nobody_buys_before_the_induction() -> None:
    with pytest.raises(Conflict, match="induction_missing"):
        check_may_buy(a_membership(state=MembershipState.AWARDED, videos_seen=(1, 2)), now=NOON)


def test_the_first_purchase_has_a_deadline_and_the_second_none() -> None:
    membership = a_membership()
    last = membership.first_purchase_by
    check_may_buy(membership, now=last)
    with pytest.raises(Conflict, match="first_purchase_too_late"):
        check_may_buy(membership, now=last + timedelta(microseconds=1))
    check_may_buy(replace(membership, bought=1), now=last + timedelta(days=100))
