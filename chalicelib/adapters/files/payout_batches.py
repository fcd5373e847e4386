"""S3: the lists of payouts that are approved together, in a bucket that keeps every version."""

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.domain.errors import StoreUnavailable
from chalicelib.domain.identifiers import BatchId


class S3BatchFiles:
    def __init__(self, client: Any, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def write(self, id: BatchId, content: bytes) -> None:
        self._call("put_object", Key=_key(id), Body=content, ContentType="application/x-ndjson")

    def read(self, id: BatchId) -> bytes:
        content: bytes = self._call("get_object", Key=_key(id))["Body"].read()
        return content

    def _call(self, operation: str, **arguments: Any) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = getattr(self._client, operation)(Bucket=self._bucket, **arguments)
        except (ClientError, BotoCoreError) as error:
            raise StoreUnavailable("bucket_unavailable") from error
        return answer


def _key(id: BatchId) -> str:
    return f"payouts/{id}.jsonl"
