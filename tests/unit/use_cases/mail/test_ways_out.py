"""No faster than the providers allow, and no slower; strangers last when mail comes back, announcements last always."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.errors import MailUnavailable
from chalicelib.domain.identifiers import SendKey
from chalicelib.domain.mail import MailOrder, Template
from chalicelib.domain.mail_routes import Quota
from chalicelib.domain.mail_traffic import slot_of
from chalicelib.domain.mail_trials import Brake
from chalicelib.domain.registration import activate
from chalicelib.use_cases.mail.rounds import MailRound
from chalicelib.use_cases.mail.send_mail import send_mail
from chalicelib.use_cases.mail.ways_out import BOOKED_AHEAD
from tests.builders import a_mail_order, an_account, an_applicant_id
from tests.fakes import World
from tests.fakes.mailing import mailing_of

SECOND = timedelta(seconds=1)


@pytest.fixture
def world() -> World:
    """Siti (1) has not proven her address, Budi (2) has; SES takes 20 a second, SendGrid a thousand."""
    world = World()
    world.accounts.add(an_account(1, email="siti1@gmail.com"))
    world.accounts.add(activate(an_account(2, email="budi@gmail.com"), password_hash="hash"))
    world.ses.allows, world.sendgrid.allows = Quota(20, 10_000), Quota(1_000, 10_000)
    return world


def a_code(number: int = 1) -> MailOrder:
    """What somebody waits for."""
    return MailOrder(SendKey(f"account_exists/{number}"), Template.ACCOUNT_EXISTS, an_applicant_id())


def an_announcement(number: int = 1, of: int = 2) -> MailOrder:
    return replace(a_mail_order(number), applicant_id=an_applicant_id(of))


def send(world: World, order: MailOrder) -> None:
    in_round = MailRound(mailing_of(world))
    send_mail(order, "c", in_round)
    in_round.close()


def test_mail_leaves_at_the_providers_pace_and_what_is_more_by_the_second(world: World) -> None:
    begun = world.clock.now()
    for number in range(200):
        send(world, replace(a_code(number), applicant_id=an_applicant_id(2)))
        world.clock.at = begun  # a hundred workers at once
    by_ses = [mail.left_at - begun for mail in world.ses.mails]
    assert all(turn <= BOOKED_AHEAD for turn in by_ses)
    assert max(sum(first <= turn < first + SECOND for turn in by_ses) for first in by_ses) <= 20
    assert len(by_ses) >= 0.9 * 20 * BOOKED_AHEAD.total_seconds(), "no slower either"
    assert len(by_ses) + len(world.sendgrid.mails) == 200


def test_a_mail_that_finds_no_turn_is_not_begun(world: World) -> None:
    world.ses.allows = world.sendgrid.allows = Quota(1, 10_000)
    begun = world.clock.now()
    refused = 0
    for number in range(20):
        try:
            send(world, a_code(number))
        except MailUnavailable:
            refused += world.outbox.get(a_code(number).send_key) is None
        world.clock.at = begun
    assert refused == 20 - len(world.ses.mails) - len(world.sendgrid.mails) > 5


def test_announcements_go_when_nobody_waits_for_a_code(world: World) -> None:
    world.ses.allows = world.sendgrid.allows = Quota(1, 10_000)
    begun = world.clock.now()
    for number in range(4):
        send(world, a_code(number))
        world.clock.at = begun
    codes = [mail.left_at for mail in world.ses.mails + world.sendgrid.mails]
    send(world, an_announcement())
    announced = next(mail for mail in world.ses.mails + world.sendgrid.mails if "identity" in mail.send_key)
    assert announced.left_at > max(codes)


def test_an_announcement_books_nothing_and_comes_again_when_codes_fill_every_turn(world: World) -> None:
    for provider in ("ses", "sendgrid"):
        world.buckets.full_at[f"mail-pace/{provider}"] = world.clock.now() + timedelta(seconds=10)
    booked = dict(world.buckets.full_at)
    with pytest.raises(MailUnavailable, match="mail_has_no_turn"):
        send(world, an_announcement())
    assert {key: booked[key] for key in booked} == {key: world.buckets.full_at[key] for key in booked}


def test_a_used_up_day_goes_to_the_other_provider(world: World) -> None:
    world.ses.allows = Quota(500, 3)
    for number in range(5):
        send(world, a_code(number))
    assert (len(world.ses.mails), len(world.sendgrid.mails)) == (3, 2)


def test_when_bounces_come_back_strangers_wait_and_the_proven_do_not(world: World) -> None:
    for provider in ("ses", "sendgrid"):
        world.mail_traffic.count(provider, slot_of(world.clock.now()), taken=100, quick=50, bounced=50)
    with pytest.raises(MailUnavailable, match="mail_has_no_turn"):
        send(world, a_code())
    send(world, an_announcement())
    assert len(world.ses.mails) == 1


def test_against_the_brake_strangers_leave_in_trials_only(world: World) -> None:
    plan, begins_at = MailRound(mailing_of(world)).plan, world.clock.now() + 60 * SECOND
    routes = tuple(replace(route, brake=Brake(begins_at=begins_at, trial=3)) for route in plan.routes)
    world.mail_traffic.save_plan(replace(plan, routes=routes))
    sent = 0
    for number in range(120):
        try:
            send(world, a_code(number))
            sent += 1
        except MailUnavailable:
            world.clock.passes(seconds=1)
    assert sent == 6, "three by each provider"
    assert min(mail.left_at for mail in world.ses.mails) >= begins_at
    send(world, an_announcement())


def test_complaints_stop_announcements_and_no_codes(world: World) -> None:
    plan = MailRound(mailing_of(world)).plan
    routes = tuple(replace(route, complaints=9.0) for route in plan.routes)
    world.mail_traffic.save_plan(replace(plan, routes=routes))
    with pytest.raises(MailUnavailable, match="mail_has_no_turn"):
        send(world, an_announcement())
    send(world, a_code())


def test_a_small_receiving_domain_is_not_drowned(world: World) -> None:
    world.ses.allows = Quota(1_000, 10_000)
    begun = world.clock.now()
    refused = 0
    world.accounts.add(an_account(3))
    for number in range(220):
        try:
            send(world, replace(a_code(number), applicant_id=an_applicant_id(3)))
        except MailUnavailable:
            refused += 1
        world.clock.at = begun
    assert refused > 30, "20 a second, three seconds' worth at once"
    assert not [key for key in world.buckets.full_at if "contoh" in key]


def test_what_providers_take_and_do_not_take_is_counted(world: World) -> None:
    world.ses.is_out = True
    send(world, a_code())
    (failed,) = world.mail_traffic.newest("ses", since=world.clock.now() - SECOND * 60)
    (taken,) = world.mail_traffic.newest("sendgrid", since=world.clock.now() - SECOND * 60)
    assert (failed.failed, failed.taken, taken.taken) == (1, 0, 1)


def test_a_mail_that_cannot_be_counted_has_left_all_the_same(world: World) -> None:
    world.mail_traffic.fails_before("count")
    send(world, a_code())
    send(world, a_code())
    assert len(world.ses.mails) == 1


def calls_of(world: World, name: str) -> int:
    return world.trouble.calls.count(f"traffic.{name}")


def ten_in_a_round(world: World) -> None:
    in_round = MailRound(mailing_of(world))
    for number in range(10):
        send_mail(a_code(number), "c", in_round)
    in_round.close()


def test_in_calm_weather_a_round_looks_once_and_counts_once(world: World) -> None:
    world.mail_traffic.count("ses", slot_of(world.clock.now()) - SECOND * 10, taken=200, quick=200)
    before = calls_of(world, "newest"), calls_of(world, "count")
    ten_in_a_round(world)
    assert (calls_of(world, "newest") - before[0], calls_of(world, "count") - before[1]) == (1, 1)
    assert world.mail_traffic.newest("ses", since=slot_of(world.clock.now()))[0].taken == 10


def test_while_little_is_known_every_mail_looks_and_counts_for_all_workers_to_see(world: World) -> None:
    ten_in_a_round(world)
    assert (calls_of(world, "newest"), calls_of(world, "count")) == (10, 10)


def test_a_flood_to_one_domain_takes_no_providers_turn(world: World) -> None:
    world.accounts.add(an_account(3))
    begun = world.clock.now()
    for number in range(300):
        with suppress(MailUnavailable):
            send(world, replace(a_code(number), applicant_id=an_applicant_id(3)))
        world.clock.at = begun
    taken = len(world.ses.mails)
    send(world, replace(a_code(1_000), applicant_id=an_applicant_id(2)))
    assert len(world.ses.mails) == taken + 1
