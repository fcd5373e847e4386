"""``@each_message``: one message at a time, and a partial failure instead of a failed batch.

    Rejected      the message is wrong: noted and dropped
    Unavailable   the world is wrong: put back on the queue to be seen later, again and again, for up to 13 days
    Misconfigured we are wrong, the message is not: put back likewise, counted for an alarm
    else          a bug: the record fails, comes again, and after five receives lies in the dead-letter queue

Putting back is a copy with a delay, not a failed receive: five receives are the measure of poison, not of outages.
"""

import json
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import wraps
from typing import Any, TypeVar

from chalice.app import SQSEvent

from chalicelib import bootstrap
from chalicelib.domain.errors import Misconfigured, Rejected, StaleWrite, Unavailable
from chalicelib.observability import correlated, count, log, new_correlation_id
from chalicelib.settings import resource_name

ENVELOPE_VERSION = 1
LONGEST_DELAY_SECONDS = 900
STALE_ATTEMPTS = 3
LONGEST_MESSAGE_MILLISECONDS = 16_000
"""One check: 8 s, and the table. A mail takes longer, and a transfer has more time and a batch of its own."""
LONGEST_LIFE_SECONDS = 13 * 24 * 3600
_ENVELOPE: Mapping[str, tuple[type, ...]] = {
    "body": (dict,),
    "correlation_id": (str,),
    "sent_at": (int, float),
    "attempt": (int,),
}
_AMAZONS = frozenset({"Records", "eventType", "Event"})
"""One of these is in a notice of an upload, of a mail's fate, and in S3's first words."""
_GREETING = "Successfully validated SNS topic"
"""SES's first words to a new topic: no JSON."""
Failures = dict[str, list[dict[str, str]]]


def each_message(handle: Callable[[dict[str, Any]], None]) -> Callable[[SQSEvent], Failures]:
    """Under ``@blueprint.on_sqs_message``: calls ``handle`` with each message's body."""

    @wraps(handle)
    def handle_batch(event: SQSEvent) -> Failures:
        return _handled(handle, event, LONGEST_MESSAGE_MILLISECONDS)

    return handle_batch


def _handled(handle: Callable[[dict[str, Any]], None], event: SQSEvent, longest_milliseconds: int) -> Failures:
    records = event.to_dict()["Records"]
    in_time = _unless_late(handle, event, longest_milliseconds)
    try:
        with bootstrap.messages_gathered():
            failed = [record["messageId"] for record in records if not _is_handled(in_time, record)]
    except Unavailable as fault:
        # What the batch asks of others did not leave: each message comes again, and finds its own part done.
        log().error("batch_not_passed_on", extra={"function": handle.__name__, "code": fault.code})
        failed = [record["messageId"] for record in records]
    return {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}


Together = TypeVar("Together")


Bodies = Sequence[Mapping[str, Any]]


def each_message_after(
    prepare: Callable[[Bodies], Together],
) -> Callable[[Callable[[dict[str, Any], Together | None], None]], Callable[[SQSEvent], Failures]]:
    """``@each_message`` for work of which a part is far cheaper for the whole batch: ``prepare`` gets all bodies, and
    what it returns goes to ``handle`` with each. Where it fails, ``handle`` gets None and does that part itself."""

    @contextmanager
    def prepared(bodies: Bodies) -> Iterator[Together]:
        yield prepare(bodies)

    return each_message_within(prepared)


def each_message_within(
    opened: Callable[[Bodies], AbstractContextManager[Together]],
    *,
    longest_milliseconds: int = LONGEST_MESSAGE_MILLISECONDS,
) -> Callable[[Callable[[dict[str, Any], Together | None], None]], Callable[[SQSEvent], Failures]]:
    """The same for a part that also has an end: ``opened`` is left when the last message is done with. A message may
    take ``longest_milliseconds``."""

    def decorate(handle: Callable[[dict[str, Any], Together | None], None]) -> Callable[[SQSEvent], Failures]:
        @wraps(handle)
        def handle_batch(event: SQSEvent) -> Failures:
            with ExitStack() as until_the_end:
                together = _entered(opened, event, handle.__name__, until_the_end)

                @wraps(handle)
                def handle_one(body: dict[str, Any]) -> None:
                    handle(body, together)

                return _handled(handle_one, event, longest_milliseconds)

        return handle_batch

    return decorate


def _entered(
    opened: Callable[[Bodies], AbstractContextManager[Together]], event: SQSEvent, name: str, until_the_end: ExitStack
) -> Together | None:
    """Best effort: each message meets again, alone, whatever went wrong here, and is dealt with as its own fault."""
    try:
        bodies = [_opened(record["body"])["body"] for record in event.to_dict()["Records"]]
        return until_the_end.enter_context(opened(bodies))
    except Exception as error:
        log().warning("batch_not_prepared", extra={"function": name, "kind": type(error).__name__})
        count("BatchNotPrepared", function=name)  # nobody is harmed, so only this shows that it is always so
        return None


def _unless_late(
    handle: Callable[[dict[str, Any]], None], event: SQSEvent, longest_milliseconds: int
) -> Callable[[dict[str, Any]], None]:
    """A function that is cut off counts a receive for its whole batch. So a message that may not be done in time (its
    neighbours are slow today) is not begun, but put back."""

    @wraps(handle)
    def handle_in_time(body: dict[str, Any]) -> None:
        context: Any = event.context  # Lambda's context object, whatever Chalice says
        if context is not None and context.get_remaining_time_in_millis() < longest_milliseconds:
            raise Unavailable("time_is_short")
        handle(body)

    return handle_in_time


def _is_handled(handle: Callable[[dict[str, Any]], None], record: Mapping[str, Any]) -> bool:
    try:
        envelope = _opened(record["body"])
    except (ValueError, KeyError, TypeError, RecursionError):
        log().error("message_not_readable", extra={"queue": record.get("eventSourceARN"), "id": record["messageId"]})
        return False
    with correlated(new_correlation_id(envelope.get("correlation_id"))):
        return _is_done(handle, envelope, record)


def _is_done(handle: Callable[[dict[str, Any]], None], envelope: dict[str, Any], record: Mapping[str, Any]) -> bool:
    name = getattr(handle, "__name__", "")
    try:
        _handle_unless_stale(handle, envelope["body"])
    except Rejected as fault:
        log().warning("message_dropped", extra={"function": name, "code": fault.code})
        count("MessageDropped", function=name, code=fault.code)
    except (Unavailable, Misconfigured) as fault:
        return _is_put_back(envelope, record, name, fault)
    except Exception:
        log().exception("message_failed", extra={"function": name, "receives": _receives(record)})
        return False
    return True


def _handle_unless_stale(handle: Callable[[dict[str, Any]], None], body: dict[str, Any]) -> None:
    """Two workers met on one person's item: the later one looks again at once."""
    for _ in range(STALE_ATTEMPTS - 1):
        try:
            return handle(body)
        except StaleWrite:
            continue
    handle(body)


def _is_put_back(
    envelope: dict[str, Any], record: Mapping[str, Any], name: str, fault: Unavailable | Misconfigured
) -> bool:
    attempt = int(envelope.get("attempt", 0)) + 1
    age = time.time() - float(envelope.get("sent_at", time.time()))
    if age > LONGEST_LIFE_SECONDS:
        return False
    queue = record["eventSourceARN"].rpartition(":")[2].removeprefix(resource_name(""))
    delay = _delay_seconds(fault, attempt)
    noted = {"function": name, "code": fault.code, "details": fault.details, "delay_seconds": delay}
    log().warning("message_put_back", extra=noted)
    if isinstance(fault, Misconfigured):
        count("Misconfigured", function=name, code=fault.code)
    try:
        text = json.dumps({**envelope, "attempt": attempt})
        bootstrap.messages().postpone(queue, text, delay_seconds=delay)
    except Unavailable:
        return False
    return True


def _delay_seconds(fault: Unavailable | Misconfigured, attempt: int) -> int:
    """Twice as long each time, for nobody knows how long an outage lasts; but for what only has to wait its turn, about
    as long as that takes, and not all at once."""
    known = fault.details.get("retry_after_seconds")
    if isinstance(known, int):
        return min(LONGEST_DELAY_SECONDS, round(known * random.uniform(0.5, 1.5)))
    return int(min(LONGEST_DELAY_SECONDS, 2 ** min(attempt, 10)))


def _opened(text: str) -> dict[str, Any]:
    """Our envelope, or a notice of Amazon's own (an upload, a mail's fate), which has none."""
    envelope = json.loads(text if not text.startswith(_GREETING) else '{"eventType": "Greeting"}')
    if not isinstance(envelope, dict):
        raise ValueError("no JSON object")
    if not _AMAZONS.isdisjoint(envelope):
        return {"version": ENVELOPE_VERSION, "sent_at": time.time(), "body": envelope}
    if envelope["version"] != ENVELOPE_VERSION:
        raise ValueError("envelope version unknown")
    for name, kinds in _ENVELOPE.items():
        if not isinstance(envelope.get(name, kinds[0]()), kinds):
            raise ValueError(f"envelope's {name} is of another kind")
    return envelope


def _receives(record: Mapping[str, Any]) -> str:
    return str(record.get("attributes", {}).get("ApproximateReceiveCount", "?"))
