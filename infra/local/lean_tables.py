"""pynamodb over the lean caller, where the engine is another process: there botocore would be three quarters of all the
work this machine does. Models, conditions, errors are pynamodb's as ever; only the way to the wire is another.
"""

import base64
from collections.abc import Callable
from functools import partial
from typing import Any

from botocore.exceptions import ClientError, EndpointConnectionError
from pynamodb.connection import Connection

from chalicelib.adapters.lean_aws import CallRefused, LeanAws, NoAnswer
from infra.local.lean_clients import lean_caller


class LeanConnection(Connection):
    @classmethod
    def at(cls, endpoint_url: str) -> Callable[..., Connection]:
        return partial(cls, host=endpoint_url)

    @property
    def client(self) -> Any:
        if self._client is None:
            client: Any = _Client(lean_caller("dynamodb", self.region, str(self.host)), str(self.host))
            self._client = client
        return self._client


class _Client:
    """The two things that pynamodb uses of botocore's client."""

    def __init__(self, caller: LeanAws, endpoint_url: str) -> None:
        self._caller = caller
        self._endpoint_url = endpoint_url

    def _make_api_call(self, operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
        try:
            answer = self._caller.call(operation, arguments)
        except CallRefused as refused:
            told = {**refused.answer, "Error": {"Code": refused.code, "Message": refused.answer.get("message", "")}}
            raise ClientError(told, operation) from None
        except NoAnswer as silence:
            raise EndpointConnectionError(endpoint_url=self._endpoint_url, error=silence) from None
        found: dict[str, Any] = _with_bytes(answer)
        return found


def _with_bytes(value: Any) -> Any:
    """Binary values as bytes, as botocore gives them. An attribute by the name of B holds an object, never text."""
    if isinstance(value, list):
        return [_with_bytes(each) for each in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1 and isinstance(content := value.get("B"), str):
        return {"B": base64.b64decode(content)}
    return {name: _with_bytes(each) for name, each in value.items()}
