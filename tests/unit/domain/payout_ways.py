"""A payout at the steps of its way, and what a bank may answer."""

from chalicelib.domain.banking import TransferAnswer, TransferOutcome
from chalicelib.domain.payout_answers import after_transfer
from chalicelib.domain.payouts import Payout, lose_sight, submit
from tests.fakes import NOON
from tests.money import a_ready_payout


def submitted() -> Payout:
    return submit(a_ready_payout(), bank="bni", now=NOON)


def lost() -> Payout:
    return lose_sight(submitted())


def rejected(reason: str = "account_closed") -> Payout:
    return after_transfer(submitted(), answer(TransferOutcome.REFUSED, reason), now=NOON)


def answer(outcome: TransferOutcome, reason: str | None = None) -> TransferAnswer:
    return TransferAnswer(outcome, "2001800", reason)
