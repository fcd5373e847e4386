"""The bank's notices, over the wire: what the stand-in signs is believed, and nothing else is."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from chalicelib.adapters.payments.snap_notices import RsaVerifier, SnapNotices
from chalicelib.domain.banking import TransferOutcome
from chalicelib.domain.errors import InvalidInput, NotSignedIn
from infra.local.standins.bank_books import Transfer
from infra.local.standins.bank_keys import new_key_pair
from infra.local.standins.bank_notices import PATH, Notices, notice_of, signed

NOW = datetime(2026, 3, 2, 5, tzinfo=UTC)
PRIVATE, PUBLIC = new_key_pair()
STRANGER, _ = new_key_pair()
TRANSFER = Transfer("PRK1", "18", "bni", "8800000001", 600_000, "R1", "1", NOW, NOW, NOW, "00")


def reader(now: datetime = NOW) -> SnapNotices:
    return SnapNotices("PRAKERJA", RsaVerifier(PUBLIC), lambda: now)


def headers_of(body: bytes, *, key: str = PRIVATE, at: datetime = NOW, **others: str) -> dict[str, str]:
    made = signed(key, "PRAKERJA", body, at=at, external_id="77")
    return {name.lower(): each for name, each in made.items()} | others


@pytest.mark.parametrize(
    ("status", "outcome", "reason"),
    [
        ("00", TransferOutcome.SETTLED, None),
        ("01", TransferOutcome.UNKNOWN, None),
        ("02", TransferOutcome.UNKNOWN, None),
        ("03", TransferOutcome.UNKNOWN, None),
        ("04", TransferOutcome.REFUSED, "refunded"),
        ("05", TransferOutcome.REFUSED, "cancelled"),
        ("06", TransferOutcome.REFUSED, "failed"),
        ("07", TransferOutcome.UNKNOWN, None),
    ],
)
def test_every_status_of_a_notice_has_a_meaning(status: str, outcome: TransferOutcome, reason: str | None) -> None:
    body = notice_of(TRANSFER, status)
    notice = reader().read(PATH, body, headers_of(body))
    assert (notice.reference, notice.amount, notice.id) == ("PRK1", 600_000, "PRAKERJA/2026-03-02/77")
    assert (notice.answer.outcome, notice.answer.reason) == (outcome, reason)


def test_white_space_between_the_parts_changes_no_signature() -> None:
    body = notice_of(TRANSFER, "00")
    spaced = json.dumps(json.loads(body), indent=2).encode()
    assert reader().read(PATH, spaced, headers_of(body)).reference == "PRK1"


@pytest.mark.parametrize(
    "forged",
    [
        {"key": STRANGER},
        {"x-signature": "AAAA"},
        {"x-signature": "no base64"},
        {"x-signature": ""},
        {"x-partner-id": "SOMEBODY"},
        {"x-timestamp": "2026-03-02T12:00:01+07:00"},
    ],
)
def test_a_forged_notice_is_not_believed(forged: dict[str, Any]) -> None:
    body = notice_of(TRANSFER, "00")
    headers = headers_of(body, **forged)
    with pytest.raises(NotSignedIn, match="signature_wrong"):
        reader().read(PATH, body, headers)


def test_a_notice_is_believed_for_its_own_body_and_path_only() -> None:
    body = notice_of(TRANSFER, "00")
    for path, altered in ((PATH, body.replace(b"600000", b"900000")), ("/v1.0/other", body)):
        with pytest.raises(NotSignedIn):
            reader().read(path, altered, headers_of(body))


@pytest.mark.parametrize("minutes", [-6, 6])
def test_an_old_notice_is_not_believed_nor_one_from_tomorrow(minutes: int) -> None:
    body = notice_of(TRANSFER, "00")
    with pytest.raises(NotSignedIn, match="signature_old"):
        reader(NOW + timedelta(minutes=minutes)).read(PATH, body, headers_of(body))


BAD: list[dict[str, Any]] = [
    {"originalPartnerReferenceNo": None},
    {"originalPartnerReferenceNo": "x" * 65},
    {"latestTransactionStatus": "99"},
    {"latestTransactionStatus": None},
    {"amount": "600000.00"},
    {"amount": {"value": "600,000.00", "currency": "IDR"}},
    {"amount": {"value": "600000.50", "currency": "IDR"}},
    {"amount": {"value": "-600000.00", "currency": "IDR"}},
    {"amount": {"value": 600000, "currency": "IDR"}},
    {"amount": {"value": "600000.00", "currency": "USD"}},
]


@pytest.mark.parametrize("changes", BAD)
def test_what_cannot_be_read_is_refused_though_it_is_signed(changes: dict[str, Any]) -> None:
    body = json.dumps({**json.loads(notice_of(TRANSFER, "00")), **changes}).encode()
    with pytest.raises(InvalidInput, match="bank_notice_not_readable"):
        reader().read(PATH, body, headers_of(body))


@pytest.mark.parametrize("body", [b"[]", b'"text"', b"7"])
def test_what_is_no_object_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidInput):
        reader().read(PATH, body, headers_of(body))


@pytest.mark.parametrize("external_id", ["", "abc", "1" * 37])
def test_a_notice_has_a_number_of_its_own(external_id: str) -> None:
    body = notice_of(TRANSFER, "00")
    with pytest.raises(InvalidInput):
        reader().read(PATH, body, headers_of(body) | {"x-external-id": external_id})


@pytest.fixture
def heard() -> Iterator[tuple[str, list[Any]]]:
    """Our door, as the bank finds it: an address."""
    notices: list[Any] = []

    class Ears(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): each for name, each in self.headers.items()}
            notices.append(reader().read(self.path, body, headers))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Ears)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}{PATH}", notices
    server.shutdown()
    server.server_close()


def test_what_the_stand_in_posts_arrives_and_is_believed(heard: tuple[str, list[Any]]) -> None:
    url, notices = heard
    bank = Notices(PRIVATE, "PRAKERJA", lambda: NOW)
    assert bank.tell(TRANSFER, "00") == [], "nobody said where to"
    bank.post_to(url)
    assert bank.tell(TRANSFER, "00", times=2) == [200, 200]
    assert len({notice.id for notice in notices}) == 1, "the same notice twice"
