"""When the clock's own functions have something to do, so that a month need not be lived minute by minute. A function
that is not named here comes about once a day.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, time

from chalicelib.domain.account_changes import next_look_at
from chalicelib.domain.membership import Membership
from chalicelib.domain.payout_accounts import PayoutAccount
from chalicelib.domain.payout_batches import Batch, BatchState
from chalicelib.domain.payouts import Payout, PayoutState
from chalicelib.domain.reconciliation.days import Day
from chalicelib.domain.time import WIB
from chalicelib.domain.verification import Applicant, IdentityState
from chalicelib.domain.waves import Wave, next_step
from tests.fakes.surroundings import NOON
from tests.simulation.life.sight import Sight

_BATCHED = {PayoutState.PREPARED, PayoutState.BATCHED}
_AT_ONCE = NOON
"""When every life began."""


def _wave_is_due(sight: Sight) -> datetime | None:
    return min((step[1] for each in sight.all(Wave) if (step := next_step(each))), default=None)


def _checks_wait(sight: Sight) -> datetime | None:
    asked = (IdentityState.CHECKING, IdentityState.SUBMITTED)
    return _if_any(each.state in asked for each in sight.all(Applicant))


def _payouts_stand(sight: Sight) -> datetime | None:
    over = (BatchState.RELEASED, BatchState.DISSOLVED)
    if any(each.state not in over for each in sight.all(Batch)):
        return _AT_ONCE
    return _if_any(not each.is_over and each.state not in _BATCHED for each in sight.all(Payout))


def _payouts_wait(sight: Sight) -> datetime | None:
    waiting = [each.due_on for each in sight.all(Payout) if each.state is PayoutState.PREPARED]
    return datetime.combine(min(waiting), time(), WIB) if waiting else None


def _accounts_cool_off(sight: Sight) -> datetime | None:
    changes = [each.change for each in sight.all(PayoutAccount) if each.change]
    return min((moment for each in changes if (moment := next_look_at(each))), default=None)


def _something_is_due(sight: Sight) -> datetime | None:
    return min((each.due_at for each in sight.all(Membership) if each.due_at is not None), default=None)


def _days_are_open(sight: Sight) -> datetime | None:
    return _if_any(each.open > 0 for each in sight.all(Day))


def _if_any(cases: Iterable[bool]) -> datetime | None:
    return _AT_ONCE if any(cases) else None


NEEDS: Mapping[str, Callable[[Sight], datetime | None]] = {
    "tick_wave_clock": _wave_is_due,
    "release_waiting_checks": _checks_wait,
    "sweep_standing_payouts": _payouts_stand,
    "build_payout_batches": _payouts_wait,
    "sweep_memberships": _something_is_due,
    "reconcile_open_days": _days_are_open,
    "sweep_changed_accounts": _accounts_cool_off,
}
"""From when on each has something to do, as things lie now; None: it has nothing to do."""
