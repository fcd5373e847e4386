"""What an engine's CloudFormation leaves undone, done through each service's own API, and only where it is missing.

Moto makes no SES identities and configuration sets, secrets, or topic subscriptions, and of a bucket neither the
notifications nor the versions; neither engine sets a table's time to live. Nothing here is needed on Amazon.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.exceptions import ClientError

Properties = dict[str, Any]

_MISSING = {"NotFoundException", "ResourceNotFoundException", "ObjectLockConfigurationNotFoundError"}


def _is_there(look: Callable[[], Any]) -> bool:
    try:
        look()
    except ClientError as error:
        if error.response["Error"]["Code"] not in _MISSING:
            raise
        return False
    return True


def _email_identity(properties: Properties, _physical_id: str) -> None:
    ses = boto3.client("sesv2")
    identity = properties["EmailIdentity"]
    if not _is_there(lambda: ses.get_email_identity(EmailIdentity=identity)):
        ses.create_email_identity(EmailIdentity=identity)


def _configuration_set(properties: Properties, _physical_id: str) -> None:
    ses = boto3.client("sesv2")
    name = properties["Name"]
    if not _is_there(lambda: ses.get_configuration_set(ConfigurationSetName=name)):
        ses.create_configuration_set(ConfigurationSetName=name)


def _secret(properties: Properties, _physical_id: str) -> None:
    secrets = boto3.client("secretsmanager")
    name = properties["Name"]
    if not _is_there(lambda: secrets.describe_secret(SecretId=name)):
        text = _secret_text(secrets, properties)
        # Amazon makes a secret without a value where the template gives none; so do we.
        secrets.create_secret(Name=name, **({"SecretString": text} if text else {}))


def _secret_text(secrets: Any, properties: Properties) -> str:
    if "GenerateSecretString" not in properties:
        return str(properties.get("SecretString", ""))
    wishes = dict(properties["GenerateSecretString"])
    template, key = wishes.pop("SecretStringTemplate", None), wishes.pop("GenerateStringKey", None)
    password: str = secrets.get_random_password(**wishes)["RandomPassword"]
    return password if template is None else json.dumps({**json.loads(template), key: password})


def _subscription(properties: Properties, _physical_id: str) -> None:
    sns = boto3.client("sns")
    topic, endpoint = properties["TopicArn"], properties["Endpoint"]
    there = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    if all(subscription["Endpoint"] != endpoint for subscription in there):
        attributes = {
            name: json.dumps(properties[name]) for name in ("RawMessageDelivery", "FilterPolicy") if name in properties
        }
        sns.subscribe(TopicArn=topic, Protocol=properties["Protocol"], Endpoint=endpoint, Attributes=attributes)


def _bucket(properties: Properties, bucket: str) -> None:
    s3 = boto3.client("s3")
    if "VersioningConfiguration" in properties and "Status" not in s3.get_bucket_versioning(Bucket=bucket):
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration=properties["VersioningConfiguration"])
    if properties.get("ObjectLockEnabled"):
        _lock_bucket(s3, properties, bucket)
    if "NotificationConfiguration" in properties:
        _notify(s3, properties["NotificationConfiguration"], bucket)


def _lock_bucket(s3: Any, properties: Properties, bucket: str) -> None:
    if not _is_there(lambda: s3.get_object_lock_configuration(Bucket=bucket)):
        wanted = {"ObjectLockEnabled": "Enabled", **properties.get("ObjectLockConfiguration", {})}
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        s3.put_object_lock_configuration(Bucket=bucket, ObjectLockConfiguration=wanted)


def _notify(s3: Any, wanted: Properties, bucket: str) -> None:
    there = s3.get_bucket_notification_configuration(Bucket=bucket)
    if not any(name.endswith("Configurations") for name in there):
        queues = [_queue_notification(entry) for entry in wanted.get("QueueConfigurations", [])]
        s3.put_bucket_notification_configuration(
            Bucket=bucket, NotificationConfiguration={"QueueConfigurations": queues}
        )


def _queue_notification(entry: Properties) -> dict[str, Any]:
    rules = entry.get("Filter", {}).get("S3Key", {}).get("Rules", [])
    wanted: dict[str, Any] = {"QueueArn": entry["Queue"], "Events": [entry["Event"]]}
    return {**wanted, "Filter": {"Key": {"FilterRules": rules}}} if rules else wanted


def _table(properties: Properties, table: str) -> None:
    dynamodb = boto3.client("dynamodb")
    wanted = properties.get("TimeToLiveSpecification")
    if wanted is None:
        return
    there = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    if there["TimeToLiveStatus"] == "DISABLED" and wanted.get("Enabled"):
        dynamodb.update_time_to_live(TableName=table, TimeToLiveSpecification=wanted)


def _key(properties: Properties, key_id: str) -> None:
    # Moto's CloudFormation stores the policy in a form that its own DescribeKey cannot read.
    if "KeyPolicy" in properties:
        policy = json.dumps(properties["KeyPolicy"])
        boto3.client("kms").put_key_policy(KeyId=key_id, PolicyName="default", Policy=policy)


@dataclass(frozen=True)
class Completion:
    """``properties`` are the only ones looked at: others may hold intrinsics that are not known here."""

    properties: tuple[str, ...]
    complete: Callable[[Properties, str], None]


COMPLETIONS = {
    "AWS::DynamoDB::Table": Completion(("TimeToLiveSpecification",), _table),
    "AWS::KMS::Key": Completion(("KeyPolicy",), _key),
    "AWS::S3::Bucket": Completion(
        ("VersioningConfiguration", "ObjectLockEnabled", "ObjectLockConfiguration", "NotificationConfiguration"),
        _bucket,
    ),
    "AWS::SES::ConfigurationSet": Completion(("Name",), _configuration_set),
    "AWS::SES::EmailIdentity": Completion(("EmailIdentity",), _email_identity),
    "AWS::SNS::Subscription": Completion(
        ("TopicArn", "Protocol", "Endpoint", "RawMessageDelivery", "FilterPolicy"), _subscription
    ),
    "AWS::SecretsManager::Secret": Completion(("Name", "SecretString", "GenerateSecretString"), _secret),
}
