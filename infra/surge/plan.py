"""What a launch is played with: how many come, what the deployment allows, and what Amazon allows the deployment.

Amazon's own limits are constants here; ours are read from the code and the template, so that a plan made tomorrow is
made with tomorrow's figures.
"""

import ast
import math
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]

LAUNCH_RATE = 1_333
LAUNCH_MINUTE = 80_000
LAUNCH_DAY = 1_432_133
"""The programme's launch: so many in its busiest minute (1,333 a second), so many in its first day."""

NEW_TABLE_WRITES = 4_000
"""A second, of an on-demand table that never had more."""

ENVIRONMENTS_AT_ONCE = 1_000
ENVIRONMENTS_PERIOD_SECONDS = 10
"""A function may grow by so many in such a time."""

FUNCTION_QUOTA = 1_000
"""Concurrent executions of an account that never asked for more (a new one may start with less)."""

BOTO_START_SECONDS = 0.6
LEAN_START_SECONDS = 0.15
OWN_START_SECONDS = 0.1
"""From the first byte of code to the first answer: of `api_handler` with botocore's client and without it, and of the
function that registrations have to themselves. The last is CPU time of this project's machine, not measured on Lambda;
there `api_handler` takes twice what is written here (docs/benchmarks.md)."""

REQUEST_SECONDS = 0.01
BATCH_SECONDS = 0.08
MAIL_SECONDS = 0.1
VERIFICATION_SECONDS = 0.07
"""Of warm functions: a registration (one queue call), a worker's batch (25 accounts in one call, three calls of the
queue), one mail (three table calls and SES), a verification (24 ms of Argon2id on a whole core, of which 1,024 MB have
0.58; five table calls). Estimates until there is a deployment to measure."""

VERIFYING = 0.8
VERIFYING_AFTER_SECONDS = 60
VERIFICATION_WRITES = 3
"""How many answer their mail, how soon, and what that writes to the table of accounts."""


class Front(StrEnum):
    """What takes the request, as ``infra/fronts`` names them."""

    REST = "rest"
    HTTP_API = "http-api"
    DIRECT_QUEUE = "direct-queue"
    OWN_FUNCTION = "own-function"


@dataclass(frozen=True, slots=True)
class Worker:
    batch: int
    most_at_once: int


@dataclass(frozen=True, slots=True)
class Plan:
    rate: int
    minutes: int
    mails_per_second: float
    front: Front
    gateway_per_second: int
    gateway_burst: int
    opener: Worker
    mailer: Worker
    retry_after_seconds: int = 5
    start_seconds: float = LEAN_START_SECONDS
    function_quota: int = FUNCTION_QUOTA
    warm_environments: int = 0
    table_writes: int = NEW_TABLE_WRITES
    is_prepared: bool = False

    @property
    def day_total(self) -> int:
        return round(LAUNCH_DAY * self.rate / LAUNCH_RATE)

    @property
    def minute_total(self) -> int:
        return round(LAUNCH_MINUTE * self.rate / LAUNCH_RATE)

    @property
    def opened_per_second(self) -> float:
        """By as many workers as the handler allows."""
        return self.opener.most_at_once * self.opener.batch / BATCH_SECONDS

    @property
    def sent_per_second(self) -> float:
        """Mails: the providers' quota, or what our own senders can do, whichever is less."""
        return min(self.mails_per_second, self.mailer.most_at_once / MAIL_SECONDS)

    def environments(self, start_seconds: float) -> int:
        """Wanted in the first second: whoever comes before the first environment is free again needs one of his own."""
        if self.front is Front.DIRECT_QUEUE:
            return 0
        return math.ceil(self.rate * (start_seconds + REQUEST_SECONDS))


def deployed(rate: int, minutes: int, mails_per_second: float, front: Front) -> Plan:
    """As a deployment of today would meet the launch, but for the mail quota, which has to be named."""
    gateway = _throttling()
    return Plan(
        rate,
        minutes,
        mails_per_second,
        front,
        gateway_per_second=gateway["ThrottlingRateLimit"],
        gateway_burst=gateway["ThrottlingBurstLimit"],
        opener=reader_of("opening", "registrations-to-open"),
        mailer=reader_of("mail", "mails-to-send"),
        start_seconds=OWN_START_SECONDS if front is Front.OWN_FUNCTION else LEAN_START_SECONDS,
    )


def prepared(plan: Plan) -> Plan:
    """With every limit but the mail quota raised to what the plan's rate wants, and half as much again."""
    wanted = math.ceil(plan.rate * 1.5)
    writes = wanted + math.ceil(VERIFICATION_WRITES * VERIFYING * plan.mails_per_second)
    environments = plan.environments(plan.start_seconds)
    openers = math.ceil(wanted * BATCH_SECONDS / plan.opener.batch)
    return replace(
        plan,
        gateway_per_second=max(plan.gateway_per_second, wanted),
        gateway_burst=max(plan.gateway_burst, wanted // 2),
        opener=replace(plan.opener, most_at_once=max(plan.opener.most_at_once, openers)),
        mailer=replace(
            plan.mailer, most_at_once=max(plan.mailer.most_at_once, math.ceil(plan.mails_per_second * MAIL_SECONDS))
        ),
        function_quota=max(plan.function_quota, 2 * environments, math.ceil(wanted / 10)),
        warm_environments=environments if environments > ENVIRONMENTS_AT_ONCE // 2 else 0,
        table_writes=max(plan.table_writes, writes),
        is_prepared=True,
    )


def reader_of(feature: str, queue: str) -> Worker:
    """Batch and concurrency, as the decorator of the queue's reader says; read, not imported: no stage is needed."""
    source = ROOT / "chalicelib/handlers" / f"{feature}.py"
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("on_sqs_message"):
            said = {each.arg: each.value for each in node.keywords}
            if queue in ast.unparse(said["queue"]):
                return Worker(ast.literal_eval(said["batch_size"]), ast.literal_eval(said["maximum_concurrency"]))
    raise LookupError(f"{source} reads no queue {queue}")


def _throttling() -> dict[str, int]:
    overlay = yaml.safe_load((ROOT / "infra/overlay.yaml").read_text("utf-8"))
    settings: dict[str, int] = overlay["Resources"]["RestAPI"]["Properties"]["MethodSettings"][0]
    return settings
