"""S3: the file of each draw, named after its wave, written once."""

import hashlib
import json
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.domain.errors import Misconfigured, StoreUnavailable
from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.selection import RULE_VERSION, Draw, DrawEntry

_LINK_LIVES_SECONDS = 3600


class S3Draws:
    def __init__(self, client: Any, presigner: Any, bucket: str) -> None:
        self._client = client
        self._presigner = presigner
        self._bucket = bucket

    def publish(self, draw: Draw) -> str:
        content = _written(draw)
        held = self._read(WaveNumber(draw.wave))
        if held is not None and held != content:
            raise Misconfigured("draw_differs_from_published", wave=draw.wave)
        if held is None:
            self._call("put_object", Bucket=self._bucket, Key=_key(draw.wave), Body=content, IfNoneMatch="*")
        return hashlib.sha256(content).hexdigest()

    def get(self, wave: WaveNumber) -> Draw | None:
        content = self._read(wave)
        return _parsed(json.loads(content)) if content else None

    def download_url(self, wave: WaveNumber) -> str:
        url: str = self._presigner.generate_presigned_url(
            "get_object", Params={"Bucket": self._bucket, "Key": _key(wave)}, ExpiresIn=_LINK_LIVES_SECONDS
        )
        return url

    def _read(self, wave: int) -> bytes | None:
        try:
            content: bytes = self._client.get_object(Bucket=self._bucket, Key=_key(wave))["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] in ("NoSuchKey", "404"):
                return None
            raise StoreUnavailable("bucket_unavailable") from error
        except BotoCoreError as error:
            raise StoreUnavailable("bucket_unavailable") from error
        return content

    def _call(self, operation: str, **arguments: Any) -> None:
        try:
            getattr(self._client, operation)(**arguments)
        except (BotoCoreError, ClientError) as error:
            raise StoreUnavailable("bucket_unavailable") from error


def _key(wave: int) -> str:
    return f"draws/wave-{wave:06d}.json"


def _written(draw: Draw) -> bytes:
    """Canonical: sorted keys, no spaces, so that the same draw is the same bytes."""
    document = {
        "rule_version": RULE_VERSION,
        "wave": draw.wave,
        "secret": draw.secret,
        "list_digest": draw.list_digest,
        "seed": draw.seed,
        "places": dict(draw.places),
        "entries": [[entry.pseudonym, entry.province_code] for entry in draw.entries],
        "winners": list(draw.winners),
    }
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


def _parsed(document: dict[str, Any]) -> Draw:
    return Draw(
        wave=document["wave"],
        secret=document["secret"],
        list_digest=document["list_digest"],
        seed=document["seed"],
        places=document["places"],
        entries=tuple(DrawEntry(*row) for row in document["entries"]),
        winners=tuple(document["winners"]),
    )
