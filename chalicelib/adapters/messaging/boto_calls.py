"""SQS through botocore: for workers, which have it loaded anyway, and wherever credentials are not plain ones."""

from collections.abc import Mapping
from typing import Any

from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.adapters.messaging.sqs import SqsCall
from chalicelib.domain.errors import StoreUnavailable


def boto_calls(client: Any) -> SqsCall:
    def call(operation: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = getattr(client, xform_name(operation))(**arguments)
        except (BotoCoreError, ClientError) as error:
            raise StoreUnavailable("queue_unavailable") from error
        return answer

    return call
