"""The pump's clients for an engine in another process: it asks all day long, and botocore's price would be most of the
laptop's work. Called as boto3's clients are; what they raise is botocore's too.
"""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from botocore import xform_name
from botocore.exceptions import ClientError, EndpointConnectionError

from chalicelib.adapters.lean_aws import CallRefused, Credentials, LeanAws, NoAnswer
from infra.local.engine import CREDENTIALS

_READ_SECONDS = 15.0
_OPERATIONS = (
    "GetQueueUrl",
    "GetQueueAttributes",
    "ReceiveMessage",
    "DeleteMessageBatch",
    "DescribeTable",
    "DescribeStream",
    "GetShardIterator",
    "GetRecords",
)


class LeanClient:
    def __init__(self, service: str, *, region: str, endpoint_url: str) -> None:
        self.meta = SimpleNamespace(region_name=region, endpoint_url=endpoint_url)
        self._endpoint_url = endpoint_url
        self._calls = lean_caller(service, region, endpoint_url)

    def close(self) -> None:
        self._calls.close()

    def __getattr__(self, name: str) -> Callable[..., dict[str, Any]]:
        operation = {xform_name(each): each for each in _OPERATIONS}.get(name)
        if operation is None:
            raise AttributeError(name)
        method = lambda **arguments: self._call(operation, arguments)  # noqa: E731
        setattr(self, name, method)
        return method

    def _call(self, operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
        try:
            return self._calls.call(operation, arguments)
        except CallRefused as refused:
            raise ClientError({"Error": {"Code": refused.code, "Message": ""}}, operation) from None
        except NoAnswer as silence:
            raise EndpointConnectionError(endpoint_url=self._endpoint_url, error=silence) from None


def lean_caller(service: str, region: str, endpoint_url: str) -> LeanAws:
    credentials = Credentials(CREDENTIALS["AWS_ACCESS_KEY_ID"], CREDENTIALS["AWS_SECRET_ACCESS_KEY"])
    return LeanAws(service, region, credentials, endpoint_url=endpoint_url, read_seconds=_READ_SECONDS)
