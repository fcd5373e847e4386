"""Our two books as they lie in the journal's bucket, a line each: requests as the payouts' stream tells them, postings
as the ledger's does. What is noted twice counts once (``comparison.py``)."""

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import lru_cache

from chalicelib.domain.payout_references import reference_of
from chalicelib.domain.reconciliation.movements import Kind, Piles, Put, Source
from chalicelib.domain.time import wib_date

_CORRECTION = "correction/"
_KINDS = {"incentive-paid": Kind.PAYMENT, "incentive-reversed": Kind.REVERSAL}


def requests_folder(bank: str, day: date) -> str:
    """Of what was first sent on this day."""
    return f"requests/{bank}/{day.isoformat()}/"


def request_row(reference: str, *, amount: int, state: str, day: date, payout_id: str, version: int) -> str:
    """A line of the requests' files: tabs between the columns, because they are read by the million."""
    return f"{reference}\t{amount}\t{state}\t{day.toordinal()}\t{payout_id}\t{version}\n"


def pile_requests(pieces: Iterable[bytes], piles: Piles, *, is_of_day: bool = True) -> None:
    """Of another day only those whose reference this day's books have: put in before."""
    put = piles.put if is_of_day else piles.put_if_known
    for piece in _whole_lines(pieces):
        for line in filter(None, piece.splitlines()):
            reference, _, rest = line.partition(b"\t")
            put(Source.OURS, Kind.PAYMENT, reference, rest)


def pile_postings(pieces: Iterable[bytes], piles: Piles, *, bank: str, is_of_day: bool = True) -> None:
    """Those of payouts against the bank's account: suspense is what this comparison makes of them. Of another day only
    those whose reference this day's books have: put in before."""
    put = piles.put if is_of_day else piles.put_if_known
    against = f"bank:{bank}"
    for piece in _whole_lines(pieces):
        for row in json.loads(b"[%b]" % b",".join(filter(None, piece.splitlines()))):
            if row["against"] == against:
                _pile_posting(row["key"], row["amount"], row["posted_at"], put)


def _pile_posting(key: str, amount: int, posted_at: str, put: Put) -> None:
    corrected, signed = key, amount
    while corrected.startswith(_CORRECTION):  # a wrong correction is corrected as well
        corrected, signed = corrected.removeprefix(_CORRECTION), -signed
    event, _, rest = corrected.partition("/")
    payout_id, _, attempt = rest.rpartition("/")
    if event in _KINDS and attempt.isdecimal():
        day = _ordinal(posted_at[:13] + posted_at[-6:])
        columns = f"{signed}\t{day}\t{payout_id}\t{key}".encode()
        put(Source.LEDGER, _KINDS[event], reference_of(payout_id, int(attempt)).encode(), columns)


@lru_cache(maxsize=1024)
def _ordinal(hour: str) -> int:
    """The day in Jakarta, by hour and offset: ``2026-03-02T10+07:00``."""
    return wib_date(datetime.fromisoformat(hour)).toordinal()


def _whole_lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for piece in pieces:
        whole, _, rest = (rest + piece).rpartition(b"\n")
        yield whole
    yield rest
