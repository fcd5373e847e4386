"""What a registration costs, call by call. docs/cost.md prints it; the play of a launch adds it up over time."""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from infra import prices
from infra.surge.plan import (
    BATCH_SECONDS,
    MAIL_SECONDS,
    REQUEST_SECONDS,
    ROOT,
    VERIFICATION_SECONDS,
    VERIFICATION_WRITES,
    Front,
    Worker,
)

NAIVE_SECONDS = 0.15
"""Hash of the password, transaction and SES, one after the other, while the person waits."""

_NOTING_SECONDS = 0.05
_IN_A_CALL = 10
_LOG_GB_PER_CALL = 350e-9
_TRACED = 0.05
"""A line of the gateway's or of Lambda's own; X-Ray follows one request in twenty."""
_ANSWER_GB = 1e-6

STEPS = ("request", "queue", "worker", "table", "mail", "verification", "logs, traces, transfer")


@dataclass(frozen=True, slots=True)
class Cost:
    step: str
    usd: float


@cache
def _memory_gb(function: str) -> float:
    config = json.loads((ROOT / ".chalice/config.json").read_text("utf-8"))
    megabytes: int = config["lambda_functions"][function]["lambda_memory_size"]
    return megabytes / 1024


def _call(function: str, seconds: float) -> float:
    return prices.FUNCTION_REQUEST + seconds * _memory_gb(function) * prices.FUNCTION_GB_SECOND


def request(front: Front) -> float:
    """Until the answer leaves, without what keeps the message."""
    gateway = prices.HTTP_API_REQUEST if front is Front.HTTP_API else prices.REST_API_REQUEST
    return gateway + (0 if front is Front.DIRECT_QUEUE else _call("api_handler", REQUEST_SECONDS))


def opening(opener: Worker) -> float:
    """The worker's calls for one registration, of full batches: its share of receiving, of the function, of passing on
    and of deleting. A queue call takes ten messages, however large the batch."""
    calls = 3 * math.ceil(opener.batch / _IN_A_CALL) * prices.QUEUE_REQUEST
    return (calls + _call("open_accounts", BATCH_SECONDS)) / opener.batch


def keeping() -> float:
    """The account, and its network's bucket."""
    return 2 * prices.TABLE_WRITE


def mailing(batch: int) -> float:
    """Fetching the order; taking up and settling the outbox, a turn; reading the account and whether its address is
    suppressed; once a batch, plan, traffic (12 KB, as it may be) and count; SES, and its word that it was delivered."""
    calls = (2 * prices.QUEUE_REQUEST + _call("send_mails", MAIL_SECONDS * batch)) / batch
    tables = 3 * prices.TABLE_WRITE + 2 * prices.TABLE_READ
    shared = (prices.TABLE_READ * (1 + 1.5) + prices.TABLE_WRITE) / batch
    return calls + tables + shared + prices.MAIL + _noting()


def _noting() -> float:
    """Notices come a hundred at a time, and their deliveries are one count."""
    batch = 100
    calls = 2 * math.ceil(batch / _IN_A_CALL) * prices.QUEUE_REQUEST + _call("note_mail_fates", _NOTING_SECONDS)
    return prices.NOTICE + (calls + prices.TABLE_WRITE) / batch


def verification(front: Front) -> float:
    """Always through the function, whatever takes registrations. By the typed code; the link needs a write and a read
    less, because nobody can guess it."""
    gateway = prices.HTTP_API_REQUEST if front is Front.HTTP_API else prices.REST_API_REQUEST
    tables = (VERIFICATION_WRITES + 1) * prices.TABLE_WRITE + 2 * prices.TABLE_READ  # one is the network's bucket
    return gateway + _call("api_handler", VERIFICATION_SECONDS) + tables


def watching(front: Front) -> float:
    """Two requests' log lines, traces and answers."""
    lines = 3 if front is Front.DIRECT_QUEUE else 4
    observed = lines * _LOG_GB_PER_CALL * prices.LOG_GB + 2 * _TRACED * prices.TRACE
    return observed + 2 * _ANSWER_GB * prices.TRANSFER_GB


def per_registration(front: Front, opener: Worker, mailer: Worker) -> Iterator[Cost]:
    """All that one registration leads to, when its owner answers the mail."""
    costs = (
        request(front),
        prices.QUEUE_REQUEST,
        opening(opener),
        keeping(),
        mailing(mailer.batch),
        verification(front),
        watching(front),
    )
    return (Cost(step, usd) for step, usd in zip(STEPS, costs, strict=True))


def per_guarded_registration() -> Iterator[Cost]:
    """The naive design with the same guards, each a read and a write: network, suppression, pace, traffic before the
    mail; every notice a call of a function that counts it."""
    guards = 3 * (prices.TABLE_READ + prices.TABLE_WRITE) + prices.TABLE_READ
    notice = prices.NOTICE + _call("note_mail_fates", REQUEST_SECONDS) + prices.TABLE_READ + prices.TABLE_WRITE
    for each in per_naive_registration():
        yield Cost(each.step, each.usd + guards + notice) if each.step == "mail" else each


def per_naive_registration() -> Iterator[Cost]:
    """Everything while the person waits: hash, account and address in one transaction, SES. The link is then one read
    and two writes, the account and the session."""
    request_usd = prices.REST_API_REQUEST + _call("api_handler", NAIVE_SECONDS)
    link = prices.REST_API_REQUEST + _call("api_handler", REQUEST_SECONDS) + 2 * prices.TABLE_WRITE + prices.TABLE_READ
    costs = (request_usd, 0.0, 0.0, 4 * prices.TABLE_WRITE, prices.MAIL, link, watching(Front.REST))
    return (Cost(step, usd) for step, usd in zip(STEPS, costs, strict=True))
