"""A store that does not answer is told as out, whatever was asked: never as "not found", and never as a bug of ours."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib import bootstrap
from chalicelib.domain.errors import StoreUnavailable
from chalicelib.domain.identifiers import CourseCode, Index, RedeemCode, Reference, SendKey, WaveNumber
from chalicelib.domain.ledger import OwnedAccount
from chalicelib.domain.payouts import PayoutState
from chalicelib.domain.support import Waiting
from tests.builders import (
    a_card_number,
    a_course,
    a_purchase,
    a_wave,
    an_account,
    an_applicant,
    an_applicant_id,
    an_entry,
)
from tests.contract.stores.lost_replies import no_line
from tests.fakes import NOON
from tests.money import a_payout, due_by

ME = an_applicant_id()
WAVE = WaveNumber(1)

READS: dict[str, Callable[[], object]] = {
    "accounts.get": lambda: bootstrap.accounts().get(ME),
    "accounts.failures": lambda: bootstrap.accounts().failures("sign_in/me"),
    "gates.get": lambda: bootstrap.gates().get(),
    "applicants.get": lambda: bootstrap.applicants().get(ME),
    "applicants.by_reference": lambda: bootstrap.applicants().by_reference(Reference("A")),
    "applicants.waiting": lambda: bootstrap.applicants().waiting(Waiting.IN_REVIEW, after=None, limit=3),
    "audit_log.head": lambda: bootstrap.audit_log().head(1),
    "audit_log.of_subject": lambda: bootstrap.audit_log().of_subject("A", after=None, limit=3),
    "waves.get": lambda: bootstrap.waves().get(WAVE),
    "waves.newest_first": lambda: bootstrap.waves().newest_first(limit=3),
    "waves.due": lambda: bootstrap.waves().due(now=NOON, limit=3),
    "waves.opened": lambda: bootstrap.waves().opened(now=NOON, limit=3),
    "waves.to_open": lambda: bootstrap.waves().to_open(now=NOON, limit=3),
    "waves.entries_of": lambda: bootstrap.waves().entries_of(ME, [WAVE]),
    "waves.entries_in_shard": lambda: list(bootstrap.waves().entries_in_shard(WAVE, 1)),
    "waves.entries_after": lambda: bootstrap.waves().entries_after(WAVE, 1, after=None, limit=3),
    "waves.count_in_shard": lambda: bootstrap.waves().count_in_shard(WAVE, 1),
    "draw_works.get": lambda: bootstrap.draw_works().get(WAVE),
    "memberships.get": lambda: bootstrap.memberships().get(ME),
    "memberships.holder_of": lambda: bootstrap.memberships().holder_of(a_card_number()),
    "memberships.family_places_taken": lambda: bootstrap.memberships().family_places_taken(Index("1.kk"), most=2),
    "receipts.newest_first": lambda: bootstrap.receipts().newest_first(ME, limit=3),
    "courses.page": lambda: bootstrap.courses().page(after=None, limit=3),
    "courses.schedules": lambda: bootstrap.courses().schedules(CourseCode("kopi-101")),
    "purchases.by_redeem_code": lambda: bootstrap.purchases().by_redeem_code(RedeemCode("R")),
    "purchases.of_applicant": lambda: bootstrap.purchases().of_applicant(ME),
    "purchases.of_each": lambda: bootstrap.purchases().of_each([ME]),
    "ledger.balance": lambda: bootstrap.ledger().balance(ME, OwnedAccount.TRAINING_BALANCE),
    "ledger.postings_of": lambda: bootstrap.ledger().postings_of(ME),
    "ledger.page": lambda: bootstrap.ledger().page(after=None, limit=3),
    "ledger.entry": lambda: bootstrap.ledger().entry(ME, "grant/1"),
    "ledger.owners": lambda: bootstrap.ledger().owners(after=None, limit=3),
    "payout_accounts.get": lambda: bootstrap.payout_accounts().get(ME),
    "payouts.page": lambda: bootstrap.payouts().page(PayoutState.READY, after=None, limit=3),
    "payouts.due": lambda: bootstrap.payouts().due(PayoutState.READY, at=NOON, most=8),
    "outbox.get": lambda: bootstrap.outbox().get(SendKey("verify_email/1")),
}
WRITES: dict[str, Callable[[], object]] = {
    "accounts.add": lambda: bootstrap.accounts().add(an_account()),
    "applicants.save": lambda: bootstrap.applicants().save(an_applicant()),
    "waves.add": lambda: bootstrap.waves().add(a_wave()),
    "waves.add_entry": lambda: bootstrap.waves().add_entry(an_entry()),
    "courses.put": lambda: bootstrap.courses().put(a_course()),
    "purchases.add_offer": lambda: bootstrap.purchases().add_offer(a_purchase()),
    "payouts.add": lambda: bootstrap.payouts().add(a_payout(), due_by(a_payout())),
}


def outcomes_without_a_line(calls: dict[str, Callable[[], object]]) -> dict[str, str]:
    """All at once: the SDK waits a while before it gives up."""

    def outcome(call: Callable[[], object]) -> str:
        try:
            return f"answered {call()!r}"
        except Exception as error:
            return type(error).__name__

    with no_line(), ThreadPoolExecutor(len(calls)) as pool:
        return dict(zip(calls, pool.map(outcome, calls.values()), strict=True))


@pytest.mark.usefixtures("deployed")
def test_a_read_without_an_answer_is_an_outage() -> None:
    assert outcomes_without_a_line(READS) == dict.fromkeys(READS, StoreUnavailable.__name__)


@pytest.mark.usefixtures("deployed")
def test_a_write_without_an_answer_is_an_outage() -> None:
    bootstrap.applicants(), bootstrap.payouts()
    assert outcomes_without_a_line(WRITES) == dict.fromkeys(WRITES, StoreUnavailable.__name__)
