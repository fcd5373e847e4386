"""Roots are kept daily, and the whole log is held against them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.audit import CHAINS, Flaw, chain_of
from chalicelib.domain.errors import StoreUnavailable
from chalicelib.domain.identifiers import StaffId
from chalicelib.domain.time import wib_date
from chalicelib.use_cases.audit.anchor_audit import anchor_audit
from chalicelib.use_cases.audit.verify_audit import Verdict, verify_audit
from tests.fakes import NOON, World
from tests.unit.domain.test_audit import a_deed
from tests.unit.use_cases.crashes import Workflow, assert_survives_every_accident, assert_twice_is_once

STAFF = [StaffId(f"staff-{number}") for number in range(20)]


def worked(world: World | None = None) -> World:
    """Three deeds of twenty officers."""
    world = world or World()
    for number in range(60):
        world.audit_log.append(a_deed(number, staff=STAFF[number % 20], at=world.clock.now()))
    return world


def anchor(world: World) -> None:
    anchor_audit(audit_log=world.audit_log, audit_roots=world.audit_roots, clock=world.clock)


def verify(world: World, days_ago: int | None = None) -> Verdict:
    since = None if days_ago is None else wib_date(world.clock.now() - timedelta(days=days_ago))
    return verify_audit(since=since, audit_log=world.audit_log, audit_roots=world.audit_roots)


def anchored() -> World:
    world = worked()
    anchor(world)
    return world


def test_an_untouched_log_is_whole() -> None:
    world = anchored()
    worked(world)
    verdict = verify(world)
    assert (verdict.entries, verdict.roots, verdict.findings, verdict.is_whole) == (120, 1, (), True)
    assert verify(World()).is_whole


def test_a_chain_cut_off_at_its_end_is_found_by_the_root() -> None:
    world = anchored()
    chain = chain_of(STAFF[0])
    last = world.audit_log.head(chain)
    assert last
    world.audit_log.entries_of_table.rows.pop((chain, last.number))
    assert [(each.chain, each.number, each.flaw) for each in verify(world).findings] == [
        (chain, last.number, Flaw.MISSING)
    ]


def test_a_chain_that_is_gone_altogether_is_found() -> None:
    world = anchored()
    chain = chain_of(STAFF[0])
    for key in [key for key in world.audit_log.entries_of_table.rows if key[0] == chain]:
        world.audit_log.entries_of_table.rows.pop(key)
    assert {each.chain for each in verify(world).findings} == {chain}


def test_a_forged_root_is_found() -> None:
    world = anchored()
    (root,) = world.audit_roots.all()
    world.audit_roots.forge(replace(root, heads={}))
    assert verify(world).forged_roots == (root.day,)


def test_what_was_verified_is_not_read_again() -> None:
    world = anchored()
    world.clock.passes(days=1)
    worked(world)
    anchor(world)
    assert verify(world, days_ago=1).entries == 60
    assert verify(world, days_ago=0).entries == 0
    assert verify(world, days_ago=5).entries == 120


def test_the_first_root_of_a_day_stands() -> None:
    world = anchored()
    first = world.audit_roots.all()
    worked(world)
    anchor(world)
    assert world.audit_roots.all() == first


def test_a_day_is_one_of_jakarta() -> None:
    world = World()
    world.clock.moves_to(NOON.replace(hour=18))
    anchor(world)
    assert world.audit_roots.all()[0].day == NOON.date() + timedelta(days=1)


def test_all_chains_are_anchored() -> None:
    world = World()
    for number in range(500):
        world.audit_log.append(a_deed(staff=StaffId(f"staff-{number}")))
    anchor(world)
    assert set(world.audit_roots.all()[0].heads) == set(range(CHAINS))


def test_an_outage_keeps_no_root() -> None:
    world = worked()
    world.audit_log.fails_before("head")
    with pytest.raises(StoreUnavailable):
        anchor(world)
    assert world.audit_roots.all() == []


def test_anchoring_survives_every_accident() -> None:
    workflow = Workflow(worked, anchor, lambda world: world.audit_roots.all())
    assert_survives_every_accident(workflow)
    assert_twice_is_once(workflow)
