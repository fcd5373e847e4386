"""SES's other half on the laptop: what became of each mail, in its own words, onto the queue that its topic leads to.

Mailboxes of Amazon's simulator do what they do there (``bounce@simulator.amazonses.com``, ``complaint@``); everybody
else's mail arrives, unless ``behave`` says otherwise.
"""

import hashlib
import json
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from email.parser import BytesHeaderParser
from email.utils import getaddresses
from itertools import islice
from typing import Any

import boto3

from chalicelib.settings import queue_name
from infra.local.engine import StoredMail

_LOOK_EVERY_SECONDS = 0.2
_BATCH = 10
_SIMULATOR = "@simulator.amazonses.com"


@dataclass(frozen=True)
class Feedback:
    """``bounce_share`` of all mail bounces; fates come after ``delay_seconds``; or, ``silent``, never."""

    bounce_share: float = 0.0
    delay_seconds: float = 0.0
    silent: bool = False


class MailFeedback:
    """Listens to what the application itself sends: ministack keeps none of a mail's headers."""

    def __init__(self) -> None:
        self._sqs: Any = None
        self._feedback = Feedback()
        self._untold: deque[StoredMail] = deque()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="mail feedback", daemon=True)

    def start(self, ses: Any) -> None:
        """``ses``: the application's client."""
        ses.meta.events.register("provide-client-params.sesv2.SendEmail", _remember)
        ses.meta.events.register("after-call.sesv2.SendEmail", self._took)
        self._sqs = boto3.client("sqs")
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(5)

    def behave(self, **settings: Any) -> dict[str, Any]:
        """What is not named is good behaviour."""
        self._feedback = Feedback(**settings)
        return asdict(self._feedback)

    def nothing_untold(self) -> bool:
        return self._feedback.silent or not self._untold

    def _took(self, parsed: Mapping[str, Any], context: Mapping[str, Any], **_: Any) -> None:
        if "MessageId" in parsed and "raw" in context:
            self._untold.append(StoredMail(parsed["MessageId"], context["raw"], datetime.now(UTC), context["to"]))

    def _run(self) -> None:
        url = self._sqs.get_queue_url(QueueName=queue_name("mail-fates-to-note"))["QueueUrl"]
        while not self._stopping.wait(_LOOK_EVERY_SECONDS):
            while self._untold and not self._feedback.silent and not self._stopping.is_set():
                self._tell(url, list(islice(self._untold, _BATCH)), self._feedback)

    def _tell(self, url: str, mails: Sequence[StoredMail], feedback: Feedback) -> None:
        latest = max((mail.sent_at or datetime.now(UTC) for mail in mails), default=datetime.now(UTC))
        self._stopping.wait(max(0.0, latest.timestamp() + feedback.delay_seconds - time.time()))
        entries = [
            {"Id": str(place), "MessageBody": json.dumps(notice)}
            for place, mail in enumerate(mails)
            for notice in notices_of(mail, feedback)
        ]
        if entries:
            self._sqs.send_message_batch(QueueUrl=url, Entries=entries)
        for _ in mails:
            self._untold.popleft()


def _remember(params: Mapping[str, Any], context: dict[str, Any], **_: Any) -> None:
    content = params.get("Content", {}).get("Raw", {})
    if "Data" in content:
        context["raw"], context["to"] = content["Data"], tuple(params.get("Destination", {}).get("ToAddresses", ()))


def notices_of(mail: StoredMail, feedback: Feedback) -> Iterator[dict[str, Any]]:
    """None for a mail that does not say whose it is."""
    headers = BytesHeaderParser().parsebytes(mail.raw)
    tags = dict(tag.strip().split("=", 1) for tag in (headers["X-SES-MESSAGE-TAGS"] or "").split(",") if "=" in tag)
    if "left_at" not in tags:
        return
    to = [address for _, address in getaddresses([*mail.recipients, headers["To"] or ""])]
    at = datetime.fromtimestamp(int(tags["left_at"]), UTC) + timedelta(seconds=max(1.0, feedback.delay_seconds))
    kind = _kind(to[0] if to else "", mail.message_id, feedback)
    yield {
        "eventType": kind,
        "mail": {
            "timestamp": (mail.sent_at or at).isoformat(),
            "messageId": mail.message_id,
            "destination": to,
            "tags": {name: [value] for name, value in tags.items()},
        },
        kind.lower(): {"timestamp": at.isoformat().replace("+00:00", "Z"), **_DETAILS[kind]},
    }


_DETAILS: dict[str, dict[str, Any]] = {
    "Delivery": {"smtpResponse": "250 2.0.0 OK", "processingTimeMillis": 1000},
    "Bounce": {"bounceType": "Permanent", "bounceSubType": "General", "bouncedRecipients": []},
    "Complaint": {"complaintFeedbackType": "abuse", "complainedRecipients": []},
}


def _kind(address: str, message_id: str, feedback: Feedback) -> str:
    local = address.partition("@")[0].partition("+")[0] if address.endswith(_SIMULATOR) else ""
    lot = int(hashlib.sha256(message_id.encode()).hexdigest()[:8], 16) / 0xFFFFFFFF
    if local == "bounce" or lot < feedback.bounce_share:
        return "Bounce"
    return "Complaint" if local == "complaint" else "Delivery"
