"""A partner's client of version 1 of the partner API."""

import json
from typing import Any

from tests.integration.signing import signature_of
from tests.integration.town import Reply, Town

BASE = "/api/v1/integration"


class PartnerClient:
    def __init__(self, town: Town, client_code: str, sign_key: str) -> None:
        self._town = town
        self.client_code = client_code
        self._sign_key = sign_key

    def ask(
        self, verb: str, body: object = None, *, payment_token: str = "", language: str = "en", **headers: str
    ) -> Reply:
        """``headers`` replace those that were signed: for whoever wants to cheat."""
        path = f"{BASE}/{verb}"
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        timestamp = headers.pop("timestamp", str(int(self._town.clock.now().timestamp())))
        signature = signature_of(self.client_code, self._sign_key, timestamp, path, content)
        sent = {"client_code": self.client_code, "timestamp": timestamp, "signature": signature, **headers}
        if payment_token:
            sent["Authorization"] = f"Payment {payment_token}"
        return self._town.ask("POST", path, content, language=language, **sent)

    def got(self, verb: str, body: object, *, payment_token: str = "") -> dict[str, Any]:
        """The reply's data; the partner is in the right."""
        reply = self.ask(verb, body, payment_token=payment_token)
        assert reply.status == 200, reply.text
        assert (reply.body["success"], reply.body["message"]) == (True, "SUCCESS")
        found: dict[str, Any] = reply.body["data"]
        return found
