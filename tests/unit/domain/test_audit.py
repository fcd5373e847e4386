"""The audit log's chains: whatever is done to an entry is found, and named."""

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from datetime import timedelta
from random import Random

import pytest

from chalicelib.domain.audit import (
    CHAINS,
    Act,
    Deed,
    Entry,
    Finding,
    Flaw,
    Head,
    chain_of,
    digest_of,
    entry_after,
    flaws_of,
    genesis,
    root_digest,
    root_of,
)
from chalicelib.domain.identifiers import StaffId
from chalicelib.domain.registration import Role
from tests.fakes import NOON

STAFF = StaffId("ani")
CHAIN = chain_of(STAFF)


def a_deed(number: int = 1, **changes: object) -> Deed:
    deed = Deed(STAFF, Role.STAFF, Act.SEE_CASE, f"CASE{number:08d}", ("nik",), "", NOON + timedelta(minutes=number))
    return replace(deed, **changes)  # type: ignore[arg-type]


def a_chain(length: int = 12) -> list[Entry]:
    entries: list[Entry] = []
    for number in range(1, length + 1):
        last = entries[-1] if entries else None
        entries.append(entry_after(last, a_deed(number), correlation_id=f"request-{number}"))
    return entries


def found(entries: Sequence[Entry], anchored: Sequence[Entry] = ()) -> list[Finding]:
    return list(flaws_of(CHAIN, entries, anchors={each.number: {each.digest} for each in anchored}))


def named(entries: Sequence[Entry], anchored: Sequence[Entry] = ()) -> set[tuple[int, Flaw]]:
    return {(each.number, each.flaw) for each in found(entries, anchored)}


def rehashed(entry: Entry) -> Entry:
    return replace(entry, digest=digest_of(entry))


def test_a_whole_chain_has_no_flaws() -> None:
    chain = a_chain()
    assert found(chain, chain) == []
    assert [entry.number for entry in chain] == list(range(1, 13))
    assert chain[0].previous == genesis(CHAIN)
    assert found([]) == []


_OTHERS: dict[str, object] = {
    "staff": StaffId("budi"),
    "role": Role.APPROVER,
    "act": Act.DISCLOSE,
    "subject": "SOMEBODYELSE",
    "fields": ("nik", "phone"),
    "reason": "another",
    "at": NOON - timedelta(days=1),
}


def test_every_field_of_a_deed_is_under_the_digest() -> None:
    assert _OTHERS.keys() == {each.name for each in fields(Deed)}


@pytest.mark.parametrize("name", _OTHERS)
@pytest.mark.parametrize("place", [0, 5, 11])
def test_an_altered_entry_is_named(name: str, place: int) -> None:
    chain = a_chain()
    chain[place] = replace(chain[place], deed=replace(chain[place].deed, **{name: _OTHERS[name]}))  # type: ignore[arg-type]
    assert named(chain) == {(place + 1, Flaw.ALTERED)}


def test_an_altered_correlation_id_is_named() -> None:
    chain = a_chain()
    chain[3] = replace(chain[3], correlation_id="another")
    assert named(chain) == {(4, Flaw.ALTERED)}


def test_an_entry_altered_with_its_digest_is_not_vouched_for_by_the_next() -> None:
    chain = a_chain()
    chain[5] = rehashed(replace(chain[5], deed=a_deed(99)))
    assert named(chain) == {(6, Flaw.NOT_VOUCHED_FOR)}


def test_the_last_entry_altered_with_its_digest_contradicts_the_root() -> None:
    chain = a_chain()
    anchored = [chain[-1]]
    chain[-1] = rehashed(replace(chain[-1], deed=a_deed(99)))
    assert named(chain) == set()
    assert named(chain, anchored) == {(12, Flaw.NOT_AS_ANCHORED)}


def test_a_chain_written_anew_contradicts_the_root() -> None:
    whole, forged = a_chain(), [entry_after(None, a_deed(99), correlation_id="x")]
    while len(forged) < len(whole):
        forged.append(entry_after(forged[-1], a_deed(len(forged)), correlation_id="x"))
    assert named(forged) == set()
    assert named(forged, [whole[3], whole[-1]]) == {(4, Flaw.NOT_AS_ANCHORED), (12, Flaw.NOT_AS_ANCHORED)}


@pytest.mark.parametrize("place", range(11))
def test_a_removed_entry_is_named(place: int) -> None:
    chain = a_chain()
    chain.pop(place)
    assert named(chain) == {(place + 1, Flaw.MISSING)}


def test_a_chain_cut_off_at_its_end_contradicts_the_root() -> None:
    whole = a_chain()
    assert named(whole[:9], [whole[-1]]) == {(number, Flaw.MISSING) for number in (10, 11, 12)}
    assert named([], [whole[1]]) == {(1, Flaw.MISSING), (2, Flaw.MISSING)}


@pytest.mark.parametrize("place", range(12))
def test_an_inserted_entry_is_named(place: int) -> None:
    """Even one that follows from the entry before it as an honest one would."""
    chain = a_chain()
    forged = entry_after(chain[place - 1] if place else None, a_deed(99), correlation_id="x")
    chain.insert(place, forged)
    assert (place + 1, Flaw.OUT_OF_PLACE) in named(chain)


@pytest.mark.parametrize("place", range(11))
def test_entries_that_changed_places_are_named(place: int) -> None:
    chain = a_chain()
    chain[place], chain[place + 1] = chain[place + 1], chain[place]
    assert (place + 1, Flaw.OUT_OF_PLACE) in named(chain)


def test_an_entry_of_another_chain_is_out_of_place() -> None:
    chain = a_chain()
    chain[4] = replace(chain[4], chain=(CHAIN + 1) % CHAINS)
    assert (5, Flaw.OUT_OF_PLACE) in named(chain)


def _alter(chain: list[Entry], chance: Random) -> None:
    place = chance.randrange(len(chain))
    chain[place] = replace(chain[place], deed=replace(chain[place].deed, subject=f"X{chance.random()}"))


def _rewrite(chain: list[Entry], chance: Random) -> None:
    place = chance.randrange(len(chain))
    chain[place] = rehashed(replace(chain[place], deed=a_deed(1000 + chance.randrange(1000))))


def _remove(chain: list[Entry], chance: Random) -> None:
    chain.pop(chance.randrange(len(chain)))


def _repeat(chain: list[Entry], chance: Random) -> None:
    chain.insert(chance.randrange(len(chain)), chain[chance.randrange(len(chain))])


def _swap(chain: list[Entry], chance: Random) -> None:
    one, other = chance.sample(range(len(chain)), 2)
    chain[one], chain[other] = chain[other], chain[one]


def _cut_off(chain: list[Entry], chance: Random) -> None:
    del chain[chance.randrange(len(chain)) :]


@pytest.mark.parametrize("harm", [_alter, _rewrite, _remove, _repeat, _swap, _cut_off])
def test_whatever_is_done_by_chance_is_found(harm: Callable[[list[Entry], Random], None]) -> None:
    whole, chance = a_chain(20), Random(11)
    for _ in range(100):
        chain = list(whole)
        harm(chain, chance)
        assert found(chain, [whole[-1]]), chain


def test_a_later_part_is_verified_from_where_an_earlier_root_ended() -> None:
    chain = a_chain()
    after = Head(8, chain[7].digest)
    assert list(flaws_of(CHAIN, chain[8:], after=after, anchors={3: {"forgotten"}})) == []
    forged = [rehashed(replace(chain[8], previous="0")), *chain[9:]]
    assert {each.flaw for each in flaws_of(CHAIN, forged, after=after)} == {Flaw.NOT_VOUCHED_FOR}


def test_two_roots_that_disagree_make_one_of_them_found() -> None:
    chain = a_chain()
    anchors = {12: {chain[-1].digest, "forged"}}
    assert [each.flaw for each in flaws_of(CHAIN, chain, anchors=anchors)] == [Flaw.NOT_AS_ANCHORED]


def test_a_root_follows_from_its_day_and_heads() -> None:
    heads = {1: Head(3, "a"), 0: Head(9, "b")}
    root = root_of(NOON.date(), heads)
    assert root.digest == root_digest(NOON.date(), dict(reversed(heads.items())))
    assert root.digest != root_digest(NOON.date(), {**heads, 1: Head(3, "c")})


def test_officers_are_spread_over_all_chains() -> None:
    assert {chain_of(StaffId(f"staff-{number}")) for number in range(500)} == set(range(CHAINS))
