"""Note what we asked of banks, as payouts move: one of the three witnesses of a reconciliation."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from hashlib import sha256

from chalicelib.domain.commands import Change
from chalicelib.domain.payout_references import reference_of
from chalicelib.domain.reconciliation.journals import request_row, requests_folder
from chalicelib.domain.time import wib_date
from chalicelib.ports import Journal


def feed_requests(changes: Sequence[Change], *, batch: str, journal: Journal) -> Sequence[Change]:
    """A file for each channel and day in the batch, by the batch's name: come again, it lies there. A request
    belongs to the day on which it was sent. Those that cannot be read are told back."""
    noted: defaultdict[tuple[str, date], list[str]] = defaultdict(list)
    unreadable: list[Change] = []
    for change in changes:
        if change.kind == "payout" and change.facts.get("submitted_at") and change.facts.get("bank"):
            try:
                day = wib_date(datetime.fromisoformat(str(change.facts["submitted_at"])))
                noted[str(change.facts["bank"]), day].append(_row(change, day))
            except (KeyError, ValueError):
                unreadable.append(change)
    for (bank, day), rows in noted.items():
        content = "".join(rows).encode()
        name = f"{batch}-{sha256(content).hexdigest()[:16]}"  # a batch that differs is a file of its own
        journal.keep(f"{requests_folder(bank, day)}{name}.tsv", content)
    return unreadable


def _row(change: Change, day: date) -> str:
    facts = change.facts
    return request_row(
        reference_of(change.id, int(facts.get("payment_attempt", 1))),
        amount=int(facts["amount"]),
        state=change.after,
        day=day,
        payout_id=change.id,
        version=int(facts["version"]),
    )
