"""What follows when a wave or one of its entries has moved."""

import pytest

from chalicelib.domain.commands import Change, Queue
from chalicelib.domain.waves import SHARDS, EntryState, WaveState
from chalicelib.use_cases.selection.follow_wave import follow_wave
from tests.fakes import World


def follow(world: World, kind: str, after: str, *, before: str | None = "x", **facts: str | int) -> None:
    change = Change(kind=kind, id="0.a", before=before, after=after, facts={"wave": 7, "number": 7, **facts})
    follow_wave(change, messages=world.messages)


def test_an_announced_wave_has_its_results_recorded_in_every_shard(world: World) -> None:
    follow(world, "wave", WaveState.ANNOUNCED)
    bodies = world.messages.on(Queue.RESULTS_TO_RECORD)
    assert bodies == [{"wave": 7, "shard": shard} for shard in range(SHARDS)]


@pytest.mark.parametrize("state", [state for state in WaveState if state is not WaveState.ANNOUNCED])
def test_nobody_hears_of_a_draw_before_it_is_announced(world: World, state: WaveState) -> None:
    follow(world, "wave", state)
    assert {queue for queue, _ in world.messages.sent} <= {Queue.DRAW_STEPS_TO_TAKE}


@pytest.mark.parametrize(
    ("before", "after", "is_published"),
    [
        (WaveState.PLANNED, WaveState.APPROVED, True),
        (WaveState.APPROVED, WaveState.OPEN, True),
        (WaveState.DRAWN, WaveState.FROZEN, True),
        (WaveState.CLOSED, WaveState.FROZEN, False),
        (WaveState.APPROVED, WaveState.PLANNED, False),
        (WaveState.FROZEN, WaveState.DRAWN, False),
    ],
)
def test_conditions_and_annulments_are_published_as_soon_as_they_are_in_force(
    world: World, before: WaveState, after: WaveState, is_published: bool
) -> None:
    follow(world, "wave", after, before=before)
    assert world.messages.on(Queue.DRAW_STEPS_TO_TAKE) == [{"wave": 7}] * is_published


def test_a_chosen_entry_is_awarded(world: World) -> None:
    follow(world, "entry", EntryState.CHOSEN)
    assert world.messages.sent == [(Queue.AWARDS_TO_MAKE, {"wave": 7, "applicant_id": "0.a"})]


@pytest.mark.parametrize(
    ("state", "reason", "key"),
    [
        (EntryState.NOT_CHOSEN, "not_drawn", "not_awarded/7/0.a"),
        (EntryState.EXCLUDED, "family_limit", "not_awarded/7/0.a/excluded"),
    ],
)
def test_whoever_was_not_awarded_is_told_why_by_one_mail(
    world: World, state: EntryState, reason: str, key: str
) -> None:
    follow(world, "entry", state, reason=reason)
    (mail,) = world.messages.on(Queue.ANNOUNCEMENTS_TO_SEND)
    assert mail == {
        "send_key": key,
        "template": "not_awarded",
        "applicant_id": "0.a",
        "blanks": {"wave": 7, "reason": reason},
    }


def test_whoever_moved_up_and_was_excluded_after_all_is_told_both(world: World) -> None:
    """An order under a key that was sent before is no second mail."""
    moves = [
        (EntryState.JOINED, EntryState.NOT_CHOSEN),
        (EntryState.NOT_CHOSEN, EntryState.CHOSEN),
        (EntryState.CHOSEN, EntryState.EXCLUDED),
    ]
    for _ in range(2):  # the stream tells some things twice
        for before, after in moves:
            follow(world, "entry", after, before=before, reason="blocklist")
    keys = [mail["send_key"] for mail in world.messages.on(Queue.ANNOUNCEMENTS_TO_SEND)]
    assert (len(keys), len(set(keys))) == (4, 2)


def test_nothing_follows_from_joining_or_from_what_did_not_move(world: World) -> None:
    follow(world, "entry", EntryState.JOINED, before=None)
    follow(world, "entry", EntryState.CHOSEN, before=EntryState.CHOSEN)
    follow(world, "wave", WaveState.ANNOUNCED, before=WaveState.ANNOUNCED)
    follow(world, "something else", EntryState.CHOSEN)
    assert not world.messages.sent
