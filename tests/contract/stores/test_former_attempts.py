"""What ``Payouts`` promises of attempts that were given up for another."""

from dataclasses import replace

import pytest

from chalicelib.domain import ledger as books
from chalicelib.domain.errors import StaleWrite
from chalicelib.domain.former_attempts import FormerAttempt, former_of, pay_late
from chalicelib.domain.ledger import OwnedAccount
from chalicelib.domain.payouts import Payout, PayoutState
from chalicelib.ports import Payouts
from tests.contract.stores.conftest import Stores
from tests.contract.stores.fresh import fresh
from tests.fakes import NOON
from tests.money import a_sent_payout, due_by


def given_up(payouts: Payouts) -> tuple[Payout, FormerAttempt]:
    """As stored: the second attempt, and the first."""
    first = a_sent_payout(fresh(), state=PayoutState.HELD, bank_letter="BNI/1", may_be_paid=True)
    payouts.add(first, due_by(first))
    former = former_of(first, now=NOON)
    second = replace(first, version=1, attempt=2, state=PayoutState.READY, bank=None, bank_letter=None)
    payouts.save_with_former(second, former)
    return replace(second, version=2), replace(former, version=1)


def test_both_come_back_as_they_were_written(payouts: Payouts) -> None:
    second, former = given_up(payouts)
    assert payouts.get(second.id) == second
    assert payouts.former(former.reference) == former
    assert payouts.former(second.reference) is None


def test_a_late_payment_is_written_with_what_it_means(stores: Stores) -> None:
    second, former = given_up(stores.payouts)
    whose = second.applicant_id, second.id
    paid = books.incentive_paid(*whose, bank="bni", attempt=1, amount=second.amount, now=NOON)
    settled = replace(second, state=PayoutState.SETTLED, attempt=1, bank="bni", paid_before=1, begun=2)
    with stores.one_reply_lost():
        stores.payouts.save_with_former(settled, pay_late(former, now=NOON), paid)
    assert stores.payouts.get(second.id) == replace(settled, version=3)
    assert stores.payouts.former(former.reference) == replace(pay_late(former, now=NOON), version=2)
    assert stores.ledger.balance(second.applicant_id, OwnedAccount.INCENTIVE_DUE) == 0


def test_who_was_overtaken_writes_neither(payouts: Payouts) -> None:
    second, former = given_up(payouts)
    payouts.save(replace(second, state=PayoutState.SUBMITTING))
    with pytest.raises(StaleWrite):
        payouts.save_with_former(replace(second, paid_before=1), pay_late(former, now=NOON))
    assert payouts.former(former.reference) == former
    with pytest.raises(StaleWrite):
        payouts.save_with_former(replace(second, version=3), replace(former, version=0))
