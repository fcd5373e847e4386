"""What a played launch comes down to: the figures that the table, the JSON and the picture's foot all show."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from infra.prices import PRICES_OF, REGION
from infra.surge.model import Second
from infra.surge.patience import PATIENCE
from infra.surge.plan import BOTO_START_SECONDS, Plan


@dataclass(frozen=True, slots=True)
class Summary:
    arrived: int
    taken: int
    sent: int
    refused_attempts: int
    most_outside: int
    outside_until_seconds: int
    environments_lean: int
    environments_boto: int
    most_environments: int
    most_queued: int
    queue_drained_seconds: int
    most_unsent: int
    mails_drained_seconds: int
    longest_wait_seconds: int
    after_patience: int
    after_a_day: int
    mails_per_second: float
    mails_per_second_for_codes: int
    usd: float
    usd_per_million: float

    def told(self, plan: Plan) -> Mapping[str, Any]:
        """As one JSON object, with what it was made from."""
        return {"plan": asdict(plan), "prices": {"region": REGION, "of": PRICES_OF.isoformat()}, "result": asdict(self)}


def summary(plan: Plan, seconds: Sequence[Second]) -> Summary:
    last = seconds[-1]
    return Summary(
        arrived=last.arrived,
        taken=last.taken,
        sent=last.sent,
        refused_attempts=sum(each.refused for each in seconds),
        most_outside=max(each.outside for each in seconds),
        outside_until_seconds=_drained(seconds, [each.outside for each in seconds]),
        environments_lean=plan.environments(plan.start_seconds),
        environments_boto=plan.environments(BOTO_START_SECONDS),
        most_environments=max(each.environments for each in seconds),
        most_queued=max(each.queued for each in seconds),
        queue_drained_seconds=_drained(seconds, [each.queued for each in seconds]),
        most_unsent=max(each.unsent for each in seconds),
        mails_drained_seconds=_drained(seconds, [each.unsent for each in seconds]),
        longest_wait_seconds=max(each.age_seconds for each in seconds),
        after_patience=last.after_patience,
        after_a_day=last.after_a_day,
        mails_per_second=plan.sent_per_second,
        mails_per_second_for_codes=_mails_for_codes(seconds),
        usd=round(last.usd, 2),
        usd_per_million=round(last.usd / max(1, last.sent) * 1e6, 2),
    )


def _drained(seconds: Sequence[Second], waiting: Sequence[int]) -> int:
    """When the last one that had to wait was served: within the second after the last that ended with somebody
    waiting. 0 when nobody ever waited."""
    last = max((each.at for each, count in zip(seconds, waiting, strict=True) if count), default=-1)
    return last + 1


def _mails_for_codes(seconds: Sequence[Second]) -> int:
    """The quota at which nobody waits longer than their patience. All who came until a second must have their mail
    that long after it; fewer and fewer come, so that the line once gone does not come again."""
    lives = PATIENCE.total_seconds()
    return math.ceil(max(each.opened / (each.at + lives) for each in seconds))
