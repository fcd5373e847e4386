"""Write one shard's differences to where people are looked up. They count from the version's activation on."""

from chalicelib.domain.list_entries import entry_of
from chalicelib.domain.lists import ListVersion, Phase, finish, go_on
from chalicelib.ports import ListEntries, ListFiles, Lists
from chalicelib.use_cases.lists.names import changes_name


def write_shard(version: ListVersion, *, lists: Lists, files: ListFiles, entries: ListEntries) -> None:
    rows = files.rows(changes_name(version, version.step))
    entries.add_each(entry_of(row, version.list, version.number) for row in rows)
    is_last = version.step + 1 == version.shards
    lists.save(finish(version) if is_last else go_on(version, Phase.WRITE, version.step + 1))
