"""When the clock's own functions have something to do, so that a month need not be lived minute by minute. A function
that is not named here comes twice a day.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from chalicelib.domain.payouts import Payout, PayoutState
from chalicelib.domain.waves import Wave, next_step

if TYPE_CHECKING:
    from tests.simulation.life.town import Town

_SWEPT = {PayoutState.READY, PayoutState.SUBMITTING, PayoutState.UNKNOWN}


def _wave_is_due(town: "Town") -> bool:
    steps = [next_step(wave) for wave in town.sight.all(Wave)]
    return any(step is not None and step[1] <= town.clock.at for step in steps)


def _checks_wait(town: "Town") -> bool:
    return bool(town.world.waiting_checks.all())


def _payouts_stand(town: "Town") -> bool:
    return any(each.state in _SWEPT for each in town.sight.all(Payout))


NEEDS: Mapping[str, Callable[["Town"], bool]] = {
    "tick_wave_clock": _wave_is_due,
    "release_waiting_checks": _checks_wait,
    "sweep_standing_payouts": _payouts_stand,
}
