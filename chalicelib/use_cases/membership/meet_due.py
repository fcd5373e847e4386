"""Do what time has brought to one membership: warn, revoke, or end the balance. One step, in one transaction."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain import grant_dues
from chalicelib.domain import ledger as books
from chalicelib.domain.errors import Misconfigured, NotFound, StaleWrite
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.ledger import GrantReturn, OwnedAccount, Posting
from chalicelib.domain.membership import Due, Membership, MembershipState
from chalicelib.domain.money import Rupiah
from chalicelib.domain.selection.freed_places import FreedPlace, WaitingOrder
from chalicelib.ports import Clock, Ledger, Memberships, Places, Waves

_ATTEMPTS = 3
_REASONS = {
    MembershipState.REVOKED: GrantReturn.FIRST_PURCHASE_MISSED,
    MembershipState.ENDED: GrantReturn.YEAR_END,
}


@dataclass(frozen=True, slots=True)
class Treasury:
    """What a due is met with."""

    memberships: Memberships
    waves: Waves
    places: Places
    ledger: Ledger
    clock: Clock


def meet_due(applicant_id: ApplicantId, treasury: Treasury) -> None:
    """Asked again, early or late, it does what is due at that moment, which may be nothing. A step that met another (a
    sale, a revocation in the same province) looks again."""
    for _ in range(_ATTEMPTS):
        try:
            return _meet(applicant_id, treasury)
        except StaleWrite:
            continue
    raise StaleWrite("membership_contended")


def _meet(applicant_id: ApplicantId, treasury: Treasury) -> None:
    membership, now = treasury.memberships.get(applicant_id), treasury.clock.now()
    if membership is None:
        raise NotFound("not_a_recipient")
    due = grant_dues.due_now(membership, now)
    if due is None:
        return
    # Read after the membership: whatever moves the balance moves that too, and then nothing is written.
    balance = Rupiah(treasury.ledger.balance(applicant_id, OwnedAccount.TRAINING_BALANCE))
    if due is Due.REVOKE:
        return _revoke_or_put_off(membership, balance, now, treasury)
    if due is Due.END_BALANCE:
        ended = grant_dues.end(membership, balance=balance, now=now)
        return treasury.memberships.end(ended, _posting(ended, balance, now))
    treasury.memberships.save(grant_dues.warn(membership, due, balance=balance))


def _revoke_or_put_off(membership: Membership, balance: Rupiah, now: datetime, treasury: Treasury) -> None:
    """A message that nobody can meet would hold up the sweep for everybody. So it finds nothing due when it comes back,
    and the alarm rings once a day."""
    try:
        revoked = grant_dues.revoke(membership, balance=balance, now=now)
        place, order = _lapsed_place(revoked, treasury)
    except Misconfigured:
        treasury.memberships.save(grant_dues.put_off(membership, now=now))
        raise
    treasury.memberships.revoke(revoked, _posting(revoked, balance, now), place, order)


def _lapsed_place(revoked: Membership, treasury: Treasury) -> tuple[FreedPlace, WaitingOrder]:
    """Nobody of the same draw moves up so late: the place is for a recovery wave."""
    id, wave = revoked.applicant_id, revoked.wave
    entries = treasury.waves.entries_of(id, [wave])
    if not entries:
        raise Misconfigured("recipient_has_no_entry", wave=int(wave))
    province = entries[0].province_code
    return FreedPlace(wave, id, province), treasury.places.order(wave, province).with_lapsed()


def _posting(closed: Membership, balance: Rupiah, now: datetime) -> Posting | None:
    """What goes back to the treasury. Of a sale that was voided after the end there is more than one."""
    if balance == 0:
        return None
    id, wave, reason = closed.applicant_id, int(closed.wave), _REASONS[closed.state]
    return books.grant_returned(id, wave=wave, reason=reason, amount=balance, now=now, number=closed.returns)
