"""When the clock's own functions have something to do, so that a month need not be lived minute by minute. A function
that is not named here comes twice a day.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from chalicelib.domain.membership import Membership
from chalicelib.domain.payout_batches import Batch, BatchState
from chalicelib.domain.payouts import Payout, PayoutState
from chalicelib.domain.verification import Applicant, IdentityState
from chalicelib.domain.waves import Wave, next_step

if TYPE_CHECKING:
    from tests.simulation.life.town import Town

_BATCHED = {PayoutState.PREPARED, PayoutState.BATCHED}


def _wave_is_due(town: "Town") -> bool:
    steps = [next_step(wave) for wave in town.sight.all(Wave)]
    return any(step is not None and step[1] <= town.clock.at for step in steps)


def _checks_wait(town: "Town") -> bool:
    asked = (IdentityState.CHECKING, IdentityState.SUBMITTED)
    return any(each.state in asked for each in town.sight.all(Applicant))


def _payouts_stand(town: "Town") -> bool:
    return any(not each.is_over and each.state not in _BATCHED for each in town.sight.all(Payout))


def _payouts_wait(town: "Town") -> bool:
    return any(each.state is PayoutState.PREPARED for each in town.sight.all(Payout))


def _batches_stand(town: "Town") -> bool:
    return any(each.state not in (BatchState.RELEASED, BatchState.DISSOLVED) for each in town.sight.all(Batch))


def _something_is_due(town: "Town") -> bool:
    return any(each.due_at is not None and each.due_at < town.clock.at for each in town.sight.all(Membership))


NEEDS: Mapping[str, Callable[["Town"], bool]] = {
    "tick_wave_clock": _wave_is_due,
    "release_waiting_checks": _checks_wait,
    "sweep_standing_payouts": lambda town: _payouts_stand(town) or _batches_stand(town),
    "build_payout_batches": _payouts_wait,
    "sweep_memberships": _something_is_due,
}
