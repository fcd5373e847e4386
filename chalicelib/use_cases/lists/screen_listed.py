"""Look whom a newer list touches: applicants are checked again, and others on a priority list are invited."""

from itertools import islice

from chalicelib.domain.commands import Queue
from chalicelib.domain.errors import NotFound
from chalicelib.domain.identifiers import ListName
from chalicelib.domain.known_lists import list_named
from chalicelib.domain.lists import VersionState
from chalicelib.domain.mail import Template, queue_for
from chalicelib.ports import Applicants, Indexer, ListFiles, Lists, Messages
from chalicelib.use_cases.lists.invitations import invitations_of
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
    indexer: Indexer,
    messages: Messages,
) -> None:
    """Of one shard. Begun again, it asks for the same again, which changes nothing the second time."""
    version = lists.get(name, number)
    if version is None:
        raise NotFound("list_version_unknown")
    if version.state not in (VersionState.ACTIVE, VersionState.REPLACED):
        return
    rows, known = files.rows(changes_name(version, shard)), list_named(name)
    while touched := list(islice(rows, _AT_ONCE)):
        holders = applicants.holders_of([row.nik for row in touched])
        renewals = ({"applicant_id": each, "renewed_by": f"{name}/{number}"} for each in holders.values())
        messages.send(Queue.LIST_CHECKS_TO_MAKE, *renewals)
        strangers = (row for row in touched if row.nik not in holders)
        messages.send(queue_for(Template.INVITATION), *invitations_of(strangers, known, indexer=indexer))
