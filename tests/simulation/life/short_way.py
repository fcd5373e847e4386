"""DynamoDB calls straight into moto, past what botocore and moto do for the wire: that is four fifths of a call,
and every test and demo on moto has it. What moto refuses is asked again on the long way, so that errors are as ever.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

from botocore.client import BaseClient
from moto.core.exceptions import ServiceException
from moto.core.utils import camelcase_to_underscores
from moto.dynamodb.responses import DynamoHandler
from werkzeug.exceptions import HTTPException

from infra.local.engine import ACCOUNT, REGION

_ITEMS = {"GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query"}
_SEVERAL = {"BatchGetItem", "BatchWriteItem", "TransactGetItems", "TransactWriteItems"}


@contextmanager
def short_way(lock: Any) -> Iterator[None]:
    """While inside, every client's calls of tables and items take it. ``lock``: the engine's."""
    long_way: Callable[..., Any] = BaseClient._make_api_call

    def call(client: Any, operation: str, arguments: dict[str, Any]) -> Any:
        if operation not in _ITEMS | _SEVERAL or client.meta.service_model.service_name != "dynamodb":
            return long_way(client, operation, arguments)
        try:
            with lock:
                return _answer(operation, arguments)
        except (ServiceException, HTTPException):
            return long_way(client, operation, arguments)

    BaseClient._make_api_call = call
    try:
        yield
    finally:
        BaseClient._make_api_call = long_way


def _answer(operation: str, arguments: dict[str, Any]) -> Any:
    handler = DynamoHandler()
    handler.current_account, handler.region = ACCOUNT, REGION
    handler.body = handler.params = deepcopy(arguments)
    result = getattr(handler, camelcase_to_underscores(operation))()
    return _received(result.result)


def _received(value: Any) -> Any:
    """As botocore reads it: binary values are bytes. An attribute by the name of B holds an object, never text."""
    if isinstance(value, list):
        return [_received(each) for each in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1 and isinstance(content := value.get("B"), (str, bytes)):
        return {"B": content.encode() if isinstance(content, str) else content}
    return {name: _received(each) for name, each in value.items()}
