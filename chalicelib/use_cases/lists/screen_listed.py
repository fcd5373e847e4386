"""Look which applicants a newer list touches, and have them checked again."""

from itertools import islice

from chalicelib.domain.commands import Queue
from chalicelib.domain.errors import NotFound
from chalicelib.domain.identifiers import ListName
from chalicelib.domain.lists import VersionState
from chalicelib.ports import Applicants, ListFiles, Lists, Messages
from chalicelib.use_cases.lists.names import changes_name

_AT_ONCE = 100


def screen_listed(
    name: ListName,
    number: int,
    shard: int,
    *,
    lists: Lists,
    files: ListFiles,
    applicants: Applicants,
    messages: Messages,
) -> None:
    """Of one shard. Begun again, it asks for the same checks again, which change nothing the second time."""
    version = lists.get(name, number)
    if version is None:
        raise NotFound("list_version_unknown")
    if version.state not in (VersionState.ACTIVE, VersionState.REPLACED):
        return
    touched = (row.nik for row in files.rows(changes_name(version, shard)))
    while niks := list(islice(touched, _AT_ONCE)):
        holders = applicants.holders_of(niks).values()
        renewed_by = f"{name}/{number}"
        messages.send(
            Queue.LIST_CHECKS_TO_MAKE, *({"applicant_id": each, "renewed_by": renewed_by} for each in holders)
        )
