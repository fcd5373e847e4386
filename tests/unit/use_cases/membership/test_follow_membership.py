"""What follows when someone has become a recipient."""

from datetime import UTC, datetime

from chalicelib.domain.commands import Change, Queue
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
