"""What follows when someone has become a recipient."""

from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.domain.commands import Change, Queue
from chalicelib.domain.mail import Template
from chalicelib.use_cases.membership.follow_membership import follow_membership
from tests.builders import a_card_number
from tests.fakes import World

FACTS: dict[str, str | int] = {
    "wave": 7,
    "decree": "SK-007/PRAKERJA",
    "card_number": a_card_number(),
    "scheme": "2023",
    "first_purchase_by": "2026-03-17T05:00:00+00:00",
    "balance_ends_at": "2026-12-15T16:59:59+00:00",
}


def follow(world: World, *, kind: str = "membership", before: str | None = None, **facts: str | int) -> None:
    change = Change(kind=kind, id="0.a", before=before, after="awarded", facts={**FACTS, **facts})
    follow_membership(change, messages=world.messages)


def test_a_new_recipient_is_told_by_mail(world: World) -> None:
    follow(world)
    (mail,) = world.messages.on(Queue.ANNOUNCEMENTS_TO_SEND)
    assert (mail["send_key"], mail["template"], mail["applicant_id"]) == ("awarded/0.a", "awarded", "0.a")
    assert mail["blanks"] == {
        "wave": 7,
        "decree": "SK-007/PRAKERJA",
        "card_ending": a_card_number()[-4:],
        "grant": "Rp 3.500.000",
        "first_purchase_by": "2026-03-17",
        "balance_ends_on": "2026-12-15",
    }


def test_no_message_carries_the_whole_card_number(world: World) -> None:
    follow(world)
    assert a_card_number() not in repr(world.messages.sent)


def test_nothing_follows_from_a_video_or_from_a_card(world: World) -> None:
    follow(world, before="awarded")
    follow(world, kind="card")
    follow(world, kind="family_place")
    assert not world.messages.sent


def test_the_deadline_is_told_as_a_day_in_jakarta(world: World) -> None:
    """22:00 in Greenwich is five in the morning of the next day."""
    follow(world, first_purchase_by=datetime(2026, 3, 17, 22, tzinfo=UTC).isoformat())
    assert world.messages.on(Queue.ANNOUNCEMENTS_TO_SEND)[0]["blanks"]["first_purchase_by"] == "2026-03-18"


TIME: dict[str, str | int] = {"due": "warn_first_purchase", "warned_of": 0, "returned": 0}


def moved(world: World, to: str = "inducted", *, before: str = "inducted", **facts: str | int) -> list[Any]:
    """As the stream tells it of somebody who waits to be warned; ``facts`` are those that changed."""
    change = Change("membership", "0.a", before, to, {**FACTS, **TIME, **facts}, {**FACTS, **TIME})
    follow_membership(change, messages=world.messages)
    return list(world.messages.on(Queue.ANNOUNCEMENTS_TO_SEND))


def test_a_warning_that_was_met_is_mailed(world: World) -> None:
    (mail,) = moved(world, due="revoke")
    assert mail["send_key"] == "first_purchase_soon/0.a"
    assert mail["blanks"] == {"first_purchase_by": "2026-03-17", "grant": "Rp 3.500.000"}


def test_whoever_bought_instead_is_not_warned(world: World) -> None:
    assert moved(world, due="warn_balance_end", bought=1) == []


def warned_of(world: World, balance: int) -> list[Any]:
    before = {**FACTS, "due": "warn_balance_end"}
    after = {**before, "due": "end_balance", "warned_of": balance}
    follow_membership(Change("membership", "0.a", "inducted", "inducted", after, before), messages=world.messages)
    return list(world.messages.on(Queue.ANNOUNCEMENTS_TO_SEND))


def test_the_years_end_is_announced_to_whoever_has_something_left(world: World) -> None:
    assert warned_of(world, 0) == []
    (mail,) = warned_of(world, 1_250_000)
    assert mail["send_key"] == "balance_ends_soon/0.a"
    assert mail["blanks"] == {"balance_ends_on": "2026-12-15", "balance": "Rp 1.250.000"}


def test_a_revocation_is_mailed_with_what_was_lost(world: World) -> None:
    (mail,) = moved(world, "revoked", returned=3_500_000)
    assert mail["send_key"] == "membership_revoked/0.a"
    assert mail["blanks"] == {"first_purchase_by": "2026-03-17", "returned": "Rp 3.500.000"}


def test_the_years_end_is_mailed_to_whoever_lost_something(world: World) -> None:
    assert moved(world, "ended", returned=0) == []
    (mail,) = moved(world, "ended", returned=500_000)
    assert mail["send_key"] == "balance_ended/0.a"
    assert mail["blanks"] == {"balance_ends_on": "2026-12-15", "returned": "Rp 500.000"}


def test_a_sale_that_was_counted_or_voided_is_no_news(world: World) -> None:
    assert moved(world, bought=2) == []
    assert moved(world, "ended", before="ended", due="end_balance") == []


@pytest.mark.parametrize("template", [*map(Template, ("first_purchase_soon", "membership_revoked"))])
def test_a_stream_that_is_read_twice_asks_for_the_same_mail(world: World, template: Template) -> None:
    to, facts = ("revoked", {}) if template is Template.MEMBERSHIP_REVOKED else ("inducted", {"due": "revoke"})
    mails = [moved(world, to, **facts) for _ in range(2)][-1]
    assert {mail["send_key"] for mail in mails} == {f"{template}/0.a"}
