"""Whether a file can be the list it says it is."""

from collections.abc import Iterable
from dataclasses import replace

from chalicelib.domain.lists import Counts, ListHead, ListVersion, Phase, VersionState, go_on, refuse

MOST_BAD_SHARE = 0.02
"""Of a file's lines. Above it, it is not the people on it that are wrong."""
SMALLEST_OVERLAP = 0.1
"""Of the version in force: a list that shares less with it is another list."""


def check_digest(version: ListVersion, others: Iterable[ListVersion]) -> ListVersion:
    """The same bytes as a version that was taken already are the wrong file, sent twice. As one that was replaced they
    are the way back to it."""
    taken = [
        other
        for other in others
        if other.number < version.number
        and other.reading.digest == version.reading.digest
        and other.state not in (VersionState.REFUSED, VersionState.DISCARDED, VersionState.REPLACED)
    ]
    return refuse(version, "list_file_already_loaded", number=taken[0].number) if taken else version


def judge(version: ListVersion, head: ListHead) -> ListVersion:
    """After all was compared, and before anything is written: refused, or on to writing, perhaps with warnings."""
    counts, lines = version.counts, version.reading.lines
    if counts.flaws > MOST_BAD_SHARE * lines:
        return refuse(version, "list_too_many_flaws", flaws=counts.flaws, most=int(MOST_BAD_SHARE * lines))
    if counts.people == 0:
        return refuse(version, "list_file_empty")
    return replace(go_on(version, Phase.WRITE, 0), warnings=tuple(_warnings(counts, head.people)))


def _warnings(counts: Counts, before: int) -> list[str]:
    if not before:
        return []
    shared = counts.unchanged + counts.changed
    found = {
        "list_half_its_size": counts.people * 2 < before,
        "list_twice_its_size": counts.people > before * 2,
        "list_without_overlap": shared < SMALLEST_OVERLAP * min(before, counts.people),
    }
    return [warning for warning, is_so in found.items() if is_so]
