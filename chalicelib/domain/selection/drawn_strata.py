"""Strata as a published draw tells them, against which entries are held before anybody gets a place."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.domain.selection.freed_places import class_of
from chalicelib.domain.selection.stratum import Stratum
from chalicelib.domain.selection.tickets import Lottery
from chalicelib.domain.waves import WaveEntry


class DrawnStrata:
    """Of one draw's record, which is signed and public: files on the way to it may have been changed since."""

    def __init__(self, record: Mapping[str, Any]) -> None:
        self._lottery = Lottery(bytes.fromhex(record["seed"]), int(record["wave"]))
        self._strata: dict[str, list[Stratum]] = {}
        for told in record["strata"]:
            before = self._strata.setdefault(told["province"], [])
            before.append(_stratum(told, start=sum(each.standing for each in before)))

    def of(self, province: str) -> Sequence[Stratum]:
        return self._strata.get(province, ())

    def is_drawn(self, entry: WaveEntry) -> bool:
        """Whether the entry, as the table has it, bears a ticket that won: at or below its stratum's cut-off."""
        ticket = self.ticket(entry).hex()
        cut_offs = [each.cut_off for each in self.of(entry.province_code) if is_of(entry, each)]
        return any(cut_off is not None and ticket <= cut_off for cut_off in cut_offs)

    def ticket(self, entry: WaveEntry) -> bytes:
        return self._lottery.ticket(bytes.fromhex(entry.pseudonym))


def is_of(entry: WaveEntry, stratum: Stratum) -> bool:
    """Of two in one province."""
    return (entry.group, class_of(entry)) == (stratum.group, stratum.class_)


def _stratum(told: Mapping[str, Any], *, start: int) -> Stratum:
    """``start``: strata lie in the province's ``ORDER`` file one behind the other, as the record has them."""
    counts = {name: int(told[name]) for name in ("group", "entries", "standing", "places")}
    return Stratum(class_=int(told["class"]), start=start, cut_off=told["cut_off"], **counts)
