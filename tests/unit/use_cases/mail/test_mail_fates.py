"""What became of mails, and where none goes any more."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.errors import Conflict, MailUnavailable, NotFound
from chalicelib.domain.identifiers import SendKey
from chalicelib.domain.mail import MailOrder, MailState, Template
from chalicelib.domain.mail_fates import BOUNCE_COUNTS_FOR, Fate, MailFate, Suppression
from chalicelib.domain.mail_traffic import Slot
from chalicelib.domain.registration import challenge_again
from chalicelib.use_cases.mail.lift_suppression import lift_suppression
from chalicelib.use_cases.mail.note_mail_fate import count_deliveries, note_mail_fate
from chalicelib.use_cases.registration.account_of import account_id_of
from tests.builders import an_account, an_applicant_id
from tests.fakes import NOON, World
from tests.unit.use_cases.crashes import Workflow, assert_survives_every_accident, assert_twice_is_once
from tests.unit.use_cases.mail.test_send_mail import ORDER, record, send

CODE = MailOrder(SendKey("account_exists/1"), Template.ACCOUNT_EXISTS, an_applicant_id())
LATER = timedelta(seconds=20)


def a_world_with_a_sent_mail() -> World:
    world = World()
    world.accounts.add(an_account())
    send(world)
    return world


@pytest.fixture
def world() -> World:
    return a_world_with_a_sent_mail()


def a_fate(fate: Fate, **changes: object) -> MailFate:
    return replace(MailFate("ses", ORDER.send_key, fate, NOON, NOON + LATER), **changes)  # type: ignore[arg-type]


def note(world: World, fate: MailFate) -> None:
    note_mail_fate(
        fate, outbox=world.outbox, suppressions=world.suppressions, traffic=world.mail_traffic, clock=world.clock
    )


def slot(world: World) -> Slot:
    (found,) = world.mail_traffic.newest("ses", since=NOON - LATER)
    return found


def test_what_bounced_gets_nothing_more(world: World) -> None:
    note(world, a_fate(Fate.BOUNCED))
    assert record(world).state is MailState.BOUNCED
    for order in (CODE, replace(ORDER, send_key=SendKey("identity_verified/9"))):
        with pytest.raises(Conflict, match="mail_address_suppressed"):
            send(world, order)
    assert len(world.ses.mails) == 1


def test_after_a_month_one_mail_may_find_out_again(world: World) -> None:
    note(world, a_fate(Fate.BOUNCED))
    world.clock.moves_to(NOON + LATER + BOUNCE_COUNTS_FOR)
    send(world, CODE)
    assert len(world.ses.mails) == 2


def test_what_staff_lifted_gets_mail_again_until_it_bounces_again(world: World) -> None:
    note(world, a_fate(Fate.BOUNCED))
    known = world.suppressions.get(ORDER.applicant_id)
    assert known
    world.suppressions.save(replace(known, lifted_at=world.clock.now()))
    send(world, CODE)
    note(world, a_fate(Fate.BOUNCED, send_key=CODE.send_key))
    with pytest.raises(Conflict, match="mail_address_suppressed"):
        send(world, replace(CODE, send_key=SendKey("account_exists/2")))


def test_who_complained_gets_what_they_ask_for_and_no_announcements(world: World) -> None:
    note(world, a_fate(Fate.COMPLAINED))
    send(world, CODE)
    world.clock.passes(days=400)
    with pytest.raises(Conflict, match="mail_address_suppressed"):
        send(world, replace(ORDER, send_key=SendKey("identity_verified/9")))


def test_a_bounce_does_not_make_a_complaint_forgotten(world: World) -> None:
    send(world, CODE)
    note(world, a_fate(Fate.COMPLAINED))
    note(world, a_fate(Fate.BOUNCED, send_key=CODE.send_key))
    known = world.suppressions.get(ORDER.applicant_id)
    assert known
    assert known.because is Fate.COMPLAINED


def test_a_fate_is_counted_once_however_often_it_is_told(world: World) -> None:
    for _ in range(3):
        note(world, a_fate(Fate.BOUNCED))
    assert (slot(world).taken, slot(world).bounced) == (1, 1)


def test_deliveries_of_a_batch_are_one_count_a_slot(world: World) -> None:
    late = a_fate(Fate.DELIVERED, at=NOON + timedelta(minutes=6))
    count_deliveries([a_fate(Fate.DELIVERED)] * 30 + [late] * 2 + [a_fate(Fate.BOUNCED)], traffic=world.mail_traffic)
    assert (slot(world).quick, slot(world).late, slot(world).bounced) == (30, 2, 0)
    assert world.trouble.calls.count("traffic.count") == 2, "one when it was sent"


def test_a_delivery_asks_for_nothing_else(world: World) -> None:
    before = len(world.trouble.calls)
    note(world, a_fate(Fate.DELIVERED))
    assert len(world.trouble.calls) == before


def test_a_fate_that_is_quicker_than_our_own_record_comes_again(world: World) -> None:
    begun = replace(record(world), send_key=CODE.send_key, state=MailState.SENDING, version=0)
    world.outbox.save(begun)
    with pytest.raises(MailUnavailable, match="mail_not_yet_noted"):
        note(world, a_fate(Fate.BOUNCED, send_key=CODE.send_key))


def test_a_fate_of_a_mail_that_we_never_sent_is_dropped(world: World) -> None:
    with pytest.raises(NotFound, match="mail_unknown"):
        note(world, a_fate(Fate.BOUNCED, send_key=SendKey("nobody/1")))


def look(world: World) -> object:
    return record(world).state, world.suppressions.get(ORDER.applicant_id) is not None


@pytest.mark.parametrize("fate", [Fate.BOUNCED, Fate.COMPLAINED])
def test_noting_survives_every_accident(fate: Fate) -> None:
    workflow = Workflow(a_world_with_a_sent_mail, lambda world: note(world, a_fate(fate)), look)
    assert_survives_every_accident(workflow)
    assert_twice_is_once(workflow)


def lift(world: World, email: str) -> None:
    lift_suppression(email, suppressions=world.suppressions, indexer=world.indexer, clock=world.clock)


def test_staff_let_mail_go_again_by_the_address_itself(world: World) -> None:
    id = account_id_of("siti1@contoh.example", world.indexer)
    world.suppressions.save(Suppression(id, Fate.BOUNCED, NOON))
    lift(world, " siti1@CONTOH.example")
    known = world.suppressions.get(id)
    assert known
    assert not known.stops(Template.ACCOUNT_EXISTS, now=world.clock.now())


def test_lifting_what_was_never_held_back_does_nothing(world: World) -> None:
    lift(world, "siti1@contoh.example")
    assert world.suppressions.get(ORDER.applicant_id) is None


def test_what_came_back_under_another_spelling_says_nothing_of_this_one(world: World) -> None:
    """Somebody registered `siti1+zz@`, which the server does not know; then Siti came herself."""
    note(world, a_fate(Fate.BOUNCED))
    known = world.accounts.get(ORDER.applicant_id)
    assert known
    again = challenge_again(known, email="siti.1@contoh.example", challenge="new", now=NOON + LATER)
    world.accounts.save(again)
    send(world, CODE)
    assert world.ses.mails[-1].to == "siti.1@contoh.example"


def test_a_bounce_that_comes_hours_later_is_counted_as_new(world: World) -> None:
    """What left then is tallied long since; the brake would never see it."""
    world.clock.passes(hours=3)
    note(world, a_fate(Fate.BOUNCED, at=world.clock.now()))
    (new, old) = world.mail_traffic.newest("ses", since=NOON - LATER)
    assert (new.begins_at, new.bounced, old.bounced) == (world.clock.now(), 1, 0)
