"""Every posting is in the journal, however often the stream tells of it."""

import json
from dataclasses import replace

from chalicelib.domain.commands import Change
from chalicelib.domain.ledger_journal import entries_in
from chalicelib.use_cases.ledger.feed_journal import feed_journal
from tests.fakes import NOON, World
from tests.unit.use_cases.crashes import Workflow, assert_survives_every_accident, assert_twice_is_once
from tests.unit.use_cases.ledger.books import DAY, feed, grant, posted, sale, told


def test_a_posting_is_a_line_of_its_day_as_it_was_made() -> None:
    world = World()
    entries = posted(world, grant(1), sale(1))
    feed(world, *entries, batch="01-02")
    (name,) = world.journal.files
    assert name.startswith("postings/2026-03-02/01-02-")
    assert list(entries_in(world.journal.files[name])) == list(entries)
    assert {"key", "owner", "account", "against", "adds", "amount", "posted_at", "number"} <= set(
        json.loads(world.journal.files[name].splitlines()[0])
    )


def test_a_batch_over_midnight_is_two_files() -> None:
    world = World()
    feed(world, *posted(world, grant(1), sale(1, now=NOON + DAY)))
    assert [name.split("/")[1] for name in sorted(world.journal.files)] == ["2026-03-02", "2026-03-03"]


def test_other_postings_under_the_name_of_a_batch_are_kept_as_well() -> None:
    world = World()
    for entry in posted(world, grant(1), grant(2)):
        feed(world, entry, batch="1-1")
    kept = [entry for content in world.journal.files.values() for entry in entries_in(content)]
    assert len(kept) == 2


def test_heads_and_whatever_else_lies_in_the_table_are_no_postings() -> None:
    world = World()
    fed = feed_journal([Change("head", "somebody", None, "kept", {})], batch="1", journal=world.journal)
    assert (world.journal.files, fed.unreadable, fed.altered) == ({}, [], [])


def test_what_cannot_be_read_stops_nothing() -> None:
    world = World()
    first, second = posted(world, grant(1), grant(2))
    broken = told(first)
    facts = {name: each for name, each in broken.facts.items() if name != "amount"}
    fed = feed_journal([replace(broken, facts=facts), told(second)], batch="1", journal=world.journal)
    assert [change.id for change in fed.unreadable] == ["grant/1"]
    assert [len(list(entries_in(content))) for content in world.journal.files.values()] == [1]


def test_a_posting_that_somebody_changes_is_told_and_stays_as_it_was_in_the_journal() -> None:
    world = World()
    (entry,) = posted(world, grant(1))
    feed(world, entry)
    before = dict(world.journal.files)
    fed = feed_journal([told(entry, before="posted")], batch="9", journal=world.journal)
    assert [change.id for change in fed.altered] == ["grant/1"]
    assert world.journal.files == before


def prepare() -> World:
    world = World()
    posted(world, grant(1), sale(1))
    return world


WORKFLOW = Workflow(
    prepare=prepare,
    step=lambda world: feed(world, *world.ledger.entries_of(grant(1).owner)),
    look=lambda world: world.journal.files,
)


def test_the_journal_survives_every_accident() -> None:
    assert_survives_every_accident(WORKFLOW)


def test_a_batch_that_comes_again_is_written_once() -> None:
    assert_twice_is_once(WORKFLOW)
