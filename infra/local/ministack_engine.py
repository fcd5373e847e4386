"""Ministack in a process of its own: faster and more faithful than moto, and it outlives the application."""

import os
import subprocess
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime
from json import loads
from pathlib import Path
from typing import Any, Self

from infra.local.engine import ACCOUNT, CREDENTIALS, REGION, Direct, EngineFailed, StoredMail

DEFAULT_BINARY = Path(".venv-ministack/bin/ministack")
START_SECONDS = 20.0
STOP_SECONDS = 15.0

# No proxy from the environment may come between us and loopback.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))

# The list of mails comes whole each time. Fetching may take this share of one core, however long it grows.
_MAIL_SHARE = 0.25


class MinistackEngine:
    """Starts and stops its own process; ``attach`` uses one that somebody else started, and leaves it running.

    State is kept under ``state_dir`` and written when it stops, so a killed process loses what came since its start.
    Stream records are not kept at all: what was unread at a stop is gone.
    """

    def __init__(self, port: int, state_dir: Path | None, binary: Path = DEFAULT_BINARY) -> None:
        self.direct: Direct | None = None
        self.url = f"http://127.0.0.1:{port}"
        self._port = port
        self._state_dir = state_dir
        self._binary = binary
        self._process: subprocess.Popen[bytes] | None = None
        self._mails: list[StoredMail] = []
        self._mails_good_until = 0.0

    @classmethod
    def attach(cls, port: int) -> Self:
        return cls(port, None)

    @property
    def environment(self) -> dict[str, str]:
        return {**CREDENTIALS, "AWS_ENDPOINT_URL": self.url, "UPLOAD_ENDPOINT_URL": self.url}

    @property
    def pid(self) -> int | None:
        """Of the process that this object started; None when attached."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        if self._state_dir is not None:
            self._process = self._launched(self._state_dir)
        deadline = time.monotonic() + START_SECONDS
        while not self.is_alive():
            if time.monotonic() > deadline or self._has_ended():
                self.stop()
                raise EngineFailed(f"nothing answers at {self.url}; {self._where_it_logs()}")
            time.sleep(0.05)

    def _launched(self, state_dir: Path) -> subprocess.Popen[bytes]:
        if self._responds():
            raise EngineFailed(f"{self.url} is taken; attach to it, or choose another port")
        if not self._binary.exists():
            raise EngineFailed(f"{self._binary} is missing: install ministack in its own virtual environment")
        state_dir.mkdir(parents=True, exist_ok=True)
        with (state_dir / "ministack.log").open("ab") as log:
            # A session of its own: Ctrl-C in the terminal must stop the application first.
            return subprocess.Popen(
                self._command(), env=self._settings(state_dir), stdout=log, stderr=log, start_new_session=True
            )

    def _command(self) -> list[str]:
        """Its application under uvicorn, which takes half the time for a request that its own server does."""
        python = str(self._binary.parent / "python")
        address = ["--host", "127.0.0.1", "--port", str(self._port)]
        limits = ["--timeout-keep-alive", "75", "--timeout-graceful-shutdown", "3"]
        return [python, "-m", "uvicorn", "ministack.app:app", *address, *limits, "--no-access-log"]

    def _settings(self, state_dir: Path) -> dict[str, str]:
        return {
            **{name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "LANG") if name in os.environ},
            **CREDENTIALS,
            "BIND_HOST": "127.0.0.1",  # its default is every interface
            "MINISTACK_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(self._port),
            "LOG_LEVEL": "WARNING",
            "MINISTACK_REGION": REGION,
            "MINISTACK_ACCOUNT_ID": ACCOUNT,
            "PERSIST_STATE": "1",
            "STATE_DIR": str(state_dir / "state"),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(state_dir / "files"),
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
        }

    def _has_ended(self) -> bool:
        return self._process is not None and self._process.poll() is not None

    def _where_it_logs(self) -> str:
        return "start one first" if self._state_dir is None else f"see {self._state_dir / 'ministack.log'}"

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def reset(self) -> None:
        """Forget everything, on disk too: for tests between two cases."""
        request = urllib.request.Request(f"{self.url}/_ministack/reset", method="POST")
        with _DIRECT.open(request, timeout=STOP_SECONDS):
            self._mails, self._mails_good_until = [], 0.0

    def is_alive(self) -> bool:
        return not self._has_ended() and self._responds()

    def _responds(self) -> bool:
        try:
            return self._get("/_ministack/ready", 2.0).get("status") == "completed"
        except (OSError, ValueError):
            return False

    def _get(self, path: str, timeout_seconds: float) -> dict[str, Any]:
        with _DIRECT.open(self.url + path, timeout=timeout_seconds) as answer:
            found: dict[str, Any] = loads(answer.read())
        return found

    def mails(self) -> list[StoredMail]:
        begun = time.monotonic()
        if begun >= self._mails_good_until:
            stored = self._get(f"/_ministack/ses/messages?account={ACCOUNT}", 30.0)["messages"].get(ACCOUNT, [])
            # Only the new ones are put together: the others were, the time before.
            known = len(self._mails) if len(self._mails) <= len(stored) else 0
            self._mails = self._mails[:known] + [_stored(record) for record in stored[known:]]
            ended = time.monotonic()
            self._mails_good_until = ended + (ended - begun) / _MAIL_SHARE
        return self._mails


def _stored(record: dict[str, Any]) -> StoredMail:
    sent_at = datetime.fromtimestamp(record["Timestamp"], UTC)
    recipients = tuple(dict.fromkeys(record["To"] + record["CC"] + record["BCC"]))
    return StoredMail(record["MessageId"], _put_together(record, sent_at), sent_at, recipients)


def _put_together(record: dict[str, Any], sent_at: datetime) -> bytes:
    """Ministack keeps the parts of a mail and not its MIME."""
    mail = MIMEMultipart("alternative")
    mail["From"] = record["Source"]
    mail["To"] = ", ".join(record["To"])
    mail["Subject"] = Header(record["Subject"], "utf-8").encode()
    mail["Date"] = format_datetime(sent_at)
    for kind, text in (("plain", record["BodyText"]), ("html", record["BodyHtml"])):
        if text:
            mail.attach(MIMEText(text, kind, "utf-8"))
    return mail.as_bytes()
