"""Twilio SendGrid, the second provider (API version 3)."""

from email.utils import parseaddr
from typing import Any

from chalicelib.adapters.http import HttpAnswer, JsonCaller, NoAnswer
from chalicelib.adapters.mail.mime import deliverable, headers_of, send_key_digest
from chalicelib.adapters.mail.sendgrid_notices import custom_args_of
from chalicelib.domain.errors import Fault, MailUnavailable, Rejected
from chalicelib.domain.mail import Mail
from chalicelib.domain.mail_routes import Quota

# "personalizations.0.to.0.email": the one field by which a request speaks of its recipient.
_RECIPIENT_FIELD = "personalizations.0.to"


class SendGridMail:
    name = "sendgrid"

    def __init__(self, base_url: str, api_key: str, sender: str, quota: Quota, http: JsonCaller) -> None:
        self._url = f"{base_url.rstrip('/')}/v3/mail/send"
        self._headers = {"Authorization": f"Bearer {api_key}"}
        self._sender = sender
        self._quota = quota
        self._http = http

    def quota(self) -> Quota:
        """As agreed: its API does not tell."""
        return self._quota

    def send(self, mail: Mail) -> str:
        try:
            answer = self._http.post_json(self._url, _request(mail, self._sender), self._headers)
        except NoAnswer:
            raise MailUnavailable from None
        if answer.status != 202:
            raise _fault(answer)
        # Taken is taken: without its id the mail must still not be sent again.
        return answer.headers.get("X-Message-Id") or send_key_digest(mail.send_key)


def _request(mail: Mail, sender: str) -> dict[str, object]:
    name, address = parseaddr(sender)
    return {
        "personalizations": [{"to": [{"email": deliverable(mail.to)}], "custom_args": custom_args_of(mail)}],
        "from": {"email": address, "name": name} if name else {"email": address},
        "subject": mail.subject,
        "content": [{"type": "text/plain", "value": mail.text}, {"type": "text/html", "value": mail.html}],
        "headers": headers_of(mail),
    }


def _fault(answer: HttpAnswer) -> Fault:
    """Anything but haste and illness of theirs means that they refuse us, which somebody must see."""
    if answer.status == 400 and _is_about_the_recipient(answer.json_object()):
        return Rejected("mail_refused")
    if answer.status == 429 or answer.status >= 500:
        return MailUnavailable()
    return MailUnavailable("mail_provider_refuses_us")


def _is_about_the_recipient(content: dict[str, Any] | None) -> bool:
    errors = (content or {}).get("errors")
    fields = [error.get("field") for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []
    return any(str(field).startswith(_RECIPIENT_FIELD) for field in fields)
