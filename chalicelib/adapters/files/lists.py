"""S3: list files as offices send them (``lists/incoming/``, deleted after 30 days), and what a load makes of them.

Ours are gzipped JSON, a row a line, by the NIK's index; e-mail addresses are sealed.
"""

import base64
import gzip
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple
from io import BytesIO
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.adapters.sealing import KmsSealer
from chalicelib.domain.errors import Conflict, StoreUnavailable
from chalicelib.domain.identifiers import Index
from chalicelib.domain.list_rows import Flaw, ListRow
from chalicelib.domain.lists import BUCKET, ListUpload

_GONE = {"NoSuchKey", "404"}
_LONGEST_NOTE = 64


class S3ListFiles:
    def __init__(self, client: Any, bucket: str, sealer: KmsSealer) -> None:
        self._client = client
        self._bucket = bucket
        self._sealer = sealer

    def upload(self, object_key: str) -> ListUpload | None:
        answer = self._call("head_object", Key=object_key)
        if answer is None:
            return None
        notes = answer.get("Metadata", {})
        lines = notes.get("lines", "")
        return ListUpload(
            object_key=object_key,
            tag=answer["ETag"],
            size_bytes=answer["ContentLength"],
            loader=notes.get("loader", "")[:_LONGEST_NOTE] or BUCKET,
            body=notes.get("body", "")[:_LONGEST_NOTE],
            stated_lines=int(lines) if lines.isascii() and lines.isdigit() else 0,
        )

    def read(self, upload: ListUpload, *, start: int, length: int) -> bytes:
        within = f"bytes={start}-{min(start + length, upload.size_bytes) - 1}"
        answer = self._call("get_object", Key=upload.object_key, Range=within, IfMatch=upload.tag)
        if answer is None:
            raise Conflict("list_file_replaced")
        content: bytes = answer["Body"].read()
        return content

    def write_rows(self, name: str, rows: Iterable[ListRow]) -> None:
        content = BytesIO()
        # Without a time in the header the same rows are the same bytes.
        with gzip.GzipFile(fileobj=content, mode="wb", compresslevel=1, mtime=0) as packed:
            for row in rows:
                packed.write(json.dumps([*row[:-1], self._sealed(row)], separators=(",", ":")).encode() + b"\n")
        self._put(name, content.getvalue())

    def rows(self, name: str) -> Iterator[ListRow]:
        with gzip.GzipFile(fileobj=BytesIO(self._get(name))) as packed:
            for line in packed:
                nik, number, category, valid_from, valid_until, birth, email = json.loads(line)
                opened = self._opened(email, nik) if email else ""
                yield ListRow(Index(nik), number, category, valid_from, valid_until, birth, opened)

    def write_flaws(self, name: str, flaws: Sequence[Flaw]) -> None:
        self._put(name, gzip.compress(json.dumps([astuple(flaw) for flaw in flaws]).encode(), mtime=0))

    def flaws(self, name: str) -> Sequence[Flaw]:
        return [Flaw(*each) for each in json.loads(gzip.decompress(self._get(name)))]

    def _sealed(self, row: ListRow) -> str:
        if not row.email:
            return ""
        return base64.b64encode(self._sealer.seal(row.email.encode(), place=_place(row.nik))).decode()

    def _opened(self, sealed: str, nik: str) -> str:
        return self._sealer.open(base64.b64decode(sealed), place=_place(nik)).decode()

    def _put(self, name: str, content: bytes) -> None:
        self._call("put_object", Key=f"lists/{name}", Body=content)

    def _get(self, name: str) -> bytes:
        answer = self._call("get_object", Key=f"lists/{name}")
        if answer is None:
            raise StoreUnavailable("bucket_unavailable", name=name)
        content: bytes = answer["Body"].read()
        return content

    def _call(self, operation: str, **arguments: Any) -> dict[str, Any] | None:
        """None where there is no such object."""
        try:
            answer: dict[str, Any] = getattr(self._client, operation)(Bucket=self._bucket, **arguments)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in _GONE:
                return None
            if code in ("PreconditionFailed", "412"):
                raise Conflict("list_file_replaced") from None
            raise StoreUnavailable("bucket_unavailable") from error
        except BotoCoreError as error:
            raise StoreUnavailable("bucket_unavailable") from error
        return answer


def _place(nik: str) -> str:
    return f"files/lists/{nik}/email"
