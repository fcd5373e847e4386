"""Put a list's version in force."""

from collections.abc import Iterable

from chalicelib.domain.errors import NotFound
from chalicelib.domain.identifiers import ListName, StaffId
from chalicelib.domain.lists import ListVersion, activate, give_way
from chalicelib.ports import Clock, Lists


def activate_list(
    name: ListName, number: int, staff: StaffId, despite: Iterable[str], *, lists: Lists, clock: Clock
) -> ListVersion:
    """``NotAllowed`` for whoever loaded it; ``Conflict`` when another version came into force since it was compared, or
    when a warning is not named. Whom it touches is screened by what the table's stream starts."""
    version = lists.get(name, number)
    if version is None:
        raise NotFound("list_version_unknown", field="number")
    head = lists.head(name)
    replaced = lists.get(name, head.active) if head.active else None
    moved, activated = activate(head, version, staff, despite=frozenset(despite), now=clock.now())
    lists.activate(moved, activated, give_way(replaced) if replaced else None)
    return activated
