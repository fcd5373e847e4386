"""Secrets Manager: one secret per neighbour, each a JSON object, read once per process."""

import json
from functools import lru_cache
from typing import Any

from chalicelib.domain.errors import Misconfigured, Unavailable
from chalicelib.settings import resource_name


class SecretValues:
    def __init__(self, client: Any) -> None:
        self._client = client
        self.get = lru_cache(maxsize=32)(self._read)

    def _read(self, name: str) -> dict[str, Any]:
        """The secret ``prakerja-<stage>-<name>``."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            text = self._client.get_secret_value(SecretId=resource_name(name))["SecretString"]
            value: dict[str, Any] = json.loads(text)
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("secret_unavailable", secret=name) from error
        except ValueError:
            raise Misconfigured("secret_not_json", secret=name) from None
        return value
