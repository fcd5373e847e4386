"""Amazon SES (API version 2), with the whole mail as raw MIME.

The client is to be made without retries of its own: a lost reply would send the mail twice.
"""

from collections.abc import Mapping
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError  # type: ignore[import-untyped,unused-ignore]

from chalicelib.adapters.mail.mime import deliverable, mime_of
from chalicelib.adapters.mail.ses_notices import marks_of
from chalicelib.domain.errors import Fault, MailUnavailable, Rejected
from chalicelib.domain.mail import Mail
from chalicelib.domain.mail_routes import Quota

# SES uses the same two codes for a recipient that cannot be and for a sender that may not. The words tell them apart,
# and they are never passed on: they repeat the address.
_ABOUT_THE_MAIL = frozenset({"MessageRejected", "BadRequestException"})
_ABOUT_US = ("not verified", "authority to send", "configuration set", "identit", "sandbox", "sending is disabled")

_REFUSES_US = frozenset(
    {
        "AccountSuspendedException",
        "MailFromDomainNotVerifiedException",
        "NotFoundException",
        "AccessDeniedException",
        "SendingPausedException",
        "UnrecognizedClientException",
        "InvalidClientTokenId",
        "ExpiredTokenException",
        "SignatureDoesNotMatch",
    }
)


class SesClient(Protocol):
    """What is used of boto3's client."""

    def send_email(self, **arguments: Any) -> Mapping[str, Any]: ...

    def get_account(self) -> Mapping[str, Any]: ...


class SesMail:
    name = "ses"

    def __init__(self, client: SesClient, sender: str, configuration_set: str, quota: Quota | None = None) -> None:
        self._client = client
        self._sender = sender
        self._configuration_set = configuration_set
        self._quota = quota

    def send(self, mail: Mail) -> str:
        raw = mime_of(mail, sender=self._sender, marks=marks_of(mail))
        try:
            answer = self._client.send_email(
                FromEmailAddress=self._sender,
                Destination={"ToAddresses": [deliverable(mail.to)]},
                Content={"Raw": {"Data": raw}},
                ConfigurationSetName=self._configuration_set,
            )
            return str(answer["MessageId"])
        except ClientError as error:
            fault = _fault(error.response.get("Error", {}))
        except BotoCoreError:
            fault = MailUnavailable()
        # Outside the handler, so that SES's words, which hold the address, are not chained to the fault.
        raise fault

    def quota(self) -> Quota | None:
        """As SES itself states it now, so that a raised one is used within a minute; or the one that was set."""
        if self._quota:
            return self._quota
        try:
            told = self._client.get_account()["SendQuota"]
            return Quota(float(told["MaxSendRate"]), int(told["Max24HourSend"]))
        except (ClientError, BotoCoreError, KeyError):
            return None


def _fault(error: Mapping[str, Any]) -> Fault:
    code, text = error.get("Code"), str(error.get("Message", "")).lower()
    if code in _REFUSES_US:
        return MailUnavailable("mail_provider_refuses_us")
    if code not in _ABOUT_THE_MAIL:
        return MailUnavailable()
    if any(words in text for words in _ABOUT_US):
        return MailUnavailable("mail_provider_refuses_us")
    return Rejected("mail_refused")
