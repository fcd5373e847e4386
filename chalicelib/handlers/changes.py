"""``@each_change``: what a table's stream tells, one change at a time and in order."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import wraps
from typing import Any

from chalice.app import DynamoDBEvent

from chalicelib import bootstrap
from chalicelib.domain.commands import Change
from chalicelib.domain.errors import Rejected, Unavailable
from chalicelib.handlers.batches import Failures
from chalicelib.observability import correlated, count, log, new_correlation_id


def each_change(handle: Callable[[Change], None]) -> Callable[[DynamoDBEvent], Failures]:
    """Under ``@blueprint.on_dynamodb_record``: calls ``handle`` with each change, in order. The first that fails stops
    the batch; the stream comes again from there."""

    @wraps(handle)
    def handle_batch(event: DynamoDBEvent) -> Failures:
        records = event.to_dict()["Records"]
        failed: Mapping[str, Any] | None = None
        try:
            with bootstrap.messages_gathered():
                failed = next((record for record in records if not _is_followed(handle, record)), None)
        except Unavailable as fault:
            log().error("batch_not_passed_on", extra={"function": handle.__name__, "code": fault.code})
            failed = records[0]
        return {"batchItemFailures": [{"itemIdentifier": failed["dynamodb"]["SequenceNumber"]}] if failed else []}

    return handle_batch


def all_changes(handle: Callable[[Sequence[Change], str], None]) -> Callable[[DynamoDBEvent], Failures]:
    """Under ``@blueprint.on_dynamodb_record``: calls ``handle`` once with the whole batch, and a name that it has also
    when it comes again. All of it, or none."""

    @wraps(handle)
    def handle_batch(event: DynamoDBEvent) -> Failures:
        records = [each for each in event.to_dict()["Records"] if each["dynamodb"].get("NewImage")]
        if not records:
            return {"batchItemFailures": []}
        first, last = (records[place]["dynamodb"]["SequenceNumber"] for place in (0, -1))
        with correlated(new_correlation_id()):
            try:
                handle([_change(record) for record in records], f"{int(first):040d}-{int(last):040d}")
            except Exception:
                log().exception("changes_failed", extra={"function": getattr(handle, "__name__", "")})
                return {"batchItemFailures": [{"itemIdentifier": first}]}
        return {"batchItemFailures": []}

    return handle_batch


def _is_followed(handle: Callable[[Change], None], record: Mapping[str, Any]) -> bool:
    image = record["dynamodb"].get("NewImage")
    if image is None:
        return True  # nothing follows from what time-to-live or an operator removed
    name = getattr(handle, "__name__", "")
    with correlated(new_correlation_id(image.get("correlation_id", {}).get("S"))):
        try:
            handle(_change(record))
        except Rejected as fault:
            log().error("change_dropped", extra={"function": name, "code": fault.code})
            count("ChangeDropped", function=name, code=fault.code)
        except Exception:
            log().exception("change_failed", extra={"function": name})
            return False
    return True


def _change(record: Mapping[str, Any]) -> Change:
    new, old = record["dynamodb"]["NewImage"], record["dynamodb"].get("OldImage") or {}
    facts = dict(_clear_values(new))
    before = old.get("state", {}).get("S")
    return Change(
        kind=str(facts["kind"]),
        id=str(facts["id"]),
        before=before,
        after=str(facts["state"]),
        facts=facts,
        facts_before=dict(_clear_values(old)),
    )


def _clear_values(image: Mapping[str, Any]) -> Iterator[tuple[str, str | int]]:
    for name, typed in image.items():
        if "S" in typed:
            yield name, typed["S"]
        if "N" in typed:
            yield name, int(float(typed["N"]))
        if "BOOL" in typed:
            yield name, int(typed["BOOL"])
