"""A browser's presigned upload arrives in the bucket and tells a queue of it."""

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

import boto3

from infra.local.engine import Engine
from tests.integration.local import toys
from tests.integration.local.conftest import BOTH_LANES, PumpMaker

BUCKET = "toys-test-files"
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def _multipart(fields: dict[str, str], content: bytes) -> bytes:
    parts = [
        f'--edge\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    last = b'--edge\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n' + content
    return b"".join(parts) + last + b"\r\n--edge--\r\n"


def _upload(endpoint: str, key: str, content: bytes) -> int:
    form = boto3.client("s3", endpoint_url=endpoint).generate_presigned_post(BUCKET, key, ExpiresIn=300)
    assert form["url"].startswith(endpoint)
    headers = {"Content-Type": "multipart/form-data; boundary=edge"}
    request = urllib.request.Request(form["url"], _multipart(form["fields"], content), headers)
    with _DIRECT.open(request, timeout=10) as answer:
        return int(answer.status)


@BOTH_LANES
def test_an_upload_is_seen_here_and_by_the_function_that_waits_for_it(pump: PumpMaker, stack: Engine) -> None:
    notices: list[dict[str, Any]] = []

    def look(event: dict[str, Any]) -> None:
        # Amazon, and ministack, send a test message without records when the notification is set up.
        bodies = [json.loads(record["body"]) for record in event["Records"]]
        notices.extend(notice for body in bodies for notice in body.get("Records", []))

    toys.plans["look_at_uploads"] = look
    running = pump(toys.uploads)
    content = b"\xff\xd8" + b"x" * 20_000
    assert _upload(stack.environment["UPLOAD_ENDPOINT_URL"], "incoming/ani.jpg", content) == 204
    found = boto3.client("s3").get_object(Bucket=BUCKET, Key="incoming/ani.jpg")
    assert found["Body"].read() == content
    deadline = time.monotonic() + 10
    while not notices and time.monotonic() < deadline:
        time.sleep(0.02)
    assert running.wait_until_idle(10)
    (notice,) = notices
    assert notice["s3"]["bucket"]["name"] == BUCKET
    assert urllib.parse.unquote(notice["s3"]["object"]["key"]) == "incoming/ani.jpg"
    assert notice["s3"]["object"]["size"] == len(content)


def test_an_upload_beyond_bounds_is_refused(stack: Engine) -> None:
    request = urllib.request.Request(stack.environment["UPLOAD_ENDPOINT_URL"] + "/" + BUCKET, b"", method="POST")
    request.add_unredirected_header("Content-Length", str(26 * 1024 * 1024))
    try:
        with _DIRECT.open(request, timeout=10) as answer:
            status = answer.status
    except urllib.error.HTTPError as error:
        status = error.code
    assert status == 413
