"""One stack out of all fragments, the same on both engines, and clear words when it cannot be made."""

import json
from pathlib import Path
from typing import Any

import boto3
import pytest

from infra.local.engine import Engine
from infra.local.intrinsics import Resolver
from infra.local.stack import DeployFailed, deploy
from infra.template import TemplateError, merged_template
from tests.integration.local.conftest import BOTH_LANES, STACK


@BOTH_LANES
def test_everything_is_made_and_a_second_time_does_no_harm(stack: Engine) -> None:
    deploy("test", STACK)
    client = boto3.client
    assert client("dynamodb").describe_table(TableName="toys-test-people")["Table"]["LatestStreamArn"]
    lives = client("dynamodb").describe_time_to_live(TableName="toys-test-people")["TimeToLiveDescription"]
    assert lives == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires_at"}
    assert client("kms").describe_key(KeyId="alias/toys-test")["KeyMetadata"]["Enabled"]
    assert len(client("secretsmanager").get_secret_value(SecretId="toys-test/pepper")["SecretString"]) == 48
    assert client("sesv2").get_email_identity(EmailIdentity="toys.example")["IdentityType"] == "DOMAIN"
    assert client("sesv2").get_configuration_set(ConfigurationSetName="toys-test-sending")
    assert client("s3").get_bucket_versioning(Bucket="toys-test-files")["Status"] == "Enabled"
    lock = client("s3").get_object_lock_configuration(Bucket="toys-test-files")["ObjectLockConfiguration"]
    assert lock["ObjectLockEnabled"] == "Enabled"
    assert len(client("sns").list_subscriptions()["Subscriptions"]) == 1


@BOTH_LANES
def test_a_secret_keeps_its_value_when_the_stack_is_made_again(stack: Engine) -> None:
    secrets = boto3.client("secretsmanager")
    secrets.put_secret_value(SecretId="toys-test/pepper", SecretString="chosen")
    deploy("test", STACK)
    assert secrets.get_secret_value(SecretId="toys-test/pepper")["SecretString"] == "chosen"


def _folder(folder: Path, **fragments: Any) -> Path:
    for name, fragment in fragments.items():
        text = fragment if isinstance(fragment, str) else json.dumps(fragment)
        (folder / f"{name}.yaml").write_text(text)
    return folder


def _queue(name: Any, **properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": name, **properties}}


@BOTH_LANES
def test_the_resource_that_cannot_be_made_is_named(engine: Engine, tmp_path: Path) -> None:
    nowhere = {"deadLetterTargetArn": "arn:aws:sqs:ap-southeast-3:123456789012:nowhere", "maxReceiveCount": 1}
    resources = {"First": _queue("first"), "Second": _queue("second", RedrivePolicy=nowhere), "Third": _queue("third")}
    with pytest.raises(DeployFailed, match=r"Second \(AWS::SQS::Queue\)"):
        deploy("bad", _folder(tmp_path, queues={"Resources": resources}))


@BOTH_LANES
def test_a_template_too_long_for_one_call_goes_by_way_of_a_bucket(engine: Engine, tmp_path: Path) -> None:
    resources = {f"Queue{number}": _queue(f"queue-{number}-{'x' * 60}") for number in range(450)}
    deploy("long", _folder(tmp_path, queues={"Resources": resources}))
    assert len(boto3.client("sqs").list_queues(MaxResults=1000)["QueueUrls"]) == 450


def test_fragments_become_one_template_without_the_overlay() -> None:
    merged = merged_template(STACK)
    assert merged["Parameters"] == {"Stage": {"Type": "String"}}
    assert {"People", "Letters", "Files", "Alarm"} <= merged["Resources"].keys()
    assert "NotOurs" not in merged["Resources"]
    assert merged["Resources"]["Key"]["Properties"]["KeyPolicy"]["Version"] == "2012-10-17"


@pytest.mark.parametrize(
    ("fragments", "word"),
    [
        ({"one": {"Resources": {"A": {}}}, "two": {"Resources": {"A": {}}}}, "two.yaml: Resources already has A"),
        ({"one": "Resources:\n  A: {}\n  A: {}\n"}, "one.yaml: line 2: written twice: A"),
        ({"one": "Resources:\n  A: !Ref B\n"}, "write intrinsics out"),
        ({"one": {"Transform": "x", "Resources": {"A": {}}}}, "one.yaml: only"),
        (
            {
                "one": {"Parameters": {"S": {"Type": "String"}}, "Resources": {"A": {}}},
                "two": {"Parameters": {"S": {}}},
            },
            "S",
        ),
        ({}, "no CloudFormation fragments"),
    ],
)
def test_a_wrong_fragment_is_named(fragments: dict[str, Any], word: str, tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match=word):
        merged_template(_folder(tmp_path, **fragments))


def test_intrinsics_are_worked_out() -> None:
    resources = {"Inbox": _queue("inbox"), "Mails": {"Type": "AWS::SES::ConfigurationSet", "Properties": {"Name": "m"}}}
    resolver = Resolver(resources, {"Inbox": "https://sqs/1/inbox"}, {"Stage": "test"})
    arn = "arn:aws:sqs:ap-southeast-3:123456789012:inbox"
    assert resolver.resolved({"Fn::GetAtt": ["Inbox", "Arn"]}) == arn
    assert resolver.resolved({"a": [{"Fn::Sub": "${Stage}-${Inbox.Arn}-${AWS::Region}-${!Kept}"}]}) == {
        "a": [f"test-{arn}-ap-southeast-3-${{Kept}}"]
    }
    assert resolver.resolved({"Fn::Sub": ["${x}", {"x": {"Ref": "Mails"}}]}) == "m"
    assert resolver.resolved({"Fn::Join": ["/", ["a", {"Ref": "Stage"}]]}) == "a/test"
    for unknown in ({"Ref": "Nothing"}, {"Fn::GetAtt": "Inbox.Colour"}, {"Fn::Select": [0, []]}):
        with pytest.raises(TemplateError):
            resolver.resolved(unknown)
