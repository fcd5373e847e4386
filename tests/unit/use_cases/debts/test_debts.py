"""Money is asked back by two people, never more than was paid, once; and ends as repaid or given up."""

from datetime import timedelta

import pytest

from chalicelib.domain import ledger
from chalicelib.domain.commands import Change, Queue
from chalicelib.domain.debts import Debt, DebtState
from chalicelib.domain.errors import AlreadyDone, Conflict, IllegalTransition, InvalidInput, NotAllowed
from chalicelib.domain.identifiers import PayoutId, PurchaseId
from chalicelib.domain.money import Rupiah
from chalicelib.use_cases.debts.follow_debt import follow_debt
from chalicelib.use_cases.debts.list_reclaimable import list_reclaimable
from chalicelib.use_cases.debts.sweep_debts import sweep_debts
from tests.unit.use_cases.debts.office import ANI, BOUGHT, PAID, RECEIPTS, Office


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def demanded(office: Office) -> Debt:
    return office.demand(office.propose())


def test_what_was_paid_may_be_asked_back_and_nothing_else(office: Office) -> None:
    found = list_reclaimable(office.reference, ANI, ledger=office.world.ledger, casework=office.casework)
    assert dict(found) == {PAID: 600_000, BOUGHT: 400_000}


def test_what_was_given_back_already_is_not_asked_back(office: Office) -> None:
    now, world = office.world.clock.now(), office.world
    world.ledger.post(
        ledger.purchase_voided(
            office.person, PurchaseId("purchase-1"), partner="pijar", amount=Rupiah(400_000), now=now
        )
    )
    world.ledger.post(
        ledger.incentive_reversed(
            office.person, PayoutId("payout-1"), bank="bni", attempt=1, amount=Rupiah(600_000), now=now
        )
    )
    assert not list_reclaimable(office.reference, ANI, ledger=world.ledger, casework=office.casework)


def test_a_proposal_owes_nothing_until_somebody_else_agrees(office: Office) -> None:
    proposed = office.propose()
    assert (proposed.state, proposed.amount, office.owed) == (DebtState.PROPOSED, 1_000_000, 0)
    with pytest.raises(NotAllowed, match="approver_must_differ"):
        office.demand(proposed, by=ANI)
    demanded = office.demand(proposed)
    assert (demanded.state, office.owed) == (DebtState.DEMANDED, -1_000_000)
    assert demanded.due_at == office.world.clock.now() + timedelta(days=60)


def test_who_proposed_and_who_demanded_is_on_record(office: Office, demanded: Debt) -> None:
    deeds = [(entry.deed.staff, entry.deed.act.value) for entry in office.world.audit_log.all()]
    assert sorted(deeds) == [("ani", "propose_debt"), ("budi", "demand_debt")]


@pytest.mark.parametrize(
    ("entitlements", "code"),
    [
        (("grant/1",), "entitlement_not_paid"),
        (("incentive-paid/other/1",), "entitlement_not_paid"),
        ((PAID, PAID), "entitlements_wrong"),
        (tuple(f"purchase/{number}" for number in range(21)), "entitlements_wrong"),
    ],
)
def test_what_was_not_paid_cannot_be_asked_back(office: Office, entitlements: tuple[str, ...], code: str) -> None:
    with pytest.raises(InvalidInput, match=code):
        office.propose(*entitlements)


def test_nothing_is_asked_back_twice(office: Office) -> None:
    office.propose(PAID)
    with pytest.raises(Conflict, match="entitlement_reclaimed"):
        office.propose(PAID, BOUGHT)
    assert office.propose(BOUGHT).amount == 400_000


def test_what_was_declined_may_be_proposed_again(office: Office) -> None:
    for _ in range(2):
        proposed = office.propose(PAID)
        office.decline(proposed)
    assert office.propose(PAID).state is DebtState.PROPOSED


def test_a_demand_fails_when_the_ledger_says_another_amount_by_now(office: Office) -> None:
    proposed, now = office.propose(), office.world.clock.now()
    voided = ledger.purchase_voided(
        office.person, PurchaseId("purchase-1"), partner="pijar", amount=Rupiah(400_000), now=now
    )
    office.world.ledger.post(voided)
    with pytest.raises(Conflict, match="debt_amount_changed"):
        office.demand(proposed)
    assert office.owed == 0


def test_a_debt_is_repaid_in_parts(office: Office, demanded: Debt) -> None:
    part = office.repay(demanded, 300_000)
    assert (part.state, part.rest, office.owed) == (DebtState.DEMANDED, 700_000, -700_000)
    rest = office.repay(demanded, 700_000, RECEIPTS[1])
    assert (rest.state, rest.rest, office.owed) == (DebtState.REPAID, 0, 0)


def test_a_receipt_counts_once_somebody_else_has_agreed(office: Office, demanded: Debt) -> None:
    with pytest.raises(Conflict, match="receipt_not_stated"):
        office.agree(demanded, 300_000)
    office.state(demanded, 200_000)
    stated = office.state(demanded, 300_000)
    assert (stated.rest, office.owed) == (1_000_000, -1_000_000)
    with pytest.raises(NotAllowed, match="approver_must_differ"):
        office.agree(demanded, 300_000, by=ANI)
    for receipt, amount in ((RECEIPTS[0], 200_000), (RECEIPTS[1], 300_000)):
        with pytest.raises(Conflict, match="receipt_stated_otherwise"):
            office.agree(demanded, amount, receipt)
    agreed = office.agree(demanded, 300_000)
    assert (agreed.rest, agreed.stated, office.owed) == (700_000, None, -700_000)
    assert (agreed.repayments[0].recorded_by, agreed.repayments[0].approved_by) == ("ani", "budi")


def test_a_receipt_counts_once(office: Office, demanded: Debt) -> None:
    office.repay(demanded, 300_000)
    with pytest.raises(AlreadyDone, match="receipt_counted"):
        office.repay(demanded, 300_000)
    assert office.owed == -700_000


@pytest.mark.parametrize("amount", [0, 1_000_001, 10**15])
def test_nobody_repays_nothing_or_more_than_they_owe(office: Office, demanded: Debt, amount: int) -> None:
    with pytest.raises(InvalidInput, match="repayment_out_of_range"):
        office.repay(demanded, amount)


def test_a_debt_falls_due_after_sixty_days_and_may_still_be_repaid(office: Office, demanded: Debt) -> None:
    world = office.world
    for days, state in ((59, DebtState.DEMANDED), (2, DebtState.OVERDUE)):
        world.clock.passes(days=days)
        sweep_debts(debts=world.debts, ledger=world.ledger, clock=world.clock)
        assert office.now(demanded).state is state
    assert office.repay(demanded, 1_000_000).state is DebtState.REPAID


def test_it_takes_two_to_write_off_what_is_left(office: Office, demanded: Debt) -> None:
    office.repay(demanded, 300_000)
    with pytest.raises(Conflict, match="write_off_not_asked"):
        office.write_off(demanded, 700_000)
    office.ask_write_off(demanded)
    with pytest.raises(NotAllowed):
        office.write_off(demanded, 700_000, by=ANI)
    with pytest.raises(Conflict, match="debt_amount_changed"):
        office.write_off(demanded, 600_000)
    assert office.write_off(demanded, 700_000).state is DebtState.WRITTEN_OFF
    assert office.owed == 0


def test_what_is_closed_stays_closed(office: Office, demanded: Debt) -> None:
    office.repay(demanded, 1_000_000)
    with pytest.raises(IllegalTransition):
        office.repay(demanded, 1, RECEIPTS[1])
    with pytest.raises(IllegalTransition):
        office.ask_write_off(demanded)


@pytest.mark.parametrize("after", [True, False])
def test_a_repayment_of_which_the_reply_is_lost_counts_once(office: Office, demanded: Debt, after: bool) -> None:
    (office.world.debts.fails_after if after else office.world.debts.fails_before)("save_repayment")
    with pytest.raises(Exception, match="store_unavailable"):
        office.repay(demanded, 300_000)
    if not after:
        office.repay(demanded, 300_000)
    assert office.owed == -700_000


@pytest.mark.parametrize(("state", "letter"), [("demanded", "repayment_demanded"), ("overdue", "repayment_overdue")])
def test_whoever_owes_is_written_to(office: Office, state: str, letter: str) -> None:
    facts: dict[str, str | int] = {"applicant_id": "0.siti", "due_at": "2026-05-01T05:00:00+00:00", "rest": 700_000}
    follow_debt(Change("debt", "d1", "x", state, facts), messages=office.world.messages)
    (order,) = office.world.messages.on(Queue.ANNOUNCEMENTS_TO_SEND)
    assert (order["template"], order["send_key"]) == (letter, f"{letter}/d1")
    assert order["blanks"] == {"amount": "Rp 700.000", "due_on": "2026-05-01"}


@pytest.mark.parametrize(("before", "after"), [(None, "proposed"), ("demanded", "demanded"), ("demanded", "repaid")])
def test_of_the_rest_nobody_is_written_to(office: Office, before: str | None, after: str) -> None:
    follow_debt(Change("debt", "d1", before, after, {}), messages=office.world.messages)
    assert office.world.messages.on(Queue.ANNOUNCEMENTS_TO_SEND) == []
