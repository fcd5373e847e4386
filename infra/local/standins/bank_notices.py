"""The bank's notices of transfers: signed with its own key, as BI-SNAP has it, and posted where it was told to."""

import base64
import hashlib
import json
import secrets
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import datetime

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from chalicelib.domain.time import WIB
from infra.local.standins.bank_books import Transfer

_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
PATH = "/v1.0/transfer/notify"


def notice_of(transfer: Transfer, status: str) -> bytes:
    told = {
        "originalPartnerReferenceNo": transfer.reference,
        "originalReferenceNo": transfer.provider_reference,
        "originalExternalId": transfer.external_id,
        "latestTransactionStatus": status,
        "amount": {"value": f"{transfer.amount}.00", "currency": "IDR"},
    }
    return json.dumps(told).encode()


def signed(
    private_key_pem: str, partner_id: str, body: bytes, *, at: datetime, external_id: str = ""
) -> dict[str, str]:
    """The headers that prove a notice."""
    key = serialization.load_pem_private_key(private_key_pem.encode(), None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("the standard signs notices with RSA")
    timestamp = at.astimezone(WIB).isoformat(timespec="seconds")
    # Without white space there is nothing to take out, whoever minifies.
    digest = hashlib.sha256(json.dumps(json.loads(body), separators=(",", ":")).encode()).hexdigest()
    text = f"POST:{PATH}:{digest}:{timestamp}".encode()
    return {
        "Content-Type": "application/json",
        "X-PARTNER-ID": partner_id,
        "X-TIMESTAMP": timestamp,
        "X-EXTERNAL-ID": external_id or str(10**35 + secrets.randbelow(9 * 10**35)),
        "X-SIGNATURE": base64.b64encode(key.sign(text, padding.PKCS1v15(), hashes.SHA256())).decode(),
    }


class Notices:
    """Keeps quiet until it is told where to post."""

    def __init__(self, private_key_pem: str, partner_id: str, now: Callable[[], datetime]) -> None:
        self._private_key_pem = private_key_pem
        self._partner_id = partner_id
        self._now = now
        self._url = ""

    def post_to(self, url: str) -> None:
        self._url = url

    def tell(self, transfer: Transfer, status: str, *, times: int = 1) -> list[int]:
        """The same notice so many times, and what each was answered (0: nobody was there)."""
        body = notice_of(transfer, status)
        headers = signed(self._private_key_pem, self._partner_id, body, at=self._now())
        return [self._post(body, headers) for _ in range(times)] if self._url else []

    def tell_later(self, transfer: Transfer, statuses: list[str], *, times: int) -> None:
        def run() -> None:
            for status in statuses:
                self.tell(transfer, status, times=times)

        threading.Thread(target=run, name="bank notices", daemon=True).start()

    def _post(self, body: bytes, headers: dict[str, str]) -> int:
        try:
            with _DIRECT.open(urllib.request.Request(self._url, body, headers), timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refused:
            return refused.code
        except OSError:
            return 0
