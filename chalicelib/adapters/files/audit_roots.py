"""S3 under Object Lock: the audit log's root of each day. Whoever may write here may add, and nobody may take away."""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.domain.audit import Head, Root
from chalicelib.domain.errors import StoreUnavailable

_FOLDER = "roots/"


class S3AuditRoots:
    def __init__(self, client: Any, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def keep(self, root: Root) -> None:
        key = f"{_FOLDER}{root.day.isoformat()}.json"
        try:
            self._client.put_object(Bucket=self._bucket, Key=key, Body=_written(root), IfNoneMatch="*")
        except ClientError as error:
            if error.response["Error"]["Code"] != "PreconditionFailed":
                raise StoreUnavailable("bucket_unavailable") from error
        except BotoCoreError as error:
            raise StoreUnavailable("bucket_unavailable") from error

    def all(self) -> Sequence[Root]:
        try:
            return sorted(map(self._read, self._versions()), key=lambda root: root.day)
        except (BotoCoreError, ClientError) as error:
            raise StoreUnavailable("bucket_unavailable") from error

    def _versions(self) -> Iterator[dict[str, str]]:
        pages = self._client.get_paginator("list_object_versions").paginate(Bucket=self._bucket, Prefix=_FOLDER)
        for page in pages:
            for each in page.get("Versions", ()):
                yield {"Key": each["Key"], "VersionId": each["VersionId"]}

    def _read(self, version: dict[str, str]) -> Root:
        document = json.loads(self._client.get_object(Bucket=self._bucket, **version)["Body"].read())
        heads = {int(chain): Head(**head) for chain, head in document["heads"].items()}
        return Root(date.fromisoformat(document["day"]), heads, document["digest"])


def _written(root: Root) -> bytes:
    heads = {str(chain): {"number": head.number, "digest": head.digest} for chain, head in root.heads.items()}
    document = {"day": root.day.isoformat(), "heads": heads, "digest": root.digest}
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()
