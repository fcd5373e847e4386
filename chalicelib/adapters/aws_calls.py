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
    """``code``: Amazon's word for why it refused, without its service's name; empty when no answer came. All else is
    the cause, for the log."""

    def __init__(self, operation: str, code: str = "") -> None:
        self.code = code
        super().__init__(operation)


def lean_call(caller: "LeanAws", *, blobs: frozenset[str] = frozenset()) -> AwsCall:
    """``blobs``: what comes in answers as base64 text and is given as bytes, as botocore does."""
    from chalicelib.adapters.lean_aws import CallRefused, NoAnswer

    def call(operation: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        try:
            answer = caller.call(operation, arguments)
        except CallRefused as fault:
            raise CallFailed(operation, fault.code) from fault
        except NoAnswer as fault:
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
        except ClientError as error:
            raise CallFailed(operation, str(error.response.get("Error", {}).get("Code", ""))) from error
        except BotoCoreError as error:
            raise CallFailed(operation) from error
        return answer

    return call
