"""Tell somebody where they stand in a wave, with the proof of it."""

from chalicelib.domain.errors import Misconfigured, NotFound
from chalicelib.domain.identifiers import ApplicantId, WaveNumber
from chalicelib.domain.selection.freed_places import class_of
from chalicelib.domain.selection.layout import CLASSES, PAGE_ROWS, Flag
from chalicelib.domain.selection.merkle import (
    HASH_BYTES,
    PAGE_BYTES,
    climbed,
    families_leaf,
    page_leaf,
    province_leaf,
    steps_of,
)
from chalicelib.domain.selection.nearby import ReadRows, Stretch, find_row
from chalicelib.domain.selection.rows import LIST, ORDER, read_rows
from chalicelib.domain.selection.tickets import Lottery
from chalicelib.domain.selection.wave_receipts import (
    Listing,
    Lot,
    Proof,
    WaveReceipt,
    is_frozen,
    is_told,
    standing_of,
)
from chalicelib.domain.waves import Wave, WaveEntry
from chalicelib.ports import DrawFiles, Waves
from chalicelib.use_cases.selection.draw_papers import draw_record_of, frozen_list_of, rows_read
from chalicelib.use_cases.selection.names import leaves_name, list_name, order_name

_LOT_BYTES = 8
"""Of a ticket, as ``ORDER`` has them."""


def read_wave_receipt(applicant_id: ApplicantId, number: WaveNumber, *, waves: Waves, files: DrawFiles) -> WaveReceipt:
    """Never reads a whole list: pseudonyms and tickets are random, and so lie about where they must. Files that are
    gone (they are kept for 400 days) leave out the proof and the rank, no more."""
    wave = waves.get(number)
    if wave is None:
        raise NotFound("wave_unknown", field="number")
    entries = waves.entries_of(applicant_id, [number])
    if not entries:
        raise NotFound("wave_not_joined", field="number")
    entry = entries[0]
    listing = _listing(wave, entry, files) if is_frozen(wave) else None
    lot = _lot(wave, entry, files) if is_told(wave, entry) else None
    return WaveReceipt(wave, entry, standing_of(wave, entry), listing, lot)


def _listing(wave: Wave, entry: WaveEntry, files: DrawFiles) -> Listing | None:
    name = list_name(wave.number, entry.province_code)
    whole = Stretch(0, (files.size(name) or 0) // LIST.itemsize, LIST.itemsize)
    found = find_row(bytes.fromhex(entry.pseudonym), whole, _reader(files, name, LIST.itemsize))
    if found is None:
        return None
    row = read_rows(found.row, LIST)[0]
    flags = int(row["flags"])
    proof = _proof(wave, entry.province_code, found.number // PAGE_ROWS, files)
    return Listing(int(row["group"]), flags % CLASSES, bool(flags & Flag.IN_FAMILIES), proof)


def _proof(wave: Wave, province: str, page_number: int, files: DrawFiles) -> Proof:
    content = files.read(leaves_name(wave.number, province))
    leaves = [content[start : start + HASH_BYTES] for start in range(0, len(content), HASH_BYTES)]
    frozen = frozen_list_of(wave.number, files=files)
    codes = sorted(frozen["provinces"])
    tops = [province_leaf(code, bytes.fromhex(frozen["provinces"][code]["root"])) for code in codes]
    tops.append(families_leaf(bytes.fromhex(frozen["families"]["sha256"])))
    proof = Proof(
        page=rows_read(files, list_name(wave.number, province), PAGE_BYTES, page_number, 1),
        page_number=page_number,
        steps_to_province=steps_of(leaves, page_number),
        steps_to_root=steps_of(tops, codes.index(province)),
    )
    _check(proof, province, wave)
    return proof


def _check(proof: Proof, province: str, wave: Wave) -> None:
    """A proof that proves nothing would be worse than none."""
    top = province_leaf(province, climbed(page_leaf(proof.page), proof.steps_to_province))
    if climbed(top, proof.steps_to_root).hex() != wave.frozen_root:
        raise Misconfigured("list_differs_from_frozen", wave=int(wave.number), province=province)


def _lot(wave: Wave, entry: WaveEntry, files: DrawFiles) -> Lot:
    record = draw_record_of(wave.number, wave.draw_attempt, files=files)
    seed = bytes.fromhex(record["seed"])
    ticket = Lottery(seed, int(wave.number)).ticket(bytes.fromhex(entry.pseudonym))
    ahead = 0
    for stratum in (each for each in record["strata"] if each["province"] == entry.province_code):
        standing = stratum["standing"]
        if (stratum["group"], stratum["class"]) == (entry.group, class_of(entry)):
            rank = _rank(wave, entry.province_code, ticket, Stretch(ahead, ahead + standing, ORDER.itemsize), files)
            return Lot(seed, ticket, rank, standing, stratum["places"], stratum["cut_off"])
        ahead += standing
    return Lot(seed, ticket, None, 0, 0, None)


def _rank(wave: Wave, province: str, ticket: bytes, stratum: Stretch, files: DrawFiles) -> int | None:
    name = order_name(wave.number, wave.draw_attempt, province)
    found = find_row(ticket[:_LOT_BYTES], stratum, _reader(files, name, stratum.row_bytes))
    return found.number - stratum.start + 1 if found else None


def _reader(files: DrawFiles, name: str, row_bytes: int) -> ReadRows:
    return lambda first, count: rows_read(files, name, row_bytes, first, count)
