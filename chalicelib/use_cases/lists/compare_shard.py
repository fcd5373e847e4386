"""Compare one shard of a list's file with the version in force."""

from collections.abc import Iterator
from dataclasses import replace

from chalicelib.domain.list_judgement import judge
from chalicelib.domain.list_rows import Difference, ListRow, difference, overlapping, shard_of
from chalicelib.domain.lists import ByCategory, Counts, ListVersion, Phase, go_on
from chalicelib.ports import ListFiles, Lists
from chalicelib.use_cases.lists.flaws import with_flaws
from chalicelib.use_cases.lists.names import changes_name, piece_name, standing_name


def compare_shard(version: ListVersion, *, lists: Lists, files: ListFiles) -> None:
    """The last shard's comparison is followed by the judgement: before it, nothing is written where people are looked
    up."""
    found = difference(_rows(version, files), _before(version, files))
    files.write_rows(standing_name(version, version.number, version.step), found.standing)
    files.write_rows(changes_name(version, version.step), found.changes)
    counted = _counted(with_flaws(version, found.flaws, files=files), found)
    if version.step + 1 < version.shards:
        lists.save(go_on(counted, Phase.COMPARE, version.step + 1))
    else:
        lists.save(judge(counted, lists.head(version.list)))


def _rows(version: ListVersion, files: ListFiles) -> Iterator[ListRow]:
    for piece in range(version.pieces):
        yield from files.rows(piece_name(version, piece, version.step))


def _before(version: ListVersion, files: ListFiles) -> Iterator[ListRow]:
    if not version.based_on:
        return
    for shard in overlapping(version.step, version.shards, version.based_on_shards):
        for row in files.rows(standing_name(version, version.based_on, shard)):
            if shard_of(row.nik, version.shards) == version.step:
                yield row


def _counted(version: ListVersion, found: Difference) -> ListVersion:
    known = version.counts
    totals = {kind: sum(each[kind] for each in found.by_category.values()) for kind in ("added", "removed", "changed")}
    counts = Counts(
        flaws=known.flaws,
        duplicates=known.duplicates + found.duplicates,
        people=known.people + len(found.standing),
        unchanged=known.unchanged + found.unchanged,
        added=known.added + totals["added"],
        removed=known.removed + totals["removed"],
        changed=known.changed + totals["changed"],
    )
    return replace(version, counts=counts, by_category=_summed(version.by_category, found.by_category))


def _summed(known: ByCategory, more: ByCategory) -> ByCategory:
    return {
        category: {
            kind: known.get(category, {}).get(kind, 0) + more.get(category, {}).get(kind, 0)
            for kind in ("added", "removed", "changed")
        }
        for category in sorted(known.keys() | more.keys())
    }
