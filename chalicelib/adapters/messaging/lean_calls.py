"""SQS through the lean caller: for the one function that has 1,333 registrations a second before it."""

from collections.abc import Mapping
from typing import Any

from chalicelib.adapters.lean_aws import CallRefused, LeanAws, NoAnswer
from chalicelib.adapters.messaging.sqs import SqsCall
from chalicelib.domain.errors import StoreUnavailable


def lean_calls(sqs: LeanAws) -> SqsCall:
    def call(operation: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        try:
            return sqs.call(operation, arguments)
        except (CallRefused, NoAnswer) as fault:
            raise StoreUnavailable("queue_unavailable") from fault

    return call
