"""The application is killed at any moment and started again: nothing acknowledged is lost, nothing is done twice."""

import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local.country import Country
from infra.local.demo.api import Api
from infra.local.demo.people import person_of
from infra.local.demo.postbox import Postbox
from infra.local.neighbours import COUNTRY_SIZE
from infra.local.platform import ROOT

PEOPLE = 12
KILLS = 3
_SEED = 7


class Application:
    def __init__(self, state: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1] // 2 * 2
        self.api = Api(f"http://127.0.0.1:{self.port}")
        self._state = state
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "infra.local.run", "--engine", "ministack", "--bare"]
        command += ["--port", str(self.port), "--state", str(self._state), "--seed", str(_SEED)]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            try:
                if self.api.ask("GET", "/health").status == 200:
                    return
            except OSError:
                time.sleep(0.2)
        raise TimeoutError("the application did not come up")

    def kill(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self.api.close()

    def stop(self) -> None:
        assert self._process is not None
        self.api.close()
        self._process.terminate()
        self._process.wait(60)

    def await_idle(self) -> None:
        deadline = time.monotonic() + 400
        while not self.api.get("/local/idle")["idle"]:
            assert time.monotonic() < deadline, self.api.get("/local/progress")
            time.sleep(0.5)


@pytest.fixture
def application(tmp_path: Path) -> Iterator[Application]:
    if not (ROOT / ".venv-ministack" / "bin" / "ministack").exists():
        pytest.skip("ministack is not installed: make test-ministack installs it")
    running = Application(tmp_path)
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.mark.ministack
def test_nothing_is_lost_or_doubled_when_the_application_is_killed(application: Application) -> None:
    chance, country = random.Random(4), Country(_SEED, COUNTRY_SIZE)
    # What was in the air when the application died comes again after the queue's visibility time-out: three minutes.
    postbox = Postbox(application.api, wait_seconds=400)
    crowd = [person_of(country, index, application.api, postbox) for index in range(PEOPLE)]
    people = [person for person in crowd if person.application.mistake is None]
    for place, person in enumerate(people):
        person.register()
        if place % (len(people) // KILLS) == 1:
            _kill_and_start(application, chance)
    for person in people:
        person.verify_email(person.email.lower())
        person.state_identity()
    _kill_and_start(application, chance)
    application.await_idle()
    states = [person.step("identity")["state"] for person in people]
    assert states.count("done") >= len(people) - 2, states
    assert "waiting" not in states
    assert sum(application.api.get("/local/progress")["dead_letters"].values()) == 0
    postbox.fetch()
    mails = {person.truth.index: postbox.received(person.email.lower()) for person in people}
    assert set(mails.values()) == {2}, "one mail to verify the address, one to say how the identity check ended"


def _kill_and_start(application: Application, chance: random.Random) -> None:
    time.sleep(chance.random() / 2)
    application.kill()
    application.start()
