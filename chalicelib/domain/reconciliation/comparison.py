"""The three-way comparison of one day of one channel: the bank's statement, our requests, the ledger.

Each movement belongs to one day: that of the statement that has it; else that of our request; else that of the posting.
Money that is said by one book and not by another is a difference, with the amount by which the bank's word exceeds the
ledger's: so much goes to suspense, until the books agree.
"""

from collections.abc import Iterator
from datetime import date

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.reconciliation.movements import BUCKETS, Kind, Piles, Source
from chalicelib.domain.reconciliation.verdicts import Booked, Found, Line, Request, Tally, Verdict, judged

DAYS_BEFORE = 3
"""How long before the bank's day a request may have left, and a movement may stand in another day's statement."""
DAYS_AFTER = 3
"""How much later the ledger may learn of it, and a request that the bank put off may be sent again."""


def compare(piles: Piles, day: date, *, elsewhere: frozenset[str], tally: Tally) -> Iterator[Found]:
    """Differences, bucket by bucket; what matches is only counted. ``elsewhere``: movements that other days' statements
    have. ``InvalidInput`` names a line that stands there twice."""
    for bucket in range(BUCKETS):
        theirs = _theirs(piles, bucket, Source.THEIRS)
        tally.note_changes(_theirs(piles, bucket, Source.EARLIER), theirs)
        ours, booked = _ours(piles, bucket), _booked(piles, bucket)
        rest = _unlike(theirs, ours, booked, day.toordinal(), tally)
        missing = (ours.keys() | booked.keys()) - theirs.keys() - elsewhere
        for key in sorted(rest | missing):
            kind, _, reference = key.partition("/")
            request = ours.get(f"{Kind.PAYMENT}/{reference}")
            found = judged(Kind(kind), reference, theirs.get(key), request, booked.get(key), day.toordinal(), tally)
            if found is not None and found.verdict is not Verdict.MATCHED:
                yield found


def _unlike(
    theirs: dict[str, Line], ours: dict[str, Request], booked: dict[str, Booked], day: int, tally: Tally
) -> set[str]:
    """The statement's movements without those that all three books have on this day with one amount: nearly all."""
    rest: set[str] = set()
    total = 0
    for key, (amount, _) in theirs.items():
        request, posting = ours.get(key), booked.get(key)
        if request is None or posting is None or request[:2] != (amount, day) or posting[:2] != (amount, day):
            rest.add(key)
        else:
            total += amount
    tally.counts[Verdict.MATCHED] += len(theirs) - len(rest)
    tally.theirs += total
    tally.booked += total
    return rest


def _theirs(piles: Piles, bucket: int, source: Source) -> dict[str, Line]:
    found: dict[str, Line] = {}
    for key, amount, line in piles.rows(source, bucket):
        if key in found:
            raise InvalidInput("statement_line_doubled", line=int(line), first=found[key].number)
        found[key] = Line(int(amount), int(line))
    return found


def _ours(piles: Piles, bucket: int) -> dict[str, Request]:
    newest: dict[str, list[str]] = {}
    for row in piles.rows(Source.OURS, bucket):
        known = newest.get(row[0])
        if known is None or int(known[5]) < int(row[5]):
            newest[row[0]] = row
    return {key: Request(int(row[1]), int(row[3]), row[2], row[4]) for key, row in newest.items()}


def _booked(piles: Piles, bucket: int) -> dict[str, Booked]:
    """A posting may be noted twice, and counts once."""
    found: dict[str, Booked] = {}
    seen: set[str] = set()
    for key, amount, day, payout_id, posting in piles.rows(Source.LEDGER, bucket):
        if posting not in seen:
            seen.add(posting)
            before = found[key].amount if key in found else 0
            found[key] = Booked(before + int(amount), int(day), payout_id)
    return {key: each for key, each in found.items() if each.amount}
