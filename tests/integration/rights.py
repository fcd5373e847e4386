"""What a call of Amazon's asks for, in the words of IAM: action, resource, and what conditions look at.

Moto takes every call from everybody, so a right that a policy forgets is missed by no other test. A resource is named
as the fragments name it, with what comes after its ARN: ``PayoutsTable/index/by_state``, ``FilesBucket/draws/1.json``.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from infra.template import merged_template
from tests.integration.town import STAGE

Arguments = Mapping[str, Any]
LEADING_KEYS = "dynamodb:LeadingKeys"
_NAMED_BY = {
    "AWS::DynamoDB::Table": "TableName",
    "AWS::KMS::Alias": "AliasName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::SES::ConfigurationSet": "Name",
    "AWS::SQS::Queue": "QueueName",
    "AWS::SecretsManager::Secret": "Name",
}
_IN_TRANSACTIONS = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
    "Get": "GetItem",
}


@dataclass(frozen=True, order=True)
class Right:
    action: str
    resource: str
    seen: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """What a condition may ask about: its key, and the values that the call has there."""

    def __str__(self) -> str:
        return f"{self.action} {self.resource} {dict(self.seen) or ''}".rstrip()


Rights = Iterator[Right]


def asked_for(service: str, operation: str, arguments: Arguments) -> set[Right]:
    """``service`` as botocore calls it."""
    return set(_SERVICES[service](operation, arguments))


def signed_for(operation: str, url: str, key: str = "") -> set[Right]:
    """Whoever comes with what we signed does it by our own rights."""
    _, bucket, *rest = urlsplit(url).path.split("/")
    return asked_for("s3", operation, {"Bucket": bucket, "Key": key or "/".join(rest)})


@cache
def fragments() -> Mapping[str, Any]:
    found: Mapping[str, Any] = merged_template()["Resources"]
    return found


@cache
def _logical_ids() -> Mapping[tuple[str, str], str]:
    """By the type, and by the name that it has on this stage."""
    named = {id: each for id, each in fragments().items() if each["Type"] in _NAMED_BY}
    names = {id: each["Properties"][_NAMED_BY[each["Type"]]]["Fn::Sub"] for id, each in named.items()}
    return {(each["Type"], names[id].replace("${Stage}", STAGE)): id for id, each in named.items()}


def _named(kind: str, name: str) -> str:
    return _logical_ids()[f"AWS::{kind}", name]


# --- Tables -----------------------------------------------------------------------------------------------------------


def _of_dynamodb(operation: str, arguments: Arguments) -> Rights:
    several = _SEVERAL_ITEMS.get(operation)
    if several:
        yield from several(arguments)
    elif operation == "Query":
        yield _queried(arguments)
    else:
        yield _on_item(operation, arguments)
        yield from _looked_at_again(operation, arguments)


def _on_item(action: str, arguments: Arguments) -> Right:
    item = arguments.get("Key") or arguments.get("Item")
    return _on_table(action, arguments["TableName"], *([item["pk"]["S"]] if item else []))


def _looked_at_again(action: str, arguments: Arguments) -> Rights:
    """A put whose condition fails may be our own, its answer lost: whoever puts, looks (``storage/items.py``)."""
    if action == "PutItem":
        yield _on_item("GetItem", {"TableName": arguments["TableName"], "Key": arguments["Item"]})


def _on_table(action: str, table: str, *keys: str, index: str = "") -> Right:
    seen = ((LEADING_KEYS, tuple(sorted(set(keys)))),) if keys else ()
    place = f"/index/{index}" if index else ""
    return Right(f"dynamodb:{action}", _named("DynamoDB::Table", table) + place, seen)


def _queried(arguments: Arguments) -> Right:
    """pynamodb's conditions begin with the partition's key."""
    blank = re.match(r"\(*#\w+ = (:\w+)", arguments["KeyConditionExpression"])
    assert blank, arguments["KeyConditionExpression"]
    key = arguments["ExpressionAttributeValues"][blank[1]]["S"]
    return _on_table("Query", arguments["TableName"], key, index=arguments.get("IndexName", ""))


def _together(arguments: Arguments) -> Rights:
    for each in arguments["TransactItems"]:
        ((kind, item),) = each.items()
        yield _on_item(_IN_TRANSACTIONS[kind], item)
    writes = [each for each in arguments["TransactItems"] if "ConditionCheck" not in each]
    ((kind, item), *_) = writes[0].items()
    yield from _looked_at_again(_IN_TRANSACTIONS[kind], item)


def _read_together(arguments: Arguments) -> Rights:
    for table, asked in arguments["RequestItems"].items():
        yield _on_table("BatchGetItem", table, *(key["pk"]["S"] for key in asked["Keys"]))


def _stated(arguments: Arguments) -> Rights:
    for each in arguments["Statements"]:
        insert = re.match(r'INSERT INTO "([\w-]+)" VALUE \{(.*)\}$', each["Statement"])
        assert insert, each["Statement"]
        names = re.findall(r"'(\w+)': \?", insert[2])
        yield _on_table("PartiQLInsert", insert[1], each["Parameters"][names.index("pk")]["S"])


def _written_together(arguments: Arguments) -> Rights:
    for table, writes in arguments["RequestItems"].items():
        yield _on_table("BatchWriteItem", table, *(each["PutRequest"]["Item"]["pk"]["S"] for each in writes))


_SEVERAL_ITEMS: Mapping[str, Callable[[Arguments], Rights]] = {
    "TransactWriteItems": _together,
    "TransactGetItems": _together,
    "BatchGetItem": _read_together,
    "BatchWriteItem": _written_together,
    "BatchExecuteStatement": _stated,
}


# --- All else ---------------------------------------------------------------------------------------------------------


def _of_sqs(operation: str, arguments: Arguments) -> Rights:
    name = arguments.get("QueueName") or arguments["QueueUrl"].rpartition("/")[2]
    yield Right(f"sqs:{operation.removesuffix('Batch')}", _named("SQS::Queue", name))


def _of_secrets(operation: str, arguments: Arguments) -> Rights:
    yield Right(f"secretsmanager:{operation}", _named("SecretsManager::Secret", arguments["SecretId"]))


def _of_kms(operation: str, arguments: Arguments) -> Rights:
    """What was wrapped says itself by which key; there is one."""
    (key,) = (id for id, each in fragments().items() if each["Type"] == "AWS::KMS::Key")
    alias = arguments.get("KeyId")
    if alias:
        assert fragments()[_named("KMS::Alias", alias)]["Properties"]["TargetKeyId"] == {"Ref": key}
    context = arguments.get("EncryptionContext", {})
    yield Right(
        f"kms:{operation}", key, tuple((f"kms:EncryptionContext:{name}", (it,)) for name, it in context.items())
    )


_S3_ACTIONS = {
    "HeadObject": "GetObject",  # who may read an object may ask how large it is
    "ListObjectsV2": "ListBucket",
    **dict.fromkeys(("CopyObject", "CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload"), "PutObject"),
}
"""What an operation is called in a policy, where it has another name."""


def _of_s3(operation: str, arguments: Arguments) -> Rights:
    bucket, key = _named("S3::Bucket", arguments["Bucket"]), arguments.get("Key", "")
    yield Right(f"s3:{_S3_ACTIONS.get(operation, operation)}", f"{bucket}/{key}" if key else bucket)
    if operation == "CopyObject":
        source, _, copied = arguments["CopySource"].partition("/")
        yield Right("s3:GetObject", f"{_named('S3::Bucket', source)}/{copied}")


def _of_ses(operation: str, arguments: Arguments) -> Rights:
    """A mail needs its sender's identity and its configuration set; one that comes raw, the right to be raw as well."""
    if operation != "SendEmail":
        yield Right(f"ses:{operation}", "*")
        return
    domain = parseaddr(arguments["FromEmailAddress"])[1].rpartition("@")[2]
    assert merged_template()["Parameters"]["MailDomain"]["Default"] == domain
    for action in ["SendEmail", *(["SendRawEmail"] if "Raw" in arguments["Content"] else [])]:
        yield Right(f"ses:{action}", "MailIdentity")
        yield Right(f"ses:{action}", _named("SES::ConfigurationSet", arguments["ConfigurationSetName"]))


_SERVICES: Mapping[str, Callable[[str, Arguments], Rights]] = {
    "dynamodb": _of_dynamodb,
    "kms": _of_kms,
    "s3": _of_s3,
    "secretsmanager": _of_secrets,
    "sesv2": _of_ses,
    "sqs": _of_sqs,
}
