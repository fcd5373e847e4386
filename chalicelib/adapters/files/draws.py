"""S3: files of draws. We work in the bucket ``files`` (``draws/``, deleted after 400 days); what is published lies in
the bucket ``draws``, under Object Lock: written once, by nobody changed or removed for ten years.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import chain
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.domain.errors import Misconfigured, NotFound, StoreUnavailable

_LINK_LIVES_SECONDS = 3600
_GONE = {"NoSuchKey", "404", "NotFound"}
_TAKEN = {"PreconditionFailed", "412", "ConditionalRequestConflict", "409"}
_PART_BYTES = 8 * 1024 * 1024
"""S3 takes parts from 5 MiB, and up to 10,000 of them: 80 GB."""
_NOTE = "draws/"
_CHECKSUM = "SHA256"
"""Said at each step: S3 refuses parts with another kind than the upload was begun with."""


class S3DrawFiles:
    def __init__(self, client: Any, presigner: Any, *, work: str, public: str) -> None:
        self._client = client
        self._presigner = presigner
        self._work = work
        self._public = public

    def read(self, name: str) -> bytes:
        content = self._get(self._work, _NOTE + name)
        if content is None:
            raise NotFound("draw_file_unknown", name=name)
        return content

    def read_part(self, name: str, *, start: int, length: int) -> bytes:
        if length <= 0:
            return b""
        try:
            return self._get(self._work, _NOTE + name, Range=f"bytes={start}-{start + length - 1}") or b""
        except _BeyondItsEnd:
            return b""

    def size(self, name: str) -> int | None:
        answer = self._call("head_object", Bucket=self._work, Key=_NOTE + name)
        return None if answer is None else int(answer["ContentLength"])

    def write(self, name: str, content: bytes) -> None:
        self._call("put_object", Bucket=self._work, Key=_NOTE + name, Body=content)

    def write_parts(self, name: str, parts: Iterable[bytes]) -> None:
        pieces = _of_size(parts, _PART_BYTES)
        first = next(pieces, b"")
        second = next(pieces, None)
        if second is None:
            self.write(name, first)
        else:
            self._put_in_parts({"Bucket": self._work, "Key": _NOTE + name}, chain((first, second), pieces))

    def copy(self, name: str, to: str) -> None:
        source = {"Bucket": self._work, "Key": _NOTE + name}
        self._done("copy_object", Bucket=self._work, Key=_NOTE + to, CopySource=source)

    def names(self, prefix: str) -> Iterator[str]:
        for key in self._keys(self._work, _NOTE + prefix):
            yield key.removeprefix(_NOTE)

    def keep(self, name: str, content: bytes) -> bytes:
        return self._put_first(self._work, _NOTE + name, content)

    def settle(self, name: str, content: bytes) -> bytes:
        return self._put_first(self._public, name, content)

    def publish(self, name: str, parts: Iterable[bytes]) -> str:
        held = self._call("head_object", Bucket=self._public, Key=name)
        if held is not None:
            return self._compared(name, parts)
        whole = hashlib.sha256()
        pieces = _of_size(parts, _PART_BYTES)
        first = next(pieces, b"")
        second = next(pieces, None)
        if second is None:
            whole.update(first)
            self._put_once(name, first)
        else:
            public = {"Bucket": self._public, "Key": name}
            try:
                self._put_in_parts(public, _noted(whole, first, second, pieces), IfNoneMatch="*")
            except _Taken:
                raise StoreUnavailable("bucket_contended", name=name) from None  # next time it is compared
        return whole.hexdigest()

    def published(self, name: str) -> bytes | None:
        return self._get(self._public, name)

    def download_url(self, name: str) -> str:
        url: str = self._presigner.generate_presigned_url(
            "get_object", Params={"Bucket": self._public, "Key": name}, ExpiresIn=_LINK_LIVES_SECONDS
        )
        return url

    def _put_first(self, bucket: str, key: str, content: bytes) -> bytes:
        with suppress(_Taken):
            self._call("put_object", Bucket=bucket, Key=key, Body=content, IfNoneMatch="*")
        held = self._get(bucket, key)
        if held is None:
            raise StoreUnavailable("bucket_unavailable")
        return held

    def _put_once(self, name: str, content: bytes) -> None:
        try:
            self._call("put_object", Bucket=self._public, Key=name, Body=content, IfNoneMatch="*")
        except _Taken:
            self._compared(name, [content])

    def _put_in_parts(self, target: dict[str, str], pieces: Iterable[bytes], **condition: str) -> None:
        """What is never completed is removed by the bucket's own rule."""
        upload = self._done("create_multipart_upload", **target, ChecksumAlgorithm=_CHECKSUM)["UploadId"]
        sent = []
        for number, piece in enumerate(pieces, start=1):
            part = {"UploadId": upload, "PartNumber": number, "ChecksumAlgorithm": _CHECKSUM}
            answer = self._done("upload_part", **target, **part, Body=piece)
            named = ("ETag", f"Checksum{_CHECKSUM}")
            sent.append({"PartNumber": number, **{name: answer[name] for name in named if name in answer}})
        self._call("complete_multipart_upload", **target, UploadId=upload, MultipartUpload={"Parts": sent}, **condition)

    def _compared(self, name: str, parts: Iterable[bytes]) -> str:
        """The digest of what lies there, if these are its bytes. Read in pieces: it may be large."""
        whole, start = hashlib.sha256(), 0
        for piece in _of_size(parts, _PART_BYTES):
            span = f"bytes={start}-{start + len(piece) - 1}"
            if self._get(self._public, name, **({"Range": span} if piece else {})) != piece:
                raise Misconfigured("draw_differs_from_published", name=name)
            whole.update(piece)
            start += len(piece)
        held = self._done("head_object", Bucket=self._public, Key=name)
        if held["ContentLength"] != start:
            raise Misconfigured("draw_differs_from_published", name=name)
        return whole.hexdigest()

    def _get(self, bucket: str, key: str, **span: str) -> bytes | None:
        answer = self._call("get_object", Bucket=bucket, Key=key, **span)
        if answer is None:
            return None
        content: bytes = answer["Body"].read()
        return content

    def _keys(self, bucket: str, prefix: str) -> Iterator[str]:
        pages = {"Bucket": bucket, "Prefix": prefix}
        while True:
            answer = self._done("list_objects_v2", **pages)
            yield from (each["Key"] for each in answer.get("Contents", ()))
            if not answer.get("IsTruncated"):
                return
            pages["ContinuationToken"] = answer["NextContinuationToken"]

    def _done(self, operation: str, **arguments: Any) -> dict[str, Any]:
        answer = self._call(operation, **arguments)
        if answer is None:
            raise StoreUnavailable("bucket_unavailable")
        return answer

    def _call(self, operation: str, **arguments: Any) -> dict[str, Any] | None:
        """None where there is no such object."""
        try:
            answer: dict[str, Any] = getattr(self._client, operation)(**arguments)
        except ClientError as error:
            _raise_unless_gone(error)
            return None
        except BotoCoreError as error:
            raise StoreUnavailable("bucket_unavailable") from error
        return answer


class _Taken(Exception):
    """Somebody else wrote it first."""


class _BeyondItsEnd(Exception):
    """Nothing of the file lies in that span."""


def _raise_unless_gone(error: ClientError) -> None:
    code = error.response["Error"]["Code"]
    if code in _GONE:
        return
    if code in _TAKEN:
        raise _Taken from None
    if code in ("InvalidRange", "416"):
        raise _BeyondItsEnd from None
    raise StoreUnavailable("bucket_unavailable") from error


def _of_size(parts: Iterable[bytes], size: int) -> Iterator[bytes]:
    """The same bytes in pieces of one size (the last may be smaller; none at all is one empty piece)."""
    held, sent = bytearray(), False
    for part in parts:
        held += part
        while len(held) >= size:
            yield bytes(held[:size])
            del held[:size]
            sent = True
    if held or not sent:
        yield bytes(held)


def _noted(whole: Any, first: bytes, second: bytes, others: Iterator[bytes]) -> Iterator[bytes]:
    for piece in (first, second):
        whole.update(piece)
        yield piece
    for piece in others:
        whole.update(piece)
        yield piece
