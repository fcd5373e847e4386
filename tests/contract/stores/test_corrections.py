"""What ``Corrections`` promises: one request for each posting, approved together with its posting or not at all."""

from dataclasses import replace

import pytest

from chalicelib.domain import ledger as books
from chalicelib.domain.errors import Conflict, InvalidInput, StaleWrite
from chalicelib.domain.identifiers import ApplicantId, StaffId
from chalicelib.domain.ledger import CorrectionReason, OwnedAccount, Posting
from chalicelib.domain.ledger_corrections import Correction, CorrectionState, correction_id
from chalicelib.domain.money import Rupiah
from tests.builders import an_applicant_id
from tests.contract.stores.conftest import Stores
from tests.contract.stores.fresh import fresh
from tests.fakes import NOON

REASON = CorrectionReason.POSTED_TWICE


def a_wrong_posting(stores: Stores) -> Posting:
    demand = books.repayment_demanded(an_applicant_id(fresh()), "debt-1", amount=Rupiah(500), now=NOON)
    stores.ledger.post(demand)
    return demand


def asked(wrong: Posting) -> Correction:
    return Correction(wrong.owner, "JJ04TESTA87X", wrong.key, REASON, StaffId("maker"), NOON)


def approved(asked: Correction) -> Correction:
    return replace(
        asked, state=CorrectionState.POSTED, decided_by=StaffId("checker"), decided_at=NOON, version=asked.version
    )


def test_a_request_is_found_as_it_was_saved(stores: Stores) -> None:
    request = asked(a_wrong_posting(stores))
    stores.corrections.save(request)
    assert stores.corrections.get(request.id) == replace(request, version=1)
    assert stores.corrections.get(correction_id("somebody", "else")) is None


def test_of_two_first_requests_one_is_kept(stores: Stores) -> None:
    request = asked(a_wrong_posting(stores))
    stores.corrections.save(request)
    with pytest.raises(StaleWrite):
        stores.corrections.save(replace(request, asked_by=StaffId("another")))


def test_a_correction_and_its_posting_are_written_together(stores: Stores) -> None:
    wrong = a_wrong_posting(stores)
    stores.corrections.save(asked(wrong))
    done = approved(replace(asked(wrong), version=1))
    with stores.one_reply_lost():
        stores.corrections.post(done, books.correction(wrong, reason=REASON, now=NOON))
    assert stores.corrections.get(done.id) == replace(done, version=2)
    assert stores.ledger.balance(wrong.owner, OwnedAccount.REPAYMENT) == 0
    entry = stores.ledger.entry(wrong.owner, f"correction/{wrong.key}")
    assert entry
    assert (entry.posting.reason, entry.number) == (REASON.value, 2)


def test_of_two_approvals_one_posts(stores: Stores) -> None:
    wrong = a_wrong_posting(stores)
    stores.corrections.save(asked(wrong))
    done, posting = approved(replace(asked(wrong), version=1)), books.correction(wrong, reason=REASON, now=NOON)
    stores.corrections.post(done, posting)
    with pytest.raises((StaleWrite, Conflict)):
        stores.corrections.post(done, posting)
    assert stores.ledger.head(wrong.owner).number == 2


def test_what_does_not_fit_the_balance_leaves_the_request_as_it_was(stores: Stores) -> None:
    wrong = a_wrong_posting(stores)
    stores.ledger.post(books.repaid(ApplicantId(wrong.owner), "debt-1", number=1, amount=Rupiah(400), now=NOON))
    stores.corrections.save(asked(wrong))
    done = approved(replace(asked(wrong), version=1))
    with pytest.raises(Conflict, match="repaid_too_much"):
        stores.corrections.post(done, books.correction(wrong, reason=REASON, now=NOON))
    assert stores.corrections.get(done.id) == replace(asked(wrong), version=1)


def test_a_walk_meets_every_request_once(stores: Stores) -> None:
    mine = {asked(a_wrong_posting(stores)) for _ in range(3)}
    for request in mine:
        stores.corrections.save(request)
    met: list[str] = []
    after: str | None = None
    for _ in range(1_000):
        found, after = stores.corrections.page(after=after, limit=2)
        met += [request.id for request in found]
        if after is None:
            break
    assert {request.id for request in mine} <= set(met)
    assert len(met) == len(set(met))


def test_a_place_that_no_page_gave_is_refused(stores: Stores) -> None:
    with pytest.raises(InvalidInput, match="cursor_invalid"):
        stores.corrections.page(after="some where", limit=2)
