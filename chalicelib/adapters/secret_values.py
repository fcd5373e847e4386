"""Secrets Manager: one secret per neighbour, each a JSON object, read once per process."""

import json
from functools import lru_cache
from typing import Any

from chalicelib.adapters.aws_calls import AwsCall, CallFailed
from chalicelib.domain.errors import Misconfigured, Unavailable
from chalicelib.settings import resource_name


class SecretValues:
    def __init__(self, call: AwsCall) -> None:
        self._call = call
        self.get = lru_cache(maxsize=32)(self._read)

    def _read(self, name: str) -> dict[str, Any]:
        """The secret ``prakerja-<stage>-<name>``."""
        try:
            text = self._call("GetSecretValue", {"SecretId": resource_name(name)})["SecretString"]
            value: dict[str, Any] = json.loads(text)
        except CallFailed as failure:
            raise Unavailable("secret_unavailable", secret=name) from failure
        except ValueError:
            raise Misconfigured("secret_not_json", secret=name) from None
        return value
