"""Moto inside this process: 2 ms a call where its web server takes 6.5, and nothing to install or to clean up.

Moto is not safe for threads (increments are lost, a conditional put has two winners), so one lock stands around all of
it: around what botocore sends, around browser uploads, and around what is read past botocore.
"""

import logging
import os
import threading
import warnings
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

from moto.core.base_backend import BackendDict
from moto.core.model_instances import reset_model_data
from moto.core.models import MockAWS, botocore_stubber
from moto.ses.models import ses_backends

from infra.local.engine import ACCOUNT, CREDENTIALS, REGION, Direct, StoredMail
from infra.local.moto_direct import MotoDirect
from infra.local.moto_pace import brisk
from infra.local.moto_statements import inserts
from infra.local.uploads import UploadServer


class _BotocoreOnly(MockAWS):
    """``mock_aws`` without its patch of the ``requests`` library: our own clients on loopback stay as they are."""

    def _enable_patching(self, reset: bool = True) -> None:
        botocore_stubber.enabled = True
        if reset:
            BackendDict.reset()

    def _disable_patching(self, remove_data: bool) -> None:
        botocore_stubber.enabled = False
        if remove_data:
            BackendDict.reset()
            reset_model_data()


class MotoEngine:
    def __init__(self, upload_port: int = 0) -> None:
        self.lock = threading.RLock()
        self.direct: Direct | None = MotoDirect(self.lock)
        self._upload_port = upload_port
        self._uploads: UploadServer | None = None
        self._ending = ExitStack()
        self._mails: list[StoredMail] = []

    @property
    def environment(self) -> dict[str, str]:
        if self._uploads is None:
            raise RuntimeError("start the engine first: only then the upload port is known")
        return {
            **CREDENTIALS,
            "UPLOAD_ENDPOINT_URL": self._uploads.url,
            # Else botocore puts the account into the host name of streams, which moto does not know.
            "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled",
            # Moto in this process stands in for botocore, not for the network.
            "REGISTRATION_SENDER": "botocore",
        }

    def start(self) -> None:
        # Left over from another engine in this process, it would send every call there.
        os.environ.pop("AWS_ENDPOINT_URL", None)
        self._mails.clear()
        # Moto warns of each resource type it does not make; ``stack`` makes those.
        logging.getLogger("moto").setLevel(logging.ERROR)
        warnings.filterwarnings("ignore", "Tried to parse", UserWarning)
        mock = _BotocoreOnly({"core": {"mock_credentials": False, "reset_boto3_session": True}})
        mock.start()
        self._ending.callback(mock.stop)
        self._ending.enter_context(brisk())
        self._ending.enter_context(inserts())
        self._serialise_botocore()
        self._uploads = UploadServer(self.lock, self._upload_port)
        self._uploads.start()
        self._ending.callback(self._uploads.stop)

    def _serialise_botocore(self) -> None:
        # On the instance, not the class: clients made before and after this both find it there.
        setattr(botocore_stubber, "process_request", self._one_at_a_time(botocore_stubber.process_request))  # noqa: B010
        self._ending.callback(delattr, botocore_stubber, "process_request")

    def _one_at_a_time(self, process: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def process_request(request: Any) -> Any:
            with self.lock:
                answer = process(request)
                if "//email." in request.url:
                    self._note_new_mails()
            return answer

        return process_request

    def stop(self) -> None:
        self._ending.close()
        self._uploads = None

    def reset(self) -> None:
        """Forget all tables, queues, files and mails; 2 ms, where a new engine takes 100."""
        with self.lock:
            BackendDict.reset()
            self._mails.clear()

    def is_alive(self) -> bool:
        return self._uploads is not None and self._uploads.is_alive()

    def mails(self) -> list[StoredMail]:
        with self.lock:
            return list(self._mails)

    def _note_new_mails(self) -> None:
        # Moto keeps no time of acceptance, so it is noted as they come.
        sent = ses_backends[ACCOUNT][REGION].sent_messages
        now = datetime.now(UTC)
        self._mails.extend(_stored(message, now) for message in sent[len(self._mails) :])


def _stored(message: Any, now: datetime) -> StoredMail:
    raw = message.raw_data.encode() if hasattr(message, "raw_data") else _simple_mail(message)
    return StoredMail(message.id, raw, now, _recipients(message.destinations))


def _recipients(destinations: Any) -> tuple[str, ...]:
    lists = destinations.values() if isinstance(destinations, dict) else [destinations]
    return tuple(dict.fromkeys(address for addresses in lists for address in addresses))


def _simple_mail(message: Any) -> bytes:
    """Moto keeps one body of a mail that was not sent as raw MIME, without saying of which type."""
    mail = EmailMessage()
    mail["From"] = message.source
    mail["To"] = ", ".join(_recipients(message.destinations))
    mail["Subject"] = getattr(message, "subject", "")
    body = getattr(message, "body", "")
    mail.set_content(body, subtype="html" if body.lstrip().startswith("<") else "plain")
    return mail.as_bytes()
