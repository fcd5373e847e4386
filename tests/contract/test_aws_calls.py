"""Queues, keys and secrets by the lean caller and by botocore: the same answers, and the same word for an outage."""

import json
from collections.abc import Callable

import boto3
import pytest
from botocore.config import Config

from chalicelib.adapters.aws_calls import AwsCall, CallFailed, boto_call, lean_call
from chalicelib.adapters.lean_aws import Credentials, LeanAws
from chalicelib.adapters.messaging.sqs import SqsMessages
from chalicelib.adapters.sealing import KmsSealer
from chalicelib.adapters.secret_values import SecretValues
from chalicelib.domain.commands import Queue
from chalicelib.domain.errors import Misconfigured, StoreUnavailable, Unavailable
from chalicelib.settings import queue_name, resource_name

REGION = "ap-southeast-3"
NOWHERE = "http://127.0.0.1:1"
KEY, SECRET = f"alias/{resource_name('personal-values')}", resource_name("index-keys")
PLACE = "accounts/1/email"
Calling = Callable[[str, str], AwsCall]
"""From a service and its address to a call."""


def lean(service: str, url: str) -> AwsCall:
    caller = LeanAws(service, REGION, Credentials("testing", "testing"), endpoint_url=url, connect_seconds=0.2)
    return lean_call(caller, blobs=frozenset({"Plaintext", "CiphertextBlob"}))


def through_botocore(service: str, url: str) -> AwsCall:
    keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
    config = Config(connect_timeout=0.2, retries={"total_max_attempts": 1})
    return boto_call(boto3.client(service, region_name=REGION, endpoint_url=url, config=config, **keys))


BOTH = pytest.mark.parametrize("calling", [lean, through_botocore])


@pytest.fixture(scope="module")
def url(moto_url: str) -> str:
    kms, secrets, sqs = (through_botocore(service, moto_url) for service in ("kms", "secretsmanager", "sqs"))
    key = kms("CreateKey", {})["KeyMetadata"]["KeyId"]
    kms("CreateAlias", {"AliasName": KEY, "TargetKeyId": key})
    secrets("CreateSecret", {"Name": SECRET, "SecretString": json.dumps({"current": "1", "keys": {"1": "a2V5"}})})
    secrets("CreateSecret", {"Name": resource_name("bank"), "SecretString": "not JSON"})
    sqs("CreateQueue", {"QueueName": queue_name(Queue.MAILS_TO_SEND)})
    return moto_url


@BOTH
def test_what_was_sealed_opens_again(url: str, calling: Calling) -> None:
    sealer = KmsSealer(calling("kms", url), KEY)
    sealed = sealer.seal(b"siti@contoh.example", place=PLACE)
    assert b"siti" not in sealed
    assert KmsSealer(calling("kms", url), KEY).open(sealed, place=PLACE) == b"siti@contoh.example"


@pytest.mark.parametrize(("sealing", "opening"), [(lean, through_botocore), (through_botocore, lean)])
def test_either_opens_what_the_other_sealed(url: str, sealing: Calling, opening: Calling) -> None:
    sealed = KmsSealer(sealing("kms", url), KEY).seal(b"+6281234567890", place=PLACE)
    assert KmsSealer(opening("kms", url), KEY).open(sealed, place=PLACE) == b"+6281234567890"


@BOTH
def test_a_secret_is_read_as_it_was_put(url: str, calling: Calling) -> None:
    assert SecretValues(calling("secretsmanager", url)).get("index-keys") == {"current": "1", "keys": {"1": "a2V5"}}


@BOTH
def test_a_secret_that_is_no_object_is_our_own_mistake(url: str, calling: Calling) -> None:
    with pytest.raises(Misconfigured, match="secret_not_json"):
        SecretValues(calling("secretsmanager", url)).get("bank")


@BOTH
def test_what_is_refused_or_silent_is_an_outage(url: str, calling: Calling) -> None:
    with pytest.raises(StoreUnavailable, match="kms_unavailable"):
        KmsSealer(calling("kms", url), "alias/nobodys").seal(b"x", place=PLACE)
    with pytest.raises(StoreUnavailable, match="kms_unavailable"):
        KmsSealer(calling("kms", NOWHERE), KEY).seal(b"x", place=PLACE)
    with pytest.raises(Unavailable, match="secret_unavailable"):
        SecretValues(calling("secretsmanager", url)).get("nobodys")
    with pytest.raises(Unavailable, match="secret_unavailable"):
        SecretValues(calling("secretsmanager", NOWHERE)).get("index-keys")
    with pytest.raises(StoreUnavailable, match="queue_unavailable"):
        SqsMessages(calling("sqs", url)).send(Queue.DRAW_STEPS_TO_TAKE, {"wave": 1})


@BOTH
def test_a_message_leaves_and_the_cause_of_a_failure_is_kept(url: str, calling: Calling) -> None:
    SqsMessages(calling("sqs", url)).send(Queue.MAILS_TO_SEND, {"n": 1})
    with pytest.raises(CallFailed) as failure:
        calling("secretsmanager", url)("GetSecretValue", {"SecretId": "nobodys"})
    assert "ResourceNotFound" in str(failure.value.__cause__)
