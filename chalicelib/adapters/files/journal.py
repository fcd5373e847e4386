"""S3: the journal, under Object Lock: written once, by nobody changed or removed for ten years. What may still
change is sketched in the bucket ``files``.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.domain.errors import StoreUnavailable

_SKETCHES = "ledger/"
_GONE = {"NoSuchKey", "404", "NotFound"}
_TAKEN = {"PreconditionFailed", "412", "ConditionalRequestConflict", "409"}


class S3Journal:
    def __init__(self, client: Any, *, journal: str, work: str) -> None:
        self._client = client
        self._journal = journal
        self._work = work

    def keep(self, name: str, content: bytes) -> bytes:
        with suppress(_Taken):
            self._call("put_object", Bucket=self._journal, Key=name, Body=content, IfNoneMatch="*")
            return content
        held = self.read(name)
        if held is None:
            raise StoreUnavailable("bucket_contended")
        return held

    def read(self, name: str) -> bytes | None:
        return self._read(self._journal, name)

    def names(self, prefix: str, *, after: str = "") -> Iterator[str]:
        pages = {"Bucket": self._journal, "Prefix": prefix, "StartAfter": after}
        while True:
            answer = self._call("list_objects_v2", **pages) or {}
            yield from (each["Key"] for each in answer.get("Contents", ()))
            if not answer.get("IsTruncated"):
                return
            pages["ContinuationToken"] = answer["NextContinuationToken"]

    def sketch(self, name: str, content: bytes) -> None:
        self._call("put_object", Bucket=self._work, Key=_SKETCHES + name, Body=content)

    def sketched(self, name: str) -> bytes | None:
        return self._read(self._work, _SKETCHES + name)

    def _read(self, bucket: str, key: str) -> bytes | None:
        answer = self._call("get_object", Bucket=bucket, Key=key)
        try:
            return answer["Body"].read() if answer else None
        except (BotoCoreError, OSError) as error:
            raise StoreUnavailable("bucket_unavailable") from error

    def _call(self, operation: str, **arguments: Any) -> dict[str, Any] | None:
        """None where there is no such object."""
        try:
            answer: dict[str, Any] = getattr(self._client, operation)(**arguments)
        except ClientError as error:
            _raise_unless_gone(error.response["Error"]["Code"])
            return None
        except BotoCoreError as error:
            raise StoreUnavailable("bucket_unavailable") from error
        return answer


class _Taken(Exception):
    """Something lies there."""


def _raise_unless_gone(code: str) -> None:
    if code in _TAKEN:
        raise _Taken from None
    if code not in _GONE:
        raise StoreUnavailable("bucket_unavailable") from None
