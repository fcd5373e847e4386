"""Put a part of the feed in order: by province and pseudonym for the lists, by family for the families."""

import numpy as np

from chalicelib.domain.selection.rows import ENTRY, KIN, Rows, read_rows
from chalicelib.domain.selection.sorting import in_byte_order, prefix_offsets, same_as_before
from chalicelib.domain.selection.work import DrawWork
from chalicelib.ports import DrawFiles
from chalicelib.use_cases.selection.desk import Found
from chalicelib.use_cases.selection.names import gathered_name, kin_name
from chalicelib.use_cases.selection.plan_gathering import GatheringPlan, gathering_plan, is_from_table


def gather_entries(work: DrawWork, piece: int, *, files: DrawFiles) -> Found:
    """Where in the ordered files each province and each family begins, by the first byte of the pseudonym."""
    plan = gathering_plan(work, files)
    rows = _once(_joined([_rows_of(name, plan, files) for name in plan.pieces[piece]]))
    provinces: dict[str, list[int]] = {}
    parts: list[Rows] = []
    start = 0
    for code in np.unique(rows["province"]).tolist():
        members = rows[rows["province"] == code]
        provinces[code.decode()] = [start + offset for offset in prefix_offsets(members["pseudonym"])]
        parts.append(members)
        start += len(members)
    files.write(gathered_name(work.wave, work.run, piece), b"".join(part.tobytes() for part in parts))
    kin = _kin(rows)
    files.write(kin_name(work.wave, work.run, piece), kin.tobytes())
    return {"rows": len(rows), "provinces": provinces, "families": prefix_offsets(kin["family"])}


def _rows_of(name: str, plan: GatheringPlan, files: DrawFiles) -> Rows:
    rows = read_rows(files.read(name), ENTRY)
    return rows if is_from_table(name) else rows[~np.isin(rows["shard"], plan.from_table)]


def _joined(parts: list[Rows]) -> Rows:
    return np.concatenate(parts) if parts else np.empty(0, ENTRY)


def _once(rows: Rows) -> Rows:
    """In order of pseudonym, nobody twice: the stream may tell a thing again."""
    ordered = rows[in_byte_order(rows, "pseudonym")]
    result: Rows = ordered[~same_as_before(ordered["pseudonym"])]
    return result


def _kin(rows: Rows) -> Rows:
    kin = np.empty(len(rows), KIN)
    for name in KIN.names or ():
        kin[name] = rows[name]
    result: Rows = kin[in_byte_order(kin, "family", "pseudonym")]
    return result
