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
        _note_changes(_theirs(piles, bucket, Source.EARLIER), theirs, tally)
        ours, booked = _ours(piles, bucket), _booked(piles, bucket)
        rest = _unlike(theirs, ours, booked, str(day.toordinal()), tally)
        missing = (ours.keys() | booked.keys()) - theirs.keys() - elsewhere
        for key in sorted(rest | missing):
            kind, _, reference = key.partition("/")
            asked = ours.get(f"{Kind.PAYMENT}/{reference}")
            line, posted = theirs.get(key), booked.get(key)
            found = judged(
                Kind(kind),
                reference,
                _line(line) if line else None,
                _request(asked) if asked else None,
                _posted(posted) if posted else None,
                day.toordinal(),
                tally,
            )
            if found is not None and found.verdict is not Verdict.MATCHED:
                yield found


def _unlike(theirs: dict[str, str], ours: dict[str, str], booked: dict[str, str], day: str, tally: Tally) -> set[str]:
    """The statement's movements without those that all three books have on this day with one amount: nearly all. They
    are told by their text alone."""
    rest: set[str] = set()
    total = 0
    for key, line in theirs.items():
        amount = line.partition("\t")[0]
        asked, _, first_sent, _ = ours.get(key, _NOTHING).split("\t", 3)
        posted = booked.get(key, "")
        is_asked = asked == amount and first_sent == day
        if is_asked and posted.startswith(f"{amount}\t{day}\t") and "\n" not in posted:
            total += int(amount)
        else:
            rest.add(key)
    tally.counts[Verdict.MATCHED] += len(theirs) - len(rest)
    tally.theirs += total
    tally.booked += total
    return rest


_NOTHING = "\t\t\t"
"""Columns of a request that there is not."""


def _note_changes(earlier: dict[str, str], theirs: dict[str, str], tally: Tally) -> None:
    if earlier:
        tally.note_changes(*({key: _line(line) for key, line in book.items()} for book in (earlier, theirs)))
    else:
        tally.counts["added"] += len(theirs)


def _theirs(piles: Piles, bucket: int, source: Source) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, line in piles.rows(source, bucket):
        if found.setdefault(key, line) is not line:
            raise InvalidInput("statement_line_doubled", line=_line(line).number, first=_line(found[key]).number)
    return found


def _ours(piles: Piles, bucket: int) -> dict[str, str]:
    """The newest note of each."""
    newest: dict[str, str] = {}
    for key, asked in piles.rows(Source.OURS, bucket):
        known = newest.get(key)
        if known is None or _version(known) < _version(asked):
            newest[key] = asked
    return newest


def _booked(piles: Piles, bucket: int) -> dict[str, str]:
    """Where a movement has several postings, a line each."""
    found: dict[str, str] = {}
    for key, posted in piles.rows(Source.LEDGER, bucket):
        known = found.get(key)
        if known != posted:
            found[key] = f"{known}\n{posted}" if known else posted
    return found


def _line(text: str) -> Line:
    amount, number = text.split("\t")
    return Line(int(amount), int(number))


def _version(asked: str) -> int:
    return int(asked.rpartition("\t")[2])


def _request(text: str) -> Request:
    amount, state, day, payout_id, _ = text.split("\t")
    return Request(int(amount), int(day), state, payout_id)


def _posted(text: str) -> Booked | None:
    """A posting may be noted twice, and counts once."""
    by_key = {row[2]: row for row in (each.split("\t") for each in text.split("\n"))}
    total = sum(int(amount) for amount, *_ in by_key.values())
    _, day, key = list(by_key.values())[-1]
    named = key.partition("incentive-")[2]  # paid/<payout id>/<attempt>
    return Booked(total, int(day), named.partition("/")[2].rpartition("/")[0]) if total else None
