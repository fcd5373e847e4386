"""botocore's clients, one of each kind, with the limits that all of them share."""

from functools import cache
from threading import RLock
from typing import Any

from chalicelib.settings import region

_making = RLock()
_CONNECTIONS = 50
"""More than the laptop has threads; on Lambda one is used."""


@cache
def aws_client(name: str, *, endpoint_url: str | None = None, path_style: bool = False) -> Any:
    # Making a client is not thread-safe, using one is. Time-outs and retries are short: a queue tries again.
    with _making:
        from botocore.config import Config

        # A mail whose answer was lost must not leave a second time: SES takes no idempotency key.
        attempts = 1 if name == "sesv2" else 3
        style = {"addressing_style": "path"} if path_style else {}
        retries = {"total_max_attempts": attempts, "mode": "standard"}
        limits = {"connect_timeout": 1.5, "read_timeout": 3, "max_pool_connections": _CONNECTIONS}
        # Named, botocore need not put its own name together anew for each call (a tenth of its work).
        config = Config(**limits, retries=retries, s3=style, user_agent="prakerja/1")
        return _session().create_client(name, region_name=region(), endpoint_url=endpoint_url, config=config)


@cache
def _session() -> Any:
    """botocore's, not boto3's: the clients are the same, and a cold start saves the import of boto3's s3transfer."""
    import botocore.session

    return botocore.session.get_session()
