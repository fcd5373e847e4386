"""What ``Lists`` and ``ListEntries`` promise: versions that move step by step, entries that never change."""

from dataclasses import replace

import pytest

from chalicelib.domain.errors import AlreadyDone, StaleWrite, StoreUnavailable
from chalicelib.domain.identifiers import Index, ListName, StaffId
from chalicelib.domain.list_entries import ListEntry
from chalicelib.domain.lists import (
    Counts,
    ListHead,
    ListUpload,
    ListVersion,
    Phase,
    Reading,
    VersionState,
    activate,
    finish,
    give_way,
    go_on,
    receive,
)
from chalicelib.ports import ListEntries, Lists
from tests.contract.stores.conftest import Stores
from tests.contract.stores.fresh import fresh
from tests.fakes import NOON


@pytest.fixture
def lists(stores: Stores) -> Lists:
    return stores.lists


@pytest.fixture
def entries(stores: Stores) -> ListEntries:
    return stores.list_entries


def a_name() -> ListName:
    return ListName(f"LIST_{fresh()}")


def an_upload(name: ListName, tag: str = "1") -> ListUpload:
    return ListUpload(f"lists/incoming/{name}/a.csv", tag, 1_000, loader="ani", body="KEMNAKER", stated_lines=7)


def received(lists: Lists, name: ListName, tag: str = "1") -> ListVersion:
    head, version = receive(lists.head(name), an_upload(name, tag), now=NOON)
    lists.receive(head, version)
    found = lists.get(name, version.number)
    assert found is not None
    return found


def checked(lists: Lists, name: ListName, tag: str = "1") -> ListVersion:
    lists.save(finish(go_on(received(lists, name, tag), Phase.WRITE, 0)))
    found = lists.newest_first(name, limit=1)[0]
    return found


def put_in_force(lists: Lists, version: ListVersion) -> None:
    head = lists.head(version.list)
    replaced = lists.get(version.list, head.active) if head.active else None
    moved, activated = activate(head, version, StaffId("budi"), despite=frozenset(), now=NOON)
    lists.activate(moved, activated, give_way(replaced) if replaced else None)


def test_a_version_comes_back_as_it_was(lists: Lists) -> None:
    name = a_name()
    known = received(lists, name)
    assert (known.number, known.state, known.version) == (1, VersionState.RECEIVED, 1)
    assert known.upload == an_upload(name)
    moved = replace(
        go_on(known, Phase.COMPARE, 3),
        reading=Reading(900, 12, "digest", ";", ("nik", "category")),
        counts=Counts(1, 2, 3, 4, 5, 6, 7),
        by_category={"laid_off": {"added": 1, "removed": 2, "changed": 3}},
        flaws_name="flaws",
        warnings=("list_half_its_size",),
        reason_details={"line": 7},
    )
    lists.save(moved)
    assert lists.get(name, 1) == replace(moved, version=2)


def test_a_list_of_which_no_file_came_is_new(lists: Lists) -> None:
    name = a_name()
    assert lists.head(name) == ListHead(name)
    assert lists.get(name, 1) is None
    assert not lists.newest_first(name, limit=10)


def test_the_same_upload_is_received_once(lists: Lists) -> None:
    name = a_name()
    received(lists, name)
    with pytest.raises(AlreadyDone):
        received(lists, name)
    assert received(lists, name, tag="2").number == 2


def test_versions_are_told_newest_first_a_page_at_a_time(lists: Lists) -> None:
    name = a_name()
    for tag in range(5):
        received(lists, name, str(tag))
    assert [each.number for each in lists.newest_first(name, limit=2)] == [5, 4]
    assert [each.number for each in lists.newest_first(name, limit=9, before=4)] == [3, 2, 1]


def test_a_stale_move_is_refused(lists: Lists) -> None:
    known = received(lists, a_name())
    lists.save(go_on(known, Phase.READ, 1))
    with pytest.raises(StaleWrite):
        lists.save(go_on(known, Phase.READ, 1))


def test_two_files_at_once_do_not_share_a_number(lists: Lists) -> None:
    name = a_name()
    both = [receive(lists.head(name), an_upload(name, tag), now=NOON) for tag in "ab"]
    lists.receive(*both[0])
    with pytest.raises(StaleWrite):
        lists.receive(*both[1])


def test_a_version_comes_into_force_in_place_of_another(lists: Lists) -> None:
    name = a_name()
    put_in_force(lists, checked(lists, name))
    put_in_force(lists, checked(lists, name, tag="2"))
    head = lists.head(name)
    assert (head.activated, head.active, head.as_of) == ((1, 2), 2, NOON)
    assert head in lists.heads()
    states = [each.state for each in lists.newest_first(name, limit=2)]
    assert states == [VersionState.ACTIVE, VersionState.REPLACED]


def test_two_versions_do_not_come_into_force_at_once(lists: Lists) -> None:
    name = a_name()
    first, second = checked(lists, name), checked(lists, name, tag="2")
    head = lists.head(name)
    for version in (first, second):
        moved, activated = activate(head, version, StaffId("budi"), despite=frozenset(), now=NOON)
        if version is first:
            lists.activate(moved, activated, None)
        else:
            with pytest.raises(StaleWrite):
                lists.activate(moved, activated, None)
    assert lists.head(name).activated == (1,)


def test_a_lost_reply_is_no_refusal(lists: Lists, stores: Stores) -> None:
    name, lost = a_name(), stores.one_reply_lost
    with lost():
        received(lists, name)
    known = lists.newest_first(name, limit=1)[0]
    with lost():
        lists.save(finish(go_on(known, Phase.WRITE, 0)))
    with lost():
        put_in_force(lists, lists.newest_first(name, limit=1)[0])
    assert (lists.head(name).active, lists.newest_first(name, limit=9)[0].state) == (1, VersionState.ACTIVE)


def an_entry(nik: Index, since: int = 1, **changes: str) -> ListEntry:
    facts = {"category": "laid_off", "valid_from": "2026-01-01", "valid_until": "", "birth": "", "email": ""}
    return ListEntry(nik, ListName("LAID_OFF"), since, **{**facts, **changes})


def a_nik_index() -> Index:
    return Index(f"1.{fresh():043d}")


def test_entries_come_back_with_their_address(entries: ListEntries) -> None:
    nik = a_nik_index()
    said = [an_entry(nik, email="siti@contoh.example", birth="1.x"), an_entry(nik, 2, category="", valid_from="")]
    entries.add_each(said)
    assert sorted(entries.of(nik), key=lambda entry: entry.since) == said
    assert not entries.of(a_nik_index())


def test_many_are_added_and_what_is_there_stays(entries: ListEntries) -> None:
    """A load that was cut off is begun again."""
    many = [an_entry(a_nik_index()) for _ in range(60)]
    entries.add_each(many[:33])
    entries.add_each(replace(entry, category="other") for entry in many)
    assert [entries.of(entry.nik)[0].category for entry in many] == ["laid_off"] * 33 + ["other"] * 27


def test_an_addition_whose_reply_is_lost_is_an_addition(entries: ListEntries, request: pytest.FixtureRequest) -> None:
    many = [an_entry(a_nik_index()) for _ in range(30)]
    if "moto" in request.node.name:
        stores: Stores = request.getfixturevalue("stores")
        with stores.one_reply_lost():
            entries.add_each(many)
    else:
        entries.add_each(many)
    assert all(entries.of(entry.nik) == [entry] for entry in many)


def test_an_addition_of_which_nobody_hears_may_be_repeated(entries: ListEntries, stores: Stores) -> None:
    many = [an_entry(a_nik_index()) for _ in range(30)]
    with stores.no_reply_comes("list_entries.add_each"), pytest.raises(StoreUnavailable):
        entries.add_each(many)
    entries.add_each(many)
    assert all(len(entries.of(entry.nik)) == 1 for entry in many)
