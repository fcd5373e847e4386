"""S3: no more awards than places, and every draw as it comes out when it is done again, slowly, from what is public."""

from collections import defaultdict
from typing import Any

from chalicelib.domain.membership import Membership
from chalicelib.domain.selection.freed_places import FreedPlace
from chalicelib.domain.waves import EntryState, Wave, WaveEntry, WaveState
from chalicelib.use_cases.selection.draw_papers import draw_record_of, frozen_list_of
from tests import draw_rule
from tests.draw_rule import Lots, Person
from tests.simulation.life.checks.checker import Checker

_WINS, _LOSES = EntryState.CHOSEN, {EntryState.NOT_CHOSEN, EntryState.EXCLUDED}


class TheDrawIsRight(Checker):
    name = "S3"

    def __init__(self, town: Any) -> None:
        super().__init__(town)
        self._awarded: defaultdict[int, set[str]] = defaultdict(set)
        self._excluded: dict[tuple[int, str], EntryState] = {}
        self._first: dict[tuple[int, str], EntryState] = {}

    def hear(self, before: Any, after: Any) -> None:
        if isinstance(after, Membership) and before is None:
            self._count(after)
        is_result = isinstance(after, WaveEntry) and before is not None and before.state is EntryState.JOINED
        if isinstance(after, WaveEntry) and before is not None and before.state is EntryState.CHOSEN:
            self._excluded[int(after.wave), after.applicant_id] = after.state
        if is_result and after.state is not EntryState.JOINED:
            self._first[int(after.wave), after.pseudonym] = after.state

    def _count(self, member: Membership) -> None:
        wave = self.town.sight.one(Wave, member.wave)
        entry = self.town.sight.entry(member.wave, member.applicant_id)
        if wave is None or entry is None or wave.state is not WaveState.ANNOUNCED:
            self.broken(f"{member.applicant_id} is awarded in a wave that was not announced, or not joined")
        self._awarded[int(member.wave)].add(member.applicant_id)
        if len(self._awarded[int(member.wave)]) > wave.quota + wave.recovered:
            self.broken(f"wave {member.wave} has more recipients than places")

    def at_the_end(self) -> None:
        freed = {(int(each.wave), each.freed_by) for each in self.town.sight.all(FreedPlace)}
        for (number, id), state in self._excluded.items():
            if state is EntryState.EXCLUDED and (number, id) not in freed:
                self.broken(f"wave {number}: the place of {id}, who was excluded, is neither passed on nor lapsed")
        for wave in self.town.sight.all(Wave):
            if wave.state is WaveState.ANNOUNCED:
                self._draw_again(wave)

    # --- Once more, by docs/draw.md -------------------------------------------------------------------------------

    def _draw_again(self, wave: Wave) -> None:
        files = self.town.world.draw_files
        frozen = frozen_list_of(wave.number, files=files)
        drawn = draw_record_of(wave.number, wave.draw_attempt, files=files)
        entries = [each for each in self.town.sight.all(WaveEntry) if each.wave == wave.number]
        people, places_left = _people(entries)
        lots = Lots(bytes.fromhex(drawn["seed"]), int(wave.number))
        out = draw_rule.left_out(people, places_left, lots)
        standing = [each for each in people if each.pseudonym not in out]
        places = draw_rule.places(frozen["conditions"], standing, frozen["recovered"])
        if places != drawn["places"]:
            self.broken(f"wave {wave.number}: provinces have other places than the rule gives them")
        self._compare(wave, entries, self._winners(frozen, places, standing, lots))
        self._count_provinces(wave, places)

    def _winners(self, frozen: Any, places: Any, standing: list[Person], lots: Lots) -> set[bytes]:
        reserved = draw_rule.reserved(frozen["conditions"], places, standing)
        won: set[bytes] = set()
        for code in places:
            in_order = lots.ordered([each for each in standing if each.province == code])
            kept = [reserved.get(name, {}).get(code, 0) for name in ("disabled", "women")]
            won |= {each.pseudonym for each in draw_rule.winners(in_order, places[code], *kept)}
        return won

    def _compare(self, wave: Wave, entries: list[WaveEntry], won: set[bytes]) -> None:
        for entry in entries:
            first = self._first.get((int(wave.number), entry.pseudonym))
            wins = bytes.fromhex(entry.pseudonym) in won
            is_right = first is _WINS if wins else first in _LOSES or self._moved_up(entry)
            if not is_right:
                ruled = "wins" if wins else "loses"
                self.broken(f"wave {wave.number}: {entry.pseudonym} is {first}; by the rule it {ruled}")

    def _moved_up(self, entry: WaveEntry) -> bool:
        """Into a place that fell free, before their own result was told."""
        return any(each.passed_to == entry.applicant_id for each in self.town.sight.all(FreedPlace))

    def _count_provinces(self, wave: Wave, places: dict[str, int]) -> None:
        held: defaultdict[str, int] = defaultdict(int)
        for id in self._awarded[int(wave.number)]:
            entry = self.town.sight.entry(wave.number, id)  # type: ignore[arg-type]
            if entry:
                held[entry.province_code] += 1
        for code, number in held.items():
            if number > places.get(code, 0):
                self.broken(f"wave {wave.number}: {number} recipients in province {code}, which has {places.get(code)}")


def _people(entries: list[WaveEntry]) -> tuple[list[Person], dict[bytes, int]]:
    families: defaultdict[str, list[WaveEntry]] = defaultdict(list)
    for each in entries:
        families[each.family_pseudonym].append(each)
    left = {bytes.fromhex(name): min(each.family_places_left for each in kin) for name, kin in families.items()}
    crowded = {name: places for name, places in left.items() if len(families[name.hex()]) > places}
    people = [
        Person(
            bytes.fromhex(each.pseudonym),
            each.province_code,
            each.group,
            each.is_woman,
            each.is_disabled,
            family if (family := bytes.fromhex(each.family_pseudonym)) in crowded else None,
        )
        for each in entries
    ]
    return people, crowded
