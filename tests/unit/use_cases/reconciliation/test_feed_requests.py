"""What we ask of banks is noted as payouts move, by channel and by the day on which it was sent."""

from datetime import UTC, date, datetime

import pytest

from chalicelib.domain.commands import Change
from chalicelib.domain.identifiers import PayoutId
from chalicelib.domain.money import Rupiah
from chalicelib.domain.payouts import Payout
from chalicelib.domain.reconciliation.journals import pile_requests, requests_folder
from chalicelib.domain.reconciliation.movements import BUCKETS, Piles, Source
from chalicelib.use_cases.reconciliation.feed_requests import feed_requests
from tests.builders import an_applicant_id
from tests.fakes import World

DAY = date(2026, 3, 2)
AT = datetime(2026, 3, 1, 18, tzinfo=UTC)


def a_payout(state: str = "settled", **facts: str | int) -> Change:
    known: dict[str, str | int] = {"bank": "bni", "amount": 600_000, "version": 5, "payment_attempt": 2}
    known["submitted_at"] = "2026-03-01T18:00:00+00:00"  # one o'clock in the morning in Jakarta
    return Change("payout", "payout-1", None, state, known | facts)


def rows(world: World, bank: str = "bni", day: date = DAY) -> list[list[str]]:
    piles = Piles()
    contents = [world.journal.read(name) or b"" for name in world.journal.names(requests_folder(bank, day))]
    pile_requests(contents, piles)
    held = (row for bucket in range(BUCKETS) for row in piles.rows(Source.OURS, bucket))
    return [[key, *rest.split("\t")] for key, rest in held]


def test_a_request_is_noted_under_the_payouts_reference_on_the_day_it_was_sent() -> None:
    world = World()
    assert feed_requests([a_payout()], batch="b1", journal=world.journal) == []
    sent = Payout(PayoutId("payout-1"), an_applicant_id(), "completion", 1, Rupiah(600_000), AT, attempt=2)
    reference = f"payment/{sent.reference}"
    assert rows(world) == [[reference, "600000", "settled", str(DAY.toordinal()), "payout-1", "5"]]


def test_a_batch_that_comes_again_lies_there() -> None:
    world = World()
    for _ in range(2):
        feed_requests([a_payout("submitting"), a_payout()], batch="b1", journal=world.journal)
    assert len(rows(world)) == 2


def test_each_channel_has_its_own() -> None:
    world = World()
    feed_requests([a_payout(), a_payout(bank="ovo")], batch="b1", journal=world.journal)
    assert (len(rows(world)), len(rows(world, "ovo"))) == (1, 1)


@pytest.mark.parametrize("facts", [{"bank": ""}, {"submitted_at": ""}])
def test_what_was_never_sent_is_no_request(facts: dict[str, str | int]) -> None:
    world = World()
    assert feed_requests([a_payout("settled", **facts)], batch="b1", journal=world.journal) == []
    assert rows(world) == []


@pytest.mark.parametrize("facts", [{"submitted_at": "yesterday"}, {"amount": "much"}])
def test_what_cannot_be_read_stops_nothing_and_is_told(facts: dict[str, str | int]) -> None:
    world, bad = World(), a_payout("settled", **facts)
    assert feed_requests([bad, a_payout()], batch="b1", journal=world.journal) == [bad]
    assert len(rows(world)) == 1
