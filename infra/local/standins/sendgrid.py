"""SendGrid on the laptop: takes mail and keeps it readable."""

import random
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from typing import Any

from infra.local.standins.behaviour import option
from infra.local.standins.books import Rows
from infra.local.standins.faults import WireFaults
from infra.local.standins.messages import Reply, Request, json_reply
from infra.local.standins.sendgrid_events import EventWebhook
from infra.local.standins.server import Page, StandIn, rows_page

_RECIPIENT = "personalizations.0.to.0.email"


@dataclass(frozen=True, kw_only=True)
class SendGridBehaviour(WireFaults):
    rate_limited: bool = option(False, "answer HTTP 429")
    refuse_key: bool = option(False, "answer HTTP 401")
    forbid: bool = option(False, "answer HTTP 403: the account may not send")
    refuse_address: bool = option(False, "answer HTTP 400 about the recipient's address")
    refuse_content: bool = option(False, "answer HTTP 400 about another field")
    lose_reply: bool = option(False, "take the mail, then close the connection")
    bounce: bool = option(False, "take the mail, and tell later that there is no such mailbox")
    silent: bool = option(False, "tell nothing of what became of the mail")


class SendGridStandIn(StandIn[SendGridBehaviour]):
    title = "SendGrid"

    def __init__(
        self,
        *,
        api_key: str,
        now: Callable[[], datetime],
        webhook: EventWebhook | None = None,
        chance: random.Random | None = None,
    ) -> None:
        super().__init__(SendGridBehaviour, now=now, chance=chance)
        self._webhook = webhook
        self._authorization = f"Bearer {api_key}"
        self.mails = Rows()

    def pages(self) -> Mapping[str, Page]:
        return {"/mails": lambda request: rows_page(request, self.mails), "/webhook": self._set_webhook}

    def _set_webhook(self, request: Request) -> Reply:
        """``GET /webhook?url=...``: what is set in SendGrid's console."""
        if self._webhook and (url := request.query.get("url")):
            self._webhook.post_to(url)
        return json_reply({"waiting": self._webhook.waiting() if self._webhook else 0})

    def asked(self, request: Request) -> Mapping[str, object]:
        return {"send_key": _object(_personalization(request).get("custom_args")).get("send_key", "")}

    def answer(self, request: Request, behaviour: SendGridBehaviour) -> Reply:
        if request.path != "/v3/mail/send":
            return _errors(404, "not found")
        if behaviour.refuse_key or request.headers.get("authorization") != self._authorization:
            return _errors(401, "The provided authorization grant is invalid, expired, or revoked")
        if behaviour.forbid:
            return _errors(403, "The from address does not match a verified Sender Identity.", "from")
        if behaviour.rate_limited:
            return _errors(429, "too many requests")
        if behaviour.refuse_content:
            return _errors(
                400, "The content value must be a string at least one character in length.", "content.0.value"
            )
        return self._take(request, behaviour)

    def _take(self, request: Request, behaviour: SendGridBehaviour) -> Reply:
        content, recipient = request.json_object(), _recipient(request)
        if behaviour.refuse_address or "@" not in parseaddr(recipient)[1]:
            return _errors(400, "Does not contain a valid address.", _RECIPIENT)
        message_id = secrets.token_urlsafe(16)
        bodies = _bodies(content)
        self.mails.write(
            {
                "at": self.now().isoformat(),
                "message_id": message_id,
                "send_key": self.asked(request)["send_key"],
                "to": recipient,
                "from": content.get("from"),
                "subject": content.get("subject"),
                "text": bodies.get("text/plain"),
                "html": bodies.get("text/html"),
                "headers": content.get("headers"),
            }
        )
        self._tell_fate(request, recipient, message_id, behaviour)
        if behaviour.lose_reply:
            return Reply(0, did="taken, reply lost")
        return Reply(202, headers={"X-Message-Id": message_id}, did="taken", note={"message_id": message_id})

    def _tell_fate(self, request: Request, recipient: str, message_id: str, behaviour: SendGridBehaviour) -> None:
        if self._webhook is None or behaviour.silent:
            return
        fate = {"event": "bounce", "type": "bounce"} if behaviour.bounce else {"event": "delivered"}
        custom = _object(_personalization(request).get("custom_args"))
        event = {"email": recipient, "sg_message_id": message_id, "timestamp": int(self.now().timestamp())}
        self._webhook.tell({**event, **fate, **custom})


def _personalization(request: Request) -> dict[str, Any]:
    return _first(request.json_object().get("personalizations"))


def _recipient(request: Request) -> str:
    return str(_first(_personalization(request).get("to")).get("email", ""))


def _bodies(content: Mapping[str, Any]) -> dict[str, Any]:
    parts = content.get("content")
    objects = [_object(part) for part in parts] if isinstance(parts, list) else []
    return {str(part.get("type")): part.get("value") for part in objects}


def _first(value: object) -> dict[str, Any]:
    return _object(value[0]) if isinstance(value, list) and value else {}


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _errors(status: int, message: str, field: str | None = None) -> Reply:
    return json_reply({"errors": [{"message": message, "field": field, "help": None}]}, status, did=f"HTTP {status}")
