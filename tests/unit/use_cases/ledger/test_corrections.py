"""A wrong posting is taken back by two people, once, and never without its posting."""

import pytest

from chalicelib.domain import ledger
from chalicelib.domain.audit import Act
from chalicelib.domain.errors import AlreadyDone, Conflict, IllegalTransition, InvalidInput, NotAllowed, NotFound
from chalicelib.domain.identifiers import PayoutId, StaffId
from chalicelib.domain.ledger import CorrectionReason, GrantReturn, OwnedAccount, channel_owner, is_channel
from chalicelib.domain.ledger_corrections import Correction, CorrectionState, correction_id
from chalicelib.domain.money import Rupiah
from chalicelib.domain.officers import Officer
from chalicelib.domain.registration import Role
from chalicelib.use_cases.ledger.approve_correction import approve_correction
from chalicelib.use_cases.ledger.ask_correction import ask_correction
from chalicelib.use_cases.ledger.desk import BooksDesk
from chalicelib.use_cases.ledger.refuse_correction import refuse_correction
from tests.builders import an_applicant
from tests.fakes import NOON, World
from tests.unit.use_cases.crashes import Workflow, assert_survives_every_accident, assert_twice_is_once
from tests.unit.use_cases.ledger.books import GRANT, PRICE, grant, person, posted, reference_of, sale

MAKER, CHECKER = (Officer(StaffId(name), Role.APPROVER) for name in ("maker", "checker"))
WRONG = CorrectionReason.WRONG_AMOUNT
KEY = f"grant-returned/1/{GrantReturn.YEAR_END}"
ID = correction_id(person(), KEY)


def desk(world: World) -> BooksDesk:
    return BooksDesk(world.ledger, world.corrections, world.applicants, world.audit_log, world.clock)


def reference(world: World) -> str:
    return reference_of(world, person())


def returned() -> World:
    """Of somebody's grant a part went back, and that was wrong."""
    world = World()
    world.applicants.save(an_applicant(id=person()))
    part = ledger.grant_returned(person(), wave=1, reason=GrantReturn.YEAR_END, amount=Rupiah(PRICE), now=NOON)
    posted(world, grant(1), part)
    return world


def ask(world: World, officer: Officer = MAKER, key: str = KEY) -> Correction:
    return ask_correction(reference(world), key, WRONG, officer, desk=desk(world))


def approve(world: World, officer: Officer = CHECKER) -> Correction:
    return approve_correction(ID, officer, desk=desk(world))


def refuse(world: World, officer: Officer = CHECKER) -> Correction:
    return refuse_correction(ID, officer, desk=desk(world))


def balance(world: World) -> int:
    return world.ledger.balance(person(), OwnedAccount.TRAINING_BALANCE)


def test_nothing_is_posted_before_somebody_else_approves() -> None:
    world = returned()
    ask(world)
    assert balance(world) == GRANT - PRICE
    assert approve(world).state is CorrectionState.POSTED
    assert balance(world) == GRANT
    entry = world.ledger.entry(person(), f"correction/{KEY}")
    assert entry
    assert entry.posting.reason == "wrong_amount"


def test_whoever_asked_may_not_approve() -> None:
    world = returned()
    ask(world)
    with pytest.raises(NotAllowed, match="asker_may_not_correct"):
        approve(world, MAKER)
    assert balance(world) == GRANT - PRICE


@pytest.mark.parametrize("own_step", ["ask", "approve"])
def test_nobody_corrects_their_own_books(own_step: str) -> None:
    world = returned()
    own = Officer(StaffId("siti"), Role.APPROVER, person())
    if own_step == "approve":
        ask(world)
    with pytest.raises(NotAllowed, match="own_case"):
        ask(world, own) if own_step == "ask" else approve(world, own)


def test_what_was_corrected_is_not_corrected_again() -> None:
    world = returned()
    ask(world)
    approve(world)
    with pytest.raises(AlreadyDone, match="corrected_already"):
        ask(world)
    with pytest.raises(IllegalTransition):
        approve(world, Officer(StaffId("third"), Role.APPROVER))
    with pytest.raises(IllegalTransition):
        refuse(world)
    assert balance(world) == GRANT


def test_two_do_not_ask_for_the_same() -> None:
    world = returned()
    ask(world)
    with pytest.raises(Conflict, match="correction_asked_already"):
        ask(world, CHECKER)


def test_a_refused_one_may_be_asked_for_again() -> None:
    world = returned()
    ask(world)
    assert refuse(world).state is CorrectionState.REFUSED
    with pytest.raises(IllegalTransition):
        approve(world)
    assert ask(world).state is CorrectionState.ASKED
    approve(world)
    assert balance(world) == GRANT


def test_a_wrong_correction_is_corrected_as_well() -> None:
    world = returned()
    ask(world)
    approve(world)
    again = ask(world, key=f"correction/{KEY}")
    approve_correction(again.id, CHECKER, desk=desk(world))
    assert balance(world) == GRANT - PRICE


def test_money_that_was_spent_is_not_taken_back() -> None:
    world = returned()
    asked = ask(world, key="grant/1")
    with pytest.raises(Conflict, match="balance_too_small"):
        approve_correction(asked.id, CHECKER, desk=desk(world))
    assert world.corrections.get(asked.id) == asked
    assert balance(world) == GRANT - PRICE


def test_what_there_is_none_of_is_not_corrected() -> None:
    world = returned()
    with pytest.raises(NotFound, match="posting_unknown"):
        ask(world, key="grant/2")
    with pytest.raises(NotFound, match="correction_unknown"):
        approve(world)
    with pytest.raises(InvalidInput, match="reference_mistyped"):
        ask_correction("nobody", "grant/1", WRONG, MAKER, desk=desk(world))


def test_a_banks_day_is_named_as_the_ledger_names_it() -> None:
    world, day = World(), NOON.date()
    world.ledger.post(ledger.cleared(day, "line-1", bank="bni", adds=True, amount=Rupiah(5), now=NOON))
    asked = ask_correction(channel_owner("bni", day), "cleared/line-1", WRONG, MAKER, desk=desk(world))
    approve_correction(asked.id, CHECKER, desk=desk(world))
    assert world.ledger.balance(channel_owner("bni", day), OwnedAccount.SUSPENSE) == 0


PAYOUT, DEBT, SUM = PayoutId("payout-1"), "debt-1", Rupiah(PRICE)
UNDONE_BY_A_STEP = {
    "a sale": sale(1),
    "an incentive": ledger.incentive_due(person(), PAYOUT, amount=SUM, now=NOON),
    "a payout": ledger.incentive_paid(person(), PAYOUT, bank="bni", attempt=1, amount=SUM, now=NOON),
    "a debt": ledger.repayment_demanded(person(), DEBT, amount=SUM, now=NOON),
    "what is owed back": ledger.owed_back(person(), DEBT, number=1, amount=SUM, now=NOON),
    "a difference": ledger.suspended(NOON.date(), "line-1", bank="bni", adds=False, amount=SUM, now=NOON),
}


@pytest.mark.parametrize("name", UNDONE_BY_A_STEP)
def test_what_a_step_of_its_own_undoes_is_not_given_back_twice(name: str) -> None:
    world, wrong = returned(), UNDONE_BY_A_STEP[name]
    posted(world, *([UNDONE_BY_A_STEP["an incentive"]] if name == "a payout" else []), wrong)
    before = world.ledger.head(wrong.owner)
    owner = wrong.owner if is_channel(wrong.owner) else reference(world)
    with pytest.raises(Conflict, match="undone_by_its_own_step"):
        ask_correction(owner, wrong.key, WRONG, MAKER, desk=desk(world))
    asked = Correction(wrong.owner, "JJ04TESTA87X", wrong.key, WRONG, MAKER.staff, NOON)
    world.corrections.save(asked)
    with pytest.raises(Conflict, match="undone_by_its_own_step"):
        approve_correction(asked.id, CHECKER, desk=desk(world))
    assert world.ledger.head(wrong.owner) == before


def test_every_step_is_on_record_before_it_is_done() -> None:
    world = returned()
    ask(world)
    approve(world)
    trail, _ = world.audit_log.of_subject(reference(world), after=None, limit=10)
    assert {(entry.deed.act, entry.deed.staff) for entry in trail} == {
        (Act.ASK_CORRECTION, MAKER.staff),
        (Act.APPROVE_CORRECTION, CHECKER.staff),
    }


def asked_for() -> World:
    world = returned()
    ask(world)
    return world


def look(world: World) -> object:
    found = world.corrections.get(ID)
    return found and found.state, balance(world), [entry.posting.key for entry in world.ledger.entries_of(person())]


WORKFLOWS = {
    "asking": Workflow(returned, lambda world: ask(world), look),
    "approving": Workflow(asked_for, lambda world: approve(world), look),
    "refusing": Workflow(asked_for, lambda world: refuse(world), look),
}


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_correction_survives_every_accident(name: str) -> None:
    assert_survives_every_accident(WORKFLOWS[name])


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_step_taken_twice_is_taken_once(name: str) -> None:
    assert_twice_is_once(WORKFLOWS[name])
