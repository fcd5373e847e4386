"""``Ledger.owed_each``: what the books owe for each of several payouts."""

from chalicelib.domain import ledger as books
from chalicelib.domain.identifiers import ApplicantId, PayoutId
from chalicelib.domain.ledger import CorrectionReason
from chalicelib.domain.ledger_dues import Owed
from chalicelib.domain.money import Rupiah
from chalicelib.ports import Ledger
from tests.builders import an_applicant_id
from tests.contract.stores.fresh import fresh
from tests.fakes import NOON

AMOUNT = Rupiah(600_000)


def due(ledger: Ledger, person: ApplicantId) -> PayoutId:
    id = PayoutId(f"1.{fresh()}")
    ledger.post(books.incentive_due(person, id, amount=AMOUNT, now=NOON))
    return id


def test_what_became_due_is_owed_to_each_of_a_group(ledger: Ledger) -> None:
    people = [an_applicant_id(fresh()) for _ in range(20)]
    asked = [(person, due(ledger, person)) for person in people]
    owed = ledger.owed_each(asked)
    assert owed == {id: Owed(600_000, False, 600_000) for _, id in asked}
    assert all(each.covers(600_000) and not each.covers(600_001) for each in owed.values())


def test_what_was_never_due_is_not_owed(ledger: Ledger) -> None:
    person, other = an_applicant_id(fresh()), an_applicant_id(fresh())
    mine, forged = due(ledger, person), PayoutId(f"1.{fresh()}")
    owed = ledger.owed_each([(person, forged), (other, mine)])
    assert owed == {forged: Owed(0, False, 600_000), mine: Owed()}
    assert ledger.owed_each([]) == {}


def test_what_was_corrected_or_cancelled_or_paid_is_not_owed_any_more(ledger: Ledger) -> None:
    person = an_applicant_id(fresh())
    corrected, cancelled, kept = (due(ledger, person) for _ in range(3))
    wrong = ledger.entry(person, f"incentive-due/{corrected}")
    assert wrong
    ledger.post(books.correction(wrong.posting, reason=CorrectionReason.NEVER_HAPPENED, now=NOON))
    ledger.post(books.incentive_cancelled(person, cancelled, amount=AMOUNT, now=NOON))
    owed = ledger.owed_each([(person, id) for id in (corrected, cancelled, kept)])
    assert [owed[id].is_undone for id in (corrected, cancelled, kept)] == [True, True, False]
    assert owed[kept] == Owed(600_000, False, 600_000)
    ledger.post(books.incentive_paid(person, kept, bank="bni", attempt=1, amount=AMOUNT, now=NOON))
    assert ledger.owed_each([(person, kept)])[kept] == Owed(600_000, False, 0)
