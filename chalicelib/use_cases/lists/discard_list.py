"""Discard a version of a list that is not in force."""

from chalicelib.domain.errors import NotFound
from chalicelib.domain.identifiers import ListName, StaffId
from chalicelib.domain.lists import ListVersion, discard
from chalicelib.ports import Lists


def discard_list(name: ListName, number: int, staff: StaffId, *, lists: Lists) -> ListVersion:
    """What it wrote of people stays, and never counts."""
    version = lists.get(name, number)
    if version is None:
        raise NotFound("list_version_unknown", field="number")
    discarded = discard(version, staff)
    lists.save(discarded)
    return discarded
