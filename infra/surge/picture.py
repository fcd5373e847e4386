"""The panels of a launch: who comes and is taken, what waits where and how long, and what it costs."""

from collections.abc import Sequence

from infra.prices import PRICES_OF, REGION
from infra.surge.chart import Limit, Panel, Series, drawing
from infra.surge.model import Second
from infra.surge.patience import ONE_DAY, PATIENCE
from infra.surge.plan import MAIL_SECONDS, Plan
from infra.surge.summary import Summary

POINTS = 500
BLUE, ORANGE, GREEN, GREY = "#1f5fa8", "#d9782b", "#2c7a4b", "#7a8794"


def picture(plan: Plan, seconds: Sequence[Second], told: Summary) -> str:
    shown = _shown(seconds)
    way = "limits raised" if plan.is_prepared else "as deployed"
    mails = f"{plan.mails_per_second:,g}"
    senders = plan.mailer.most_at_once / MAIL_SECONDS
    return drawing(
        f"A launch at {plan.rate:,} registrations a second, {way}",
        f"front: {plan.front.value} · gateway {plan.gateway_per_second:,}/s, burst {plan.gateway_burst:,}"
        f" · table {plan.table_writes:,} writes/s · mail quota {mails}/s, our senders manage {senders:,.0f}/s",
        [each.at for each in shown],
        [_coming(shown), _waiting(shown), _mails(shown), _age(shown), _money(shown)],
        [
            f"{told.arrived:,} people; dollars at list prices of {REGION}, {PRICES_OF:%-d %B %Y}. "
            "The curve after the first minute, and all durations on AWS, are assumptions: docs/surge.md.",
        ],
    )


def _shown(seconds: Sequence[Second]) -> list[Second]:
    """Few enough for a picture, evenly over the axis."""
    ratio = len(seconds) ** (1 / POINTS)
    places = sorted({min(len(seconds), round(ratio**power)) for power in range(POINTS + 1)})
    return [seconds[place - 1] for place in places]


def _rates(shown: Sequence[Second], totals: Sequence[int]) -> list[float]:
    """A second, between two points of the picture."""
    earlier = [(0, 0), *((each.at, total) for each, total in zip(shown, totals, strict=True))]
    return [
        (total - before) / (each.at - at) for each, total, (at, before) in zip(shown, totals, earlier[:-1], strict=True)
    ]


def _coming(shown: Sequence[Second]) -> Panel:
    come = _rates(shown, [each.arrived for each in shown])
    taken = _rates(shown, [each.taken for each in shown])
    return Panel(
        "Registrations a second", [Series("people who come", GREY, come, True), Series("accepted (202)", BLUE, taken)]
    )


def _waiting(shown: Sequence[Second]) -> Panel:
    outside = [float(each.outside) for each in shown]
    queued = [float(each.queued) for each in shown]
    return Panel(
        "People not yet registered",
        [
            Series("refused (429), will come again", ORANGE, outside),
            Series("in the queue registrations-to-open", BLUE, queued),
        ],
    )


def _mails(shown: Sequence[Second]) -> Panel:
    return Panel(
        "Mails that wait in the queue mails-to-send", [Series("", BLUE, [float(each.unsent) for each in shown])]
    )


def _age(shown: Sequence[Second]) -> Panel:
    limits = [
        Limit(f"after {PATIENCE.total_seconds() / 60:g} minutes people put the phone away", PATIENCE.total_seconds()),
        Limit(f"after {ONE_DAY.total_seconds() / 3_600:g} hours most do not come back", ONE_DAY.total_seconds()),
    ]
    ages = [float(each.age_seconds) for each in shown]
    title = "Age of the oldest mail not sent: how long people wait for their code (log scale)"
    return Panel(title, [Series("", ORANGE, ages)], limits, is_duration=True)


def _money(shown: Sequence[Second]) -> Panel:
    return Panel("US dollars spent", [Series("", GREEN, [each.usd for each in shown])], unit="$ ")
