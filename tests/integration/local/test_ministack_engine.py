"""Ministack is started, found again, attached to and stopped; what it was told stays."""

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from infra.local.engine import EngineFailed
from infra.local.mails import KeptMail
from infra.local.ministack_engine import MinistackEngine
from infra.local.stack import deploy
from tests.integration.local.conftest import STACK, free_port, ministack_binary

pytestmark = pytest.mark.ministack


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MinistackEngine]:
    engine = MinistackEngine(free_port(), tmp_path / "engine", ministack_binary())
    for name, value in engine.environment.items():
        monkeypatch.setenv(name, value)
    engine.start()
    yield engine
    engine.stop()
    assert not engine.is_alive()


def _write() -> None:
    boto3.client("dynamodb").put_item(TableName="toys-test-people", Item={"pk": {"S": "Ani"}})
    boto3.client("s3").put_object(Bucket="toys-test-files", Key="a", Body=b"kept")


def _read() -> tuple[bool, bytes]:
    found = boto3.client("dynamodb").get_item(TableName="toys-test-people", Key={"pk": {"S": "Ani"}})
    return "Item" in found, boto3.client("s3").get_object(Bucket="toys-test-files", Key="a")["Body"].read()


def test_what_was_written_outlives_a_restart(running: MinistackEngine) -> None:
    deploy("test", STACK)
    _write()
    running.stop()
    assert not running.is_alive()
    running.start()
    deploy("test", STACK)
    assert _read() == (True, b"kept")


def test_an_attached_engine_is_left_running(running: MinistackEngine) -> None:
    port = int(running.url.rpartition(":")[2])
    attached = MinistackEngine.attach(port)
    attached.start()
    assert attached.environment == running.environment
    attached.stop()
    assert running.is_alive()


def test_a_taken_port_and_a_missing_binary_are_named(running: MinistackEngine, tmp_path: Path) -> None:
    port = int(running.url.rpartition(":")[2])
    with pytest.raises(EngineFailed, match="is taken"):
        MinistackEngine(port, tmp_path / "other", ministack_binary()).start()
    with pytest.raises(EngineFailed, match="is missing"):
        MinistackEngine(free_port(), tmp_path / "other", tmp_path / "nothing").start()


def test_mails_are_put_together_again(running: MinistackEngine) -> None:
    ses = boto3.client("sesv2")
    ses.create_email_identity(EmailIdentity="toys.example")
    raw = (
        b"From: a@toys.example\r\nTo: ani@example.id\r\nSubject: =?utf-8?q?Kode_=C3=A9?=\r\n"
        b'Content-Type: text/plain; charset="utf-8"\r\nContent-Transfer-Encoding: 8bit\r\n\r\nkode \xc3\xa9 123456'
    )
    ses.send_email(
        FromEmailAddress="a@toys.example",
        Destination={"ToAddresses": ["ani@example.id"]},
        Content={"Raw": {"Data": raw}},
    )
    (mail,) = running.mails()
    assert mail.recipients == ("ani@example.id",)
    read = KeptMail(mail).mail
    assert (read.subject, read.text, read.to) == ("Kode é", "kode é 123456", ["ani@example.id"])
    assert read.sent_at is not None
