"""A bank's channel is paused and opened again, through the doors of staff."""

from chalicelib.domain.payouts import PayoutState
from tests.integration import cast
from tests.integration.cast import CAST
from tests.integration.paying import payout_of, settle
from tests.integration.samples import sample
from tests.integration.town import Town

TUTI = CAST["tuti"]


def put_channel(town: Town, state: str) -> None:
    reply = town.ask("PUT", "/v1/staff/payout-channels/bni", {"state": state}, token=cast.FIRST_APPROVER)
    assert (reply.status, reply.body["state"]) == (200, state), reply.text


def swept(town: Town) -> PayoutState:
    town.call("sweep_standing_payouts", sample("schedules", "sweep_standing_payouts", "good"))
    town.settle()
    return payout_of(TUTI).state


def test_payouts_of_a_channel_that_is_opened_go_with_the_next_sweep(town: Town) -> None:
    put_channel(town, "paused")
    town.settle()
    settle(town, TUTI)
    assert (payout_of(TUTI).state, payout_of(TUTI).reason) == (PayoutState.READY, "channel_paused")
    with town.clock.later(minutes=5):
        assert swept(town) is PayoutState.READY
        put_channel(town, "open")
        town.settle()
        assert swept(town) is PayoutState.SETTLED
