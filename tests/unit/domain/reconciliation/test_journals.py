"""Postings are read by their text, as the ledger lays them down, and in no other way."""

from datetime import UTC, datetime

import pytest

from chalicelib.domain import ledger
from chalicelib.domain.errors import Misconfigured
from chalicelib.domain.identifiers import PayoutId
from chalicelib.domain.ledger import CorrectionReason, Posting
from chalicelib.domain.ledger_chain import LedgerEntry
from chalicelib.domain.ledger_journal import line_of
from chalicelib.domain.money import Rupiah
from chalicelib.domain.payout_references import reference_of
from chalicelib.domain.reconciliation.journals import pile_postings
from chalicelib.domain.reconciliation.movements import BUCKETS, Kind, Piles, Source, movement
from tests.builders import an_applicant_id

AT = datetime(2026, 3, 1, 18, tzinfo=UTC)
"""One o'clock in the morning of the second in Jakarta."""
ON = datetime(2026, 3, 2, tzinfo=UTC).date().toordinal()
PAYOUT = PayoutId("1.payout")


def a_posting(bank: str = "bni") -> Posting:
    return ledger.incentive_paid(an_applicant_id(), PAYOUT, bank=bank, attempt=2, amount=Rupiah(600_000), now=AT)


def rows_of(*postings: Posting, piles: Piles | None = None, is_of_day: bool = True) -> list[tuple[str, str]]:
    lines = [line_of(LedgerEntry(each, number, "ab" * 32, "cd" * 32)) for number, each in enumerate(postings, start=1)]
    piles = piles or Piles()
    pile_postings(["\n".join([*lines, ""]).encode()], piles, bank="bni", is_of_day=is_of_day)
    return [row for bucket in range(BUCKETS) for row in piles.rows(Source.LEDGER, bucket)]


def test_a_posting_is_read_as_the_ledger_lays_it_down() -> None:
    named = movement(Kind.PAYMENT, reference_of(PAYOUT, 2))
    assert rows_of(a_posting()) == [(named, f"600000\t{ON}\tincentive-paid/1.payout/2")]


def test_its_correction_takes_it_back() -> None:
    once = ledger.correction(a_posting(), reason=CorrectionReason.NEVER_HAPPENED, now=AT)
    twice = ledger.correction(once, reason=CorrectionReason.NEVER_HAPPENED, now=AT)
    assert [rest.split("\t")[0] for _, rest in rows_of(a_posting(), once, twice)] == ["600000", "-600000", "600000"]


def test_other_banks_and_other_postings_are_no_business_of_it() -> None:
    due = ledger.incentive_due(an_applicant_id(), PAYOUT, amount=Rupiah(600_000), now=AT)
    assert rows_of(a_posting("ovo"), due) == []


def test_of_a_neighbour_only_what_the_day_names_is_read() -> None:
    piles = Piles()
    assert rows_of(a_posting(), piles=piles, is_of_day=False) == []
    piles.put(Source.THEIRS, Kind.PAYMENT, reference_of(PAYOUT, 2).encode(), b"600000\t2")
    assert len(rows_of(a_posting(), piles=piles, is_of_day=False)) == 1


def test_a_posting_without_an_amount_stops_everything() -> None:
    line = b'{"against":"bank:bni","key":"incentive-paid/1.payout/1","posted_at":"2026-03-01T18:00:00+00:00"}\n'
    with pytest.raises(Misconfigured, match="posting_not_readable"):
        pile_postings([line], Piles(), bank="bni")
