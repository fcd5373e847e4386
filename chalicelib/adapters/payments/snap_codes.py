"""What the response codes of BI-SNAP mean for a transfer: the HTTP status and the two digits of the case.

Whoever is paid twice cannot be asked to give it back, so everything the table does not promise to be unpaid is unknown:
codes that speak of a transaction which exists already, and codes that nobody has heard of.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.domain.banking import TransferOutcome

ACCEPTED = "20000"
STALE_TOKEN = frozenset({"40101", "40103"})
EXTERNAL_ID_USED = "40900"
NO_SUCH_TRANSACTION = "40401"


@dataclass(frozen=True, slots=True)
class Meaning:
    outcome: TransferOutcome
    reason: str | None = None


_IN_DOUBT = Meaning(TransferOutcome.UNKNOWN)

_REFUSED: Mapping[str, str] = {
    "40309": "account_closed",
    "40318": "account_closed",
    "40411": "account_invalid",
}
"""The recipient's account is the matter: another one must be linked."""

_NOT_TAKEN: Mapping[str, str] = {
    # Ours to mend.
    "40000": "our_request",
    "40001": "our_request",
    "40002": "our_request",
    "40500": "our_request",
    "40501": "our_request",
    "40100": "bank_refuses_us",
    "40101": "bank_refuses_us",
    "40102": "bank_refuses_us",
    "40103": "bank_refuses_us",
    "40104": "bank_refuses_us",
    # Steps with a one-time code or a card, which a payout does not have: whoever asks for one took us for another.
    "40307": "our_request",
    "40308": "our_request",
    "40310": "our_request",
    "40311": "our_request",
    "40312": "our_request",
    "40313": "our_request",
    "40317": "our_request",
    "40321": "our_request",
    "40322": "our_request",
    "40406": "our_request",
    "40407": "our_request",
    "40415": "our_request",
    # Merchants, terminals and bills: likewise.
    "40405": "our_request",
    "40408": "our_request",
    "40409": "our_request",
    "40412": "our_request",
    "40413": "our_request",
    "40416": "our_request",
    "40417": "our_request",
    "40419": "our_request",
    # What the bank does not allow us, for now or for good.
    "40301": "not_permitted",
    "40306": "not_permitted",
    "40315": "not_permitted",
    "40316": "not_permitted",
    "40319": "not_permitted",
    "40303": "suspected_fraud",
    "40305": "not_honoured",
    "40402": "no_route",
    "40403": "no_route",
    # Another day, another hour, other funds.
    "40302": "amount_limit",
    "40304": "activity_limit",
    "40320": "account_limit",
    "40323": "account_limit",
    "40314": "insufficient_funds",
    "42900": "rate_limit",
}

_MEANINGS: Mapping[str, Meaning] = {
    ACCEPTED: Meaning(TransferOutcome.SETTLED),
    **{case: Meaning(TransferOutcome.REFUSED, reason) for case, reason in _REFUSED.items()},
    **{case: Meaning(TransferOutcome.NOT_TAKEN, reason) for case, reason in _NOT_TAKEN.items()},
}

STATUS_MEANINGS: Mapping[str, Meaning] = {
    "00": Meaning(TransferOutcome.SETTLED),
    "01": _IN_DOUBT,
    "02": _IN_DOUBT,
    "03": _IN_DOUBT,
    "04": Meaning(TransferOutcome.REFUSED, "refunded"),
    "05": Meaning(TransferOutcome.REFUSED, "cancelled"),
    "06": Meaning(TransferOutcome.REFUSED, "failed"),
    "07": Meaning(TransferOutcome.NOT_FOUND),
}
"""By ``latestTransactionStatus``."""


def meaning_of(case: str) -> Meaning:
    """Of a transfer's answer, by HTTP status and case: ``40314``."""
    return _MEANINGS.get(case, _IN_DOUBT)
