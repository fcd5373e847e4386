"""One person's way through a course: bought, redeemed, attended, completed, certified, reviewed."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from chalicelib.domain import training
from chalicelib.domain.errors import AlreadyDone, Conflict, IllegalTransition, InvalidInput, TooManyAttempts
from chalicelib.domain.identifiers import ClientCode, InvoiceCode, RedeemCode
from chalicelib.domain.money import Rupiah
from chalicelib.domain.training import (
    MOST_CODE_ATTEMPTS,
    OFFER_LIVES,
    Purchase,
    PurchaseState,
    Review,
    check_offer_fits,
    check_purchase_code,
)
from tests.builders import PLATFORM, PROVIDER, a_course, a_paid_purchase, a_purchase, a_schedule
from tests.fakes import NOON

TODAY = NOON.date()
SECOND = timedelta(seconds=1)


def redeemed(**changes: Any) -> Purchase:
    return training.redeem(a_paid_purchase(**changes), now=NOON)


def completed() -> Purchase:
    purchase = redeemed()
    for sequence in purchase.sequences:
        purchase = training.attend(purchase, sequence, now=NOON)
    return purchase


def test_a_schedule_is_attended_session_by_session_and_ends_with_the_post_test() -> None:
    assert a_schedule(sessions=3).sequences == (1, 2, 3, 999)
    assert a_schedule(seats=10, seats_taken=4).seats_left == 6


def test_an_offer_of_the_course_at_its_price_fits() -> None:
    check_offer_fits(a_course(), a_schedule(), platform=PLATFORM, amount=Rupiah(500_000), today=TODAY)
    check_offer_fits(a_course(), a_schedule(), platform=PLATFORM, amount=Rupiah(500_000), today=a_schedule().ends_on)


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("course_not_of_partner", {"platform": PROVIDER}),
        ("amount_not_the_price", {"amount": Rupiah(499_999)}),
        ("amount_not_the_price", {"amount": Rupiah(500_001)}),
        ("schedule_over", {"today": a_schedule().ends_on + timedelta(days=1)}),
    ],
)
def test_an_offer_that_the_course_does_not_make_is_refused(code: str, changes: dict[str, object]) -> None:
    offer: dict[str, object] = {"platform": PLATFORM, "amount": Rupiah(500_000), "today": TODAY}
    with pytest.raises((Conflict, InvalidInput), match=code):
        check_offer_fits(a_course(), a_schedule(), **(offer | changes))  # type: ignore[arg-type]


def test_the_last_seat_is_offered_too() -> None:
    schedule = a_schedule(seats=10, seats_taken=9)
    check_offer_fits(a_course(), schedule, platform=PLATFORM, amount=Rupiah(500_000), today=TODAY)


def test_a_full_schedule_is_not_offered() -> None:
    full = a_schedule(seats=10, seats_taken=10)
    with pytest.raises(Conflict, match="schedule_full"):
        check_offer_fits(a_course(), full, platform=PLATFORM, amount=Rupiah(500_000), today=TODAY)


def test_a_code_counts_for_ten_minutes() -> None:
    assert timedelta(minutes=10) == OFFER_LIVES
    check_purchase_code(a_purchase(), matches=True, now=NOON + OFFER_LIVES)
    with pytest.raises(InvalidInput, match="code_wrong_or_expired"):
        check_purchase_code(a_purchase(), matches=True, now=NOON + OFFER_LIVES + SECOND)


def test_a_wrong_code_and_a_late_one_are_refused_in_the_same_words() -> None:
    with pytest.raises(InvalidInput, match="code_wrong_or_expired"):
        check_purchase_code(a_purchase(), matches=False, now=NOON)


def test_after_so_many_wrong_codes_the_right_one_comes_too_late() -> None:
    purchase = a_purchase()
    for _ in range(MOST_CODE_ATTEMPTS):
        check_purchase_code(purchase, matches=True, now=NOON)
        purchase = training.count_code_failure(purchase)
    with pytest.raises(TooManyAttempts, match="code_attempts_used_up"):
        check_purchase_code(purchase, matches=True, now=NOON)


def test_a_sale_is_noted_with_invoice_and_codes() -> None:
    codes = {"transaction_code": "TRX-1", "redeem_code": RedeemCode("R"), "invoice_url": "https://belajar.example"}
    paid = training.authorize(a_purchase(), invoice=InvoiceCode("INV-1"), **codes)  # type: ignore[arg-type]
    assert paid.state is PurchaseState.PAID
    assert (paid.invoice_code, paid.transaction_code, paid.redeem_code) == ("INV-1", "TRX-1", "R")
    with pytest.raises(IllegalTransition):
        training.authorize(paid, invoice=InvoiceCode("INV-2"), **codes)  # type: ignore[arg-type]


def test_only_what_was_not_redeemed_can_be_voided() -> None:
    assert training.void(a_paid_purchase()).state is PurchaseState.VOIDED
    with pytest.raises(IllegalTransition):
        training.void(redeemed())


def test_a_voided_sale_cannot_be_redeemed() -> None:
    with pytest.raises(IllegalTransition):
        training.redeem(training.void(a_paid_purchase()), now=NOON)


def test_only_a_code_of_the_sandbox_can_be_taken_back() -> None:
    in_sandbox = training.attend(redeemed(redeem_code=RedeemCode("PRAT-1")), 1, now=NOON)
    back = training.reset(in_sandbox)
    assert (back.state, back.redeemed_at, back.attended) == (PurchaseState.PAID, None, {})
    with pytest.raises(Conflict, match="reset_only_in_sandbox"):
        training.reset(redeemed())


@pytest.mark.parametrize("order", permutations((1, 2, 999)), ids=str)
def test_the_training_is_complete_with_the_last_of_all_sessions_in_any_order(order: tuple[int, ...]) -> None:
    purchase = redeemed()
    for minutes, sequence in enumerate(order):
        assert purchase.state is PurchaseState.REDEEMED
        purchase = training.attend(purchase, sequence, now=NOON + timedelta(minutes=minutes))
    assert purchase.state is PurchaseState.COMPLETED
    assert purchase.completed_at == NOON + timedelta(minutes=2)
    assert set(purchase.attended) == {1, 2, 999}


def test_attending_twice_is_attending_once_at_the_first_moment() -> None:
    once = training.attend(redeemed(), 1, now=NOON)
    assert training.attend(once, 1, now=NOON + timedelta(hours=1)) is once
    assert training.attend(completed(), 1, now=NOON).state is PurchaseState.COMPLETED


def test_a_session_that_the_schedule_does_not_have_is_not_attended() -> None:
    with pytest.raises(InvalidInput, match="sequence_unknown"):
        training.attend(redeemed(), 3, now=NOON)


@pytest.mark.parametrize("state", [PurchaseState.OFFERED, PurchaseState.PAID, PurchaseState.VOIDED])
def test_nobody_attends_without_having_redeemed(state: PurchaseState) -> None:
    with pytest.raises(Conflict, match="redeem_code_not_redeemed"):
        training.attend(a_paid_purchase(state=state), 1, now=NOON)


def test_a_completed_training_is_certified_once() -> None:
    certified = training.certify(completed(), "PRAKERJA-1", now=NOON)
    assert (certified.state, certified.certificate_no) == (PurchaseState.CERTIFIED, "PRAKERJA-1")
    for purchase in (certified, redeemed()):
        with pytest.raises(IllegalTransition):
            training.certify(purchase, "PRAKERJA-2", now=NOON)


def test_a_review_is_written_once_and_after_the_certificate() -> None:
    certified = training.certify(completed(), "PRAKERJA-1", now=NOON)
    reviewed = training.write_review(certified, stars=4, text="Jelas", now=NOON)
    assert (reviewed.state, reviewed.review) == (PurchaseState.REVIEWED, Review(4, "Jelas", NOON))
    with pytest.raises(AlreadyDone, match="review_already_written"):
        training.write_review(reviewed, stars=1, text="", now=NOON)
    with pytest.raises(Conflict, match="training_not_completed"):
        training.write_review(completed(), stars=4, text="Jelas", now=NOON)


def test_a_partner_outside_the_platform_does_not_sell_its_course() -> None:
    with pytest.raises(InvalidInput, match="course_not_of_partner"):
        check_offer_fits(
            replace(a_course(), platform=ClientCode("other")),
            a_schedule(),
            platform=PLATFORM,
            amount=Rupiah(500_000),
            today=TODAY,
        )
