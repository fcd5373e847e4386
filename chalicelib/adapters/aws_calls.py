"""One call of a JSON service of Amazon's: operation and arguments as Amazon spells them, whoever carries it. For what
needs no more of an SDK than that: queues, keys and secrets (docs/decisions/0007).
"""

import base64
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chalicelib.adapters.lean_aws import LeanAws

AwsCall = Callable[[str, Mapping[str, Any]], dict[str, Any]]
"""``CallFailed`` when it was refused, or when no answer came."""


class CallFailed(Exception):
    """What it was is its cause, for the log: whoever asks may only try again later."""


def lean_call(caller: "LeanAws", *, blobs: frozenset[str] = frozenset()) -> AwsCall:
    """``blobs``: what comes in answers as base64 text and is given as bytes, as botocore does."""
    from chalicelib.adapters.lean_aws import CallRefused, NoAnswer

    def call(operation: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        try:
            answer = caller.call(operation, arguments)
        except (CallRefused, NoAnswer) as fault:
            raise CallFailed(operation) from fault
        return {name: base64.b64decode(each) if name in blobs else each for name, each in answer.items()}

    return call


def boto_call(client: Any) -> AwsCall:
    """Wherever credentials are not plain ones."""
    from botocore import xform_name
    from botocore.exceptions import BotoCoreError, ClientError

    def call(operation: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = getattr(client, xform_name(operation))(**arguments)
        except (BotoCoreError, ClientError) as error:
            raise CallFailed(operation) from error
        return answer

    return call
