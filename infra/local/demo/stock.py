"""What is left on queues, what the bank's books say, and what ours do."""

from infra.local.demo.api import Api
from infra.local.demo.counts import Counts


def take_stock(counts: Counts, api: Api, staff: str) -> None:
    progress = api.get("/local/progress")
    depths = progress["queues"].values()
    counts.queues_left = sum(depth["visible"] + depth["in_flight"] + depth["delayed"] for depth in depths)
    counts.dead_letters = sum(progress["dead_letters"].values())
    bank = Api(progress["neighbours"]["bank"])
    counts.bank_paid_rupiah = bank.get("/books")["totals"]["paid_rupiah"]
    bank.close()
    counts.ledger_sum_rupiah, counts.paid_rupiah = _ledger(api, staff)


def _ledger(api: Api, staff: str) -> tuple[int, int]:
    """(sum over every line of every posting, sum that left by banks), by way of the staff's own pages."""
    total, paid, after = 0, 0, ""
    while True:
        page = api.get(f"/v1/staff/ledger/postings?limit=100&after={after}", staff)
        lines = [line for posting in page["postings"] for line in posting["lines"]]
        total += sum(amount for _, amount in lines)
        paid += sum(amount for account, amount in lines if account.startswith("bank:"))
        if not page["next"]:
            return total, paid
        after = page["next"]
