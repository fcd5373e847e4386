"""Our two books as they lie in the journal's bucket, a line each: requests as the payouts' stream tells them, postings
as the ledger's does. What is noted twice counts once (``comparison.py``)."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import lru_cache

from chalicelib.domain.errors import Misconfigured
from chalicelib.domain.ledger import bank_account
from chalicelib.domain.payout_references import REFERENCE_LENGTH, reference_of
from chalicelib.domain.reconciliation.movements import Kind, Piles, Source
from chalicelib.domain.time import wib_date

_CORRECTION = b"correction/"
_KINDS = {b"incentive-paid": Kind.PAYMENT, b"incentive-reversed": Kind.REVERSAL}
# Lines of ``ledger_journal.line_of`` are read by their text: of a neighbour's million, nearly none is of interest.
_KEY = re.compile(rb'"key": ?"(((?:correction/)*)(incentive-paid|incentive-reversed)/([^"]*)/([0-9]+))"').search
_AMOUNT = re.compile(rb'"amount": ?([0-9]+)').search
_POSTED_AT = re.compile(rb'"posted_at": ?"([^"]{13})[^"]*([^"]{6})"').search


REQUESTS = "requests/"


def requests_folder(bank: str, day: date) -> str:
    """Of what was first sent on this day."""
    return f"{REQUESTS}{bank}/{day.isoformat()}/"


def request_row(reference: str, *, amount: int, state: str, day: date, payout_id: str, version: int) -> str:
    """A line of the requests' files: tabs between the columns, because they are read by the million."""
    return f"{reference}\t{amount}\t{state}\t{day.toordinal()}\t{payout_id}\t{version}\n"


def pile_requests(pieces: Iterable[bytes], piles: Piles, *, is_of_day: bool = True) -> None:
    """Of another day only those whose reference this day's books have: put in before."""
    for piece in _whole_lines(pieces):
        lines = piece.split(b"\n")
        for line in lines if is_of_day else [line for line in lines if piles.knows(line[:REFERENCE_LENGTH])]:
            reference, _, rest = line.partition(b"\t")
            if rest:
                piles.put(Source.OURS, Kind.PAYMENT, reference, rest)


def pile_postings(pieces: Iterable[bytes], piles: Piles, *, bank: str, is_of_day: bool = True) -> None:
    """Those of payouts against the bank's account: suspense is what this comparison makes of them. Of another day only
    those whose reference this day's books have: put in before."""
    is_against = re.compile(rb'"against": ?"%b"' % bank_account(bank).encode()).search
    for piece in _whole_lines(pieces):
        for line in piece.split(b"\n"):
            key = _KEY(line)
            if key is None:
                continue
            reference = reference_of(key[4].decode(), int(key[5])).encode()
            if (is_of_day or piles.knows(reference)) and is_against(line):
                piles.put(Source.LEDGER, _KINDS[key[3]], reference, _columns(line, key))


def _columns(line: bytes, key: re.Match[bytes]) -> bytes:
    amount, posted_at = _AMOUNT(line), _POSTED_AT(line)
    if amount is None or posted_at is None:
        raise Misconfigured("posting_not_readable", key=key[1].decode())
    is_taken_back = key[2].count(_CORRECTION) % 2  # a wrong correction is corrected as well
    day = _ordinal((posted_at[1] + posted_at[2]).decode())
    return b"%b%b\t%d\t%b" % (b"-" if is_taken_back else b"", amount[1], day, key[1])


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
