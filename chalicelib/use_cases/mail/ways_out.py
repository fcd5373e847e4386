"""By which providers a mail may leave now: who has room today, no brake on, and a turn within seconds."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from chalicelib.domain.limits import NONE_AHEAD
from chalicelib.domain.mail import ASKED_FOR, MailOrder
from chalicelib.domain.mail_routes import Route
from chalicelib.domain.mail_traffic import Slot, may_leave_unproven
from chalicelib.domain.registration import Account, AccountState
from chalicelib.ports import MailProvider
from chalicelib.use_cases.mail.mailing import Mailing
from chalicelib.use_cases.mail.rounds import MailRound

BOOKED_AHEAD = timedelta(seconds=5)
"""How far ahead a mail that somebody waits for may book its turn: so far that at fourteen a second every worker gets
one and none sends its mail round the queue again. Announcements book none: they go when nobody does."""
POLLED_EVERY, POLLS = timedelta(milliseconds=200), 25


def ways_out(order: MailOrder, account: Account, in_round: MailRound) -> Iterator[MailProvider]:
    """Each is given when its turn has come. What the first cannot take within seconds overflows to the next: so all
    that both allow is used."""
    providers = {provider.name: provider for provider in in_round.mailing.providers}
    for route in in_round.plan.order_for(order.send_key):
        provider = providers.get(route.provider)
        if provider and _is_open(route, order, account, in_round) and _has_turn(route, order, in_round.mailing):
            yield provider


def _is_open(route: Route, order: MailOrder, account: Account, in_round: MailRound) -> bool:
    is_announcement = order.template not in ASKED_FOR
    if route.is_closed or (is_announcement and route.draws_complaints):
        return False
    slots = in_round.slots(route)
    if not route.has_room_today(sum(slot.taken for slot in slots), is_announcement=is_announcement):
        return False
    return account.state is AccountState.ACTIVE or _takes_strangers(route, slots, in_round)


def _takes_strangers(route: Route, slots: Sequence[Slot], in_round: MailRound) -> bool:
    now, brake = in_round.mailing.clock.now(), route.brake
    if brake is None:
        return may_leave_unproven([*slots, *route.tallies], now=now)
    if now < brake.begins_at:
        return False
    key = f"mail-trial/{route.provider}/{int(brake.begins_at.timestamp())}"
    return in_round.mailing.buckets.take(key, brake.allowance, now=now) is not None


def _has_turn(route: Route, order: MailOrder, mailing: Mailing) -> bool:
    turn = _booked(route, mailing) if order.template in ASKED_FOR else _found_free(route, mailing)
    if turn is not None:
        mailing.clock.wait_until(turn)
    return turn is not None


def _booked(route: Route, mailing: Mailing) -> datetime | None:
    return _taken(route, BOOKED_AHEAD, mailing)


def _found_free(route: Route, mailing: Mailing) -> datetime | None:
    for _ in range(POLLS):
        turn = _taken(route, NONE_AHEAD, mailing)
        if turn is not None:
            return turn
        mailing.clock.wait_until(mailing.clock.now() + POLLED_EVERY)
    return None


def _taken(route: Route, ahead: timedelta, mailing: Mailing) -> datetime | None:
    return mailing.buckets.take(f"mail-pace/{route.provider}", route.pace, now=mailing.clock.now(), ahead=ahead)
