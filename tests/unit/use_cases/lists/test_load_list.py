"""A file becomes a version: read, compared, written, and in force once a second person says so."""

import pytest

from chalicelib.domain.errors import Conflict, IllegalTransition, NotAllowed
from chalicelib.domain.lists import VersionState
from chalicelib.use_cases.lists.discard_list import discard_list
from tests.builders import a_nik
from tests.fakes import World
from tests.unit.use_cases.lists.office import APPROVER, BSU, LOADER, Office, a_file, a_line


@pytest.fixture
def office() -> Office:
    return Office(World())


def test_a_list_counts_from_its_activation_on(office: Office) -> None:
    version = office.loads(a_file(range(1, 6)))
    assert (version.state, version.counts.people, version.counts.added) == (VersionState.CHECKED, 5, 5)
    assert office.sees(1) == []
    office.activates()
    assert office.sees(1) == ["BSU wage_subsidy"]
    assert office.sees(6) == []


def test_the_next_version_writes_differences_only(office: Office) -> None:
    office.loads(a_file(range(1, 101)))
    office.activates()
    lines = [a_line(number) for number in range(3, 101)] + [a_line(101), a_line(102)]
    lines[0] = a_line(3, until="2026-12-31")
    version = office.loads("\n".join(["nik,category,valid_from,valid_until", *lines]).encode())
    counts = version.counts
    assert (counts.people, counts.unchanged, counts.added, counts.removed, counts.changed) == (100, 97, 2, 2, 1)
    assert version.by_category == {"wage_subsidy": {"added": 2, "removed": 2, "changed": 1}}
    assert len(office.world.list_entries.all()) == 100 + 5
    assert office.sees(1) == office.sees(3) == ["BSU wage_subsidy"]
    assert office.sees(101) == []
    office.activates()
    assert (office.sees(1), office.sees(101)) == ([], ["BSU wage_subsidy"])


def test_what_a_discarded_version_wrote_never_counts(office: Office) -> None:
    office.loads(a_file(range(1, 11)))
    office.activates()
    office.loads(a_file(range(2, 12)))
    discard_list(BSU, 2, LOADER, lists=office.world.lists)
    office.loads(a_file(range(1, 13)))
    office.activates()
    assert [office.sees(number) for number in (1, 11, 12)] == [["BSU wage_subsidy"]] * 3
    assert office.newest().counts.added == 2


def test_a_person_stands_on_a_list_while_the_line_is_valid(office: Office) -> None:
    office.loads(a_file([1], since="2026-01-01", until="2026-03-02"))
    office.activates()
    assert office.sees(1) == ["BSU wage_subsidy"]
    office.world.clock.passes(hours=12)  # midnight in Jakarta
    assert office.sees(1) == []


def test_whose_birth_date_is_another_is_somebody_else(office: Office) -> None:
    header = "nik,category,valid_from,valid_until,birth_date"
    office.loads(f"{header}\n{a_line(1)},1995-03-12\n".encode())
    office.activates()
    assert office.sees(1) == ["BSU wage_subsidy"]
    assert office.sees(1, birth_date=office.world.clock.now().date()) == []


def test_an_office_may_send_indexes_instead_of_niks(office: Office) -> None:
    index = office.world.indexer.index("nik", a_nik(1))
    office.loads(f"nik_index;category;valid_from;valid_until\r\n{index};wage_subsidy;2026-01-01;\r\n".encode())
    office.activates()
    assert office.sees(1) == ["BSU wage_subsidy"]


def test_a_big_file_is_read_in_pieces_whose_lines_stay_whole() -> None:
    office = Office(World(), piece_bytes=500)
    version = office.loads(a_file(range(1, 201)))
    assert version.pieces > 10
    assert (version.reading.lines, version.counts.people) == (200, 200)
    office.activates()
    assert all(office.sees(number) for number in range(1, 201))


@pytest.mark.parametrize("written", [LOADER, "Ani", " ANI "])
def test_whoever_loaded_a_list_may_not_activate_it(office: Office, written: str) -> None:
    """However the sender spelt the name in the object's notes."""
    office.loads(a_file([1]), loader=written)
    with pytest.raises(NotAllowed) as refusal:
        office.activates(by=LOADER)
    assert refusal.value.code == "activator_must_differ"
    assert office.sees(1) == []


def test_a_list_is_activated_once(office: Office) -> None:
    office.loads(a_file([1]))
    office.activates()
    with pytest.raises(IllegalTransition):
        office.activates(by=APPROVER)


def test_a_version_that_was_compared_with_an_older_one_is_not_activated(office: Office) -> None:
    office.loads(a_file([1]))
    office.loads(a_file([2]))
    office.activates(1)
    with pytest.raises(Conflict) as refusal:
        office.activates(2)
    assert refusal.value.code == "list_version_overtaken"
    assert office.sees(2) == []


def test_a_replaced_version_says_so(office: Office) -> None:
    office.loads(a_file([1, 2, 3]))
    office.activates()
    office.loads(a_file([1, 2, 4]))
    office.activates()
    found = office.world.lists.newest_first(BSU, limit=9)
    assert [version.state for version in found] == [VersionState.ACTIVE, VersionState.REPLACED]


def test_a_list_unlike_its_predecessor_is_held_until_somebody_names_why(office: Office) -> None:
    office.loads(a_file(range(1, 101)))
    office.activates()
    version = office.loads(a_file(range(300, 340)))
    assert version.warnings == ("list_half_its_size", "list_without_overlap")
    for despite in ((), ("list_half_its_size",)):
        with pytest.raises(Conflict) as refusal:
            office.activates(2, *despite)
        assert refusal.value.code == "list_version_held"
    office.activates(2, "list_half_its_size", "list_without_overlap")
    assert (office.sees(1), office.sees(300)) == ([], ["BSU wage_subsidy"])


def test_the_same_file_twice_is_refused(office: Office) -> None:
    office.loads(a_file([1, 2]))
    version = office.loads(a_file([1, 2]))
    assert (version.state, version.reason) == (VersionState.REFUSED, "list_file_already_loaded")
    assert version.reason_details == {"number": 1}


def test_a_file_that_was_discarded_may_come_again(office: Office) -> None:
    office.loads(a_file([1, 2]))
    discard_list(BSU, 1, LOADER, lists=office.world.lists)
    assert office.loads(a_file([1, 2])).state is VersionState.CHECKED
