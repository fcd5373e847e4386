"""The whole platform on this machine: engine, stack, neighbours, application, pump, pages.

Used by ``make run``, by the demo, and by the tests of the whole journey. What it started, it stops.
"""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from infra.local.clock import MovableClock
from infra.local.engine import Engine, StoredMail
from infra.local.ministack_engine import MinistackEngine
from infra.local.moto_engine import MotoEngine
from infra.local.neighbours import credentials
from infra.local.processes import note_process, stop_noted

if TYPE_CHECKING:
    from infra.local.mail_feedback import MailFeedback

STAGE = "local"
ROOT = Path(__file__).parents[2]
DEFAULT_STATE = ROOT / ".local"
_START_SECONDS = 20.0
_NEIGHBOURS_PID, _ENGINE_PID = "neighbours.pid", "engine.pid"
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Platform:
    """``engine`` is ``moto`` (in this process, forgets everything) or ``ministack`` (its own process, remembers)."""

    def __init__(
        self, *, engine: str, port: int, state_dir: Path = DEFAULT_STATE, seed: int = 7, engine_port: int = 0
    ) -> None:
        self.port = port
        self.seed = seed
        self._state = state_dir / engine
        if engine == "moto":
            shutil.rmtree(self._state, ignore_errors=True)
        self._state.mkdir(parents=True, exist_ok=True)
        self.engine: Engine = _engine(engine, self._state, engine_port or port + 1)
        self.clock = MovableClock(self._state / "clock.json")
        self._pump: Any = None
        self._server: Any = None
        self._mail_feedback: MailFeedback | None = None
        """Where the workers are in this process; else it is with them."""
        self.neighbours: dict[str, str] = {}
        self.url = ""

    # --- Starting and stopping -----------------------------------------------------------------------------------

    def start(self) -> "Platform":
        self.engine.start()
        if isinstance(self.engine, MinistackEngine) and self.engine.pid:
            note_process(self._state / _ENGINE_PID, self.engine.pid)
        os.environ.update(self.engine.environment)
        self.neighbours = self._start_neighbours()
        os.environ.update(_settings(self.port, self.neighbours))
        _deploy(self._state)
        self._start_application()
        return self

    def stop(self) -> None:
        """In the order in which work flows: no new requests, no new messages, then what they stood on."""
        for part in (self._server, self._mail_feedback, self._pump):
            if part is not None:
                part.stop()
        stop_noted(self._state / _NEIGHBOURS_PID)
        self.engine.stop()
        stop_noted(self._state / _ENGINE_PID)

    def __enter__(self) -> "Platform":
        try:
            return self.start()
        except BaseException:
            self.stop()
            raise

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _start_neighbours(self) -> dict[str, str]:
        told = self._state / "neighbours.json"
        if told.exists() and (known := _addresses_if_alive(told)):
            return known  # a killed application left them running, with the bank's books
        told.unlink(missing_ok=True)
        command = [
            sys.executable,
            "-m",
            "infra.local.neighbours",
            "--state",
            str(self._state),
            "--seed",
            str(self.seed),
        ]
        with (self._state / "neighbours.log").open("ab") as log:
            started = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)
        note_process(self._state / _NEIGHBOURS_PID, started.pid)
        deadline = time.monotonic() + _START_SECONDS
        while not told.exists():
            if time.monotonic() > deadline or started.poll() is not None:
                raise RuntimeError(f"the neighbours did not start; see {self._state / 'neighbours.log'}")
            time.sleep(0.05)
        return dict(json.loads(told.read_text())["addresses"])

    def _start_application(self) -> None:
        # Only now: settings are read when the application is imported.
        from app import app
        from chalicelib import bootstrap
        from chalicelib.adapters.aws_clients import aws_client
        from chalicelib.adapters.storage.items import use_connections
        from infra.local.environments import Environments
        from infra.local.http_server import ChaliceServer
        from infra.local.lean_tables import LeanConnection
        from infra.local.logs import log_to
        from infra.local.mail_feedback import MailFeedback
        from infra.local.pages_of_platform import pages_of
        from infra.local.pump import Pump
        from infra.local.workers import Place, WorkersProcess

        log_to(self._state / "application.log")
        if self.engine.direct is None:
            use_connections(LeanConnection.at(os.environ["AWS_ENDPOINT_URL"]))
        bootstrap.use_clock(self.clock)
        place = Place(self._state / "clock.json", self._state / "streams", self._state / "application.log")
        beside: Environments | None = None
        if self.engine.direct is None:
            self._pump = WorkersProcess(place)
            beside = Environments(place, app.api.binary_types)
        else:
            self._pump = Pump(app, clock=self.clock, state_dir=place.streams, direct=self.engine.direct)
            self._mail_feedback = MailFeedback()
            self._mail_feedback.start(aws_client("sesv2"))
        self._pump.start()
        pages, nudge = pages_of(self), self._pump.nudge
        self._server = ChaliceServer(app, self.port, pages, after_request=nudge, environments=beside)
        self._server.start()
        self.port = self._server.port
        self.url = f"http://127.0.0.1:{self.port}"
        webhook = quote(f"{self.url}/v1/mail-notices/sendgrid", safe="")
        _answers(f"{self.neighbours['sendgrid']}/webhook?url={webhook}")
        notices = quote(f"{self.url}/v1.0/transfer/notify", safe="")
        _answers(f"{self.neighbours['bank']}/notices?url={notices}")

    # --- What the outside may ask --------------------------------------------------------------------------------

    def mails(self) -> list[StoredMail]:
        return self.engine.mails()

    def parts(self) -> dict[str, bool]:
        """Part -> is it up."""
        neighbours = {name: _answers(f"{url}/health") for name, url in self.neighbours.items()}
        return {"engine": self.engine.is_alive(), "pump": self._pump.is_alive(), **neighbours}

    def is_idle(self) -> bool:
        """No message waits (now or later) or is worked on, and no stream record is unread."""
        feedback = self._mail_feedback
        told = feedback.nothing_untold() if feedback else self._pump.no_mail_untold()
        return bool(told and self._pump.idle() and self._pump.nothing_delayed())

    def mail_feedback(self, **settings: Any) -> dict[str, Any]:
        """What SES tells of the mail it took, from now on."""
        feedback = self._mail_feedback
        return feedback.behave(**settings) if feedback else self._pump.mail_feedback(settings)

    def progress(self) -> dict[str, Any]:
        """What waits on queues, lies in dead-letter queues, failed since the start; whether all is still."""
        return {
            "now": self.clock.now().isoformat(),
            "idle": self._pump.idle(),
            "queues": self._pump.queue_depths(),
            "dead_letters": self._pump.dead_letters(),
            "failures": self._pump.failures(),
            "neighbours": self.neighbours,
        }

    def move_clock(self, *, to: datetime | None = None, by: timedelta | None = None) -> datetime:
        moved = self.clock.move_to(to) if to else self.clock.advance(by or timedelta())
        self._pump.run_schedules()
        return moved

    def enrol_staff(self, name: str, role: str) -> str:
        """A token for a member of staff: what ``make staff`` does on a deployed stage."""
        from infra.staff import enrol

        return enrol(name, role)


def _engine(name: str, state: Path, port: int) -> Engine:
    if name == "moto":
        return MotoEngine(port if port > 1 else 0)  # known, so that list files can be sent there
    running = MinistackEngine.attach(port)
    return running if running.is_alive() else MinistackEngine(port, state / "engine")


_REGISTRY_QUOTA = "500/second, 1000000/day"
"""As much as the stand-ins on this machine can answer."""


def _settings(port: int, neighbours: dict[str, str]) -> dict[str, str]:
    return {
        "STAGE": STAGE,
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "MAIL_SENDER": "Prakerja <tidak-dibalas@prakerja.example>",
        "POPULATION_REGISTRY_URL": neighbours["population"],
        "EDUCATION_REGISTRY_URL": neighbours["education"],
        "SOCIAL_REGISTRY_URL": neighbours["social"],
        **{f"{registry}_REGISTRY_QUOTA": _REGISTRY_QUOTA for registry in ("POPULATION", "EDUCATION", "SOCIAL")},
        "BANK_URL": neighbours["bank"],
        "BEACON_URL": neighbours["beacon"],
        "SENDGRID_URL": neighbours["sendgrid"],
        "SES_QUOTA": "500/second, 10000000/day",
        "SENDGRID_QUOTA": "500/second, 10000000/day",
        "POWERTOOLS_METRICS_DISABLED": "true",
    }


def _deploy(state: Path) -> None:
    import boto3

    from infra.local.stack import deploy

    deploy(STAGE)
    client = boto3.client("secretsmanager")
    for name, value in credentials(state).items():
        if isinstance(value, dict):
            client.put_secret_value(SecretId=f"prakerja-{STAGE}-{name}", SecretString=json.dumps(value))


def _addresses_if_alive(told: Path) -> dict[str, str]:
    addresses: dict[str, str] = json.loads(told.read_text())["addresses"]
    return addresses if all(_answers(f"{url}/health") for url in addresses.values()) else {}


def _answers(url: str) -> bool:
    try:
        with _DIRECT.open(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
