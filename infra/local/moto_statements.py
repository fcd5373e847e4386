"""``INSERT`` statements as DynamoDB takes them: with parameters, each on its own, refused where the key exists.

Moto reads no parameters in a batch of statements, copies every table for each statement, and overwrites what is there.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from moto.dynamodb.exceptions import ConditionalCheckFailed
from moto.dynamodb.models import DynamoDBBackend

_INSERT = re.compile(r"""INSERT INTO "(?P<table>[^"]+)" VALUE \{(?P<blanks>.*)\}""", re.DOTALL)
_BLANK = re.compile(r"'(?P<name>[^']+)': \?")


@contextmanager
def inserts() -> Iterator[None]:
    """Inside, moto's DynamoDB takes them; other statements stay moto's own."""
    original = DynamoDBBackend.batch_execute_statement

    def batch_execute_statement(self: Any, statements: list[dict[str, Any]]) -> list[dict[str, Any]]:
        read = [_INSERT.fullmatch(each["Statement"]) for each in statements]
        if not all(read):
            return original(self, statements)
        pairs = zip(read, statements, strict=True)
        return [_inserted(self, insert, each["Parameters"]) for insert, each in pairs if insert]

    DynamoDBBackend.batch_execute_statement = batch_execute_statement  # type: ignore[method-assign]
    try:
        yield
    finally:
        DynamoDBBackend.batch_execute_statement = original  # type: ignore[method-assign]


def _inserted(backend: Any, insert: re.Match[str], parameters: list[Mapping[str, Any]]) -> dict[str, Any]:
    table = insert["table"]
    if table not in backend.tables:
        return {"Error": {"Code": "ResourceNotFound", "Message": "Requested resource not found"}}
    item = dict(zip(_BLANK.findall(insert["blanks"]), parameters, strict=True))
    key = backend.tables[table].hash_key_attr
    try:
        backend.put_item(
            table, item, condition_expression="attribute_not_exists(#k)", expression_attribute_names={"#k": key}
        )
    except ConditionalCheckFailed:
        return {"Error": {"Code": "DuplicateItem", "Message": "Duplicate primary key exists in table"}}
    return {"TableName": table}
