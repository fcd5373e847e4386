"""Pass on a place that fell free: to whoever is next, or to a recovery wave when nobody is left."""

from chalicelib.domain.errors import AlreadyDone, Conflict, Misconfigured, NotFound
from chalicelib.domain.identifiers import ApplicantId, WaveNumber
from chalicelib.domain.selection.drawn_strata import DrawnStrata, is_of
from chalicelib.domain.selection.freed_places import FreedPlace, WaitingOrder, next_strata
from chalicelib.domain.selection.rows import ORDER, PERSON, read_rows
from chalicelib.domain.selection.stratum import Stratum
from chalicelib.domain.waves import EntryEvent, EntryState, Wave, WaveEntry, move_entry
from chalicelib.ports import DrawFiles, Places, Waves
from chalicelib.use_cases.selection.draw_papers import draw_record_of, rows_read
from chalicelib.use_cases.selection.names import order_name, people_name

_MOST_GONE = 100
"""People in a row whose entries are gone: more means that files and table are not of one draw."""
_LOT_BYTES = 8
"""Of a ticket, as ``ORDER`` has them."""
_MAY_MOVE_UP = (EntryState.JOINED, EntryState.NOT_CHOSEN)


def refill_place(
    number: WaveNumber, applicant_id: ApplicantId, *, waves: Waves, places: Places, files: DrawFiles
) -> None:
    """Once for each freed place, in one transaction with the move of whoever gets it: asked again, it finds that done.
    Two at once in one province: one of them looks again, and gets the next."""
    wave, freed = waves.get(number), _entry(number, applicant_id, waves)
    if wave is None or freed is None:
        raise NotFound("entry_unknown")
    if freed.state is not EntryState.EXCLUDED:
        raise Conflict("place_not_free")
    if places.freed(number, applicant_id):
        return
    province = freed.province_code
    order, heir = _Line(wave, province, waves, files).next_after(freed, places.order(number, province))
    passed_to = heir.applicant_id if heir else None
    try:
        places.pass_on(FreedPlace(number, applicant_id, province, passed_to), order, heir)
    except AlreadyDone:
        return  # another delivery of this message was faster


class _Line:
    """Those who wait in one province, as the draw put them in order."""

    def __init__(self, wave: Wave, province: str, waves: Waves, files: DrawFiles) -> None:
        self._wave, self._waves, self._files = wave, waves, files
        self._drawn = DrawnStrata(draw_record_of(wave.number, wave.draw_attempt, files=files))
        self._province, self._strata = province, self._drawn.of(province)
        if not self._strata:  # of a province in which somebody joined
            raise Misconfigured("draw_differs_from_published", province=province)
        self._order_file = order_name(wave.number, wave.draw_attempt, province)
        self._people_file = people_name(wave.number, province)

    def next_after(self, freed: WaveEntry, order: WaitingOrder) -> tuple[WaitingOrder, WaveEntry | None]:
        """The order when this place is passed on, and the entry that has moved up into it."""
        for _ in range(_MOST_GONE):
            stratum = self._ahead(next_strata(freed, self._strata, order), order)
            if stratum is None:
                return order.with_lapsed(), None
            entry = self._entry_at(order.next_of(stratum), stratum)
            order = order.gone_past(stratum)
            if entry and entry.state in _MAY_MOVE_UP:
                return order, move_entry(entry, EntryEvent.MOVE_UP)
        raise Misconfigured("draw_differs_from_entries")

    def _ahead(self, strata: list[Stratum], order: WaitingOrder) -> Stratum | None:
        if len(strata) <= 1:
            return strata[0] if strata else None
        return min(strata, key=lambda each: self._row(order.next_of(each)))

    def _row(self, number: int) -> tuple[int, int]:
        """Ticket, and place in the list: by pseudonym, as ties go."""
        content = rows_read(self._files, self._order_file, ORDER.itemsize, number, 1)
        if not content:
            raise Misconfigured("draw_differs_from_published")
        row = read_rows(content, ORDER)[0]
        return int(row["ticket"]), int(row["place"])

    def _entry_at(self, number: int, stratum: Stratum) -> WaveEntry | None:
        """Whose row it is, by the table: ``Misconfigured`` if they bear another ticket, or are of another stratum."""
        ticket, place = self._row(number)
        entry = _entry(self._wave.number, self._person_at(place), self._waves)
        if entry is None:
            return None
        is_here = entry.province_code == self._province and is_of(entry, stratum)
        if not is_here or int.from_bytes(self._drawn.ticket(entry)[:_LOT_BYTES], "big") != ticket:
            raise Misconfigured("draw_differs_from_published", province=self._province, row=number)
        return entry

    def _person_at(self, place: int) -> ApplicantId:
        content = rows_read(self._files, self._people_file, PERSON.itemsize, place, 1)
        if not content:
            raise Misconfigured("draw_differs_from_published")
        return ApplicantId(bytes(read_rows(content, PERSON)[0]).decode())


def _entry(wave: WaveNumber, applicant_id: ApplicantId, waves: Waves) -> WaveEntry | None:
    found = waves.entries_of(applicant_id, [wave])
    return found[0] if found else None
