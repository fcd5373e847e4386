"""The whole platform as `make run` starts it, and people going their way through it over HTTP."""

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from infra.local.country import Country
from infra.local.demo.__main__ import free_port
from infra.local.demo.api import Api
from infra.local.demo.launch import Launch
from infra.local.demo.people import Person, person_of
from infra.local.demo.postbox import Postbox
from infra.local.neighbours import COUNTRY_SIZE
from infra.local.platform import ROOT

_SEED = 7
_PATIENCE_SECONDS = 60
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port, state = free_port(), tmp_path_factory.mktemp("state")
    command = [sys.executable, "-m", "infra.local.run", "--bare", "--port", str(port), "--state", str(state)]
    running = subprocess.Popen([*command, "--seed", str(_SEED)], cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        _await_health(f"http://127.0.0.1:{port}", running)
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait(60)


@pytest.fixture
def api(url: str) -> Iterator[Api]:
    api = Api(url)
    yield api
    api.close()


@pytest.fixture
def postbox(api: Api) -> Postbox:
    return Postbox(api, wait_seconds=_PATIENCE_SECONDS)


def test_the_laptops_parts_are_up_and_say_so(api: Api) -> None:
    health = api.get("/health")
    assert health["status"] == "up"
    assert set(health["parts"]) == {"engine", "pump", "population", "education", "social", "bank", "beacon", "sendgrid"}


def test_one_correlation_id_runs_from_the_request_to_the_mail(api: Api, postbox: Postbox) -> None:
    api.ask("POST", "/v1/registrations", {"email": "jejak@contoh.example"}, headers={"X-Correlation-Id": "jejak-0001"})
    postbox.link_token("jejak@contoh.example")
    (mail,) = api.get("/mailbox.json?to=jejak@contoh.example")["mails"]
    with _DIRECT.open(f"{api.url}/mailbox/{mail['id']}", timeout=10) as page:
        assert "jejak-0001" in page.read().decode()


@pytest.mark.parametrize(
    "fault", [{"hang_seconds": 30}, {"html": True}, {"http_500": True}, {"truncated": True}, {"outage": True}]
)
def test_a_registry_that_fails_leaves_people_waiting_and_they_go_on_when_it_is_back(
    api: Api, postbox: Postbox, fault: dict[str, Any]
) -> None:
    person = _signed_up(api, postbox, index=100 + 2 * len(str(fault)))
    registry = api.get("/local/progress")["neighbours"]["population"]
    _put(f"{registry}/behaviour", fault)
    try:
        person.state_identity()
        _until(lambda: _asked(registry, person) or "hang_seconds" in fault)
        step = person.step("identity")
        assert (step["state"], step["reason"]) == ("waiting", "registries_are_asked")
    finally:
        _put(f"{registry}/behaviour", {})
    api.ask("POST", "/local/clock", {"by_seconds": 150})  # a check rests a minute or two after a fault
    _until(lambda: person.step("identity")["state"] != "waiting")
    assert person.step("identity")["state"] == "done"


def test_the_launch_day_in_small_holds_every_invariant(url: str) -> None:
    counts = Launch(url, scale=60_000, seed=_SEED).run()
    assert counts.draw_verified
    assert 0 < counts.awarded <= counts.places
    assert counts.incentives_paid == counts.completed == counts.awarded
    assert counts.paid_rupiah == counts.bank_paid_rupiah == 600_000 * counts.incentives_paid
    assert (counts.ledger_sum_rupiah, counts.queues_left, counts.dead_letters) == (0, 0, 0)


def _signed_up(api: Api, postbox: Postbox, *, index: int) -> Person:
    """Somebody whom the registry knows and who types no mistake, from ``index`` on."""
    country = Country(_SEED, COUNTRY_SIZE)
    while country.application(index).mistake or country.person(index).life.value != "alive":
        index += 1
    person = person_of(country, index, api, postbox)
    person.register()
    person.verify_email(person.email.lower())
    return person


def _asked(registry: str, person: Person) -> bool:
    with _DIRECT.open(f"{registry}/books?limit=1000", timeout=10) as answer:
        return person.truth.nik in answer.read().decode()


def _put(address: str, content: dict[str, Any]) -> None:
    request = urllib.request.Request(address, data=json.dumps(content).encode(), method="PUT")
    with _DIRECT.open(request, timeout=10) as answer:
        assert answer.status < 300


def _until(holds: Any) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.2)


def _await_health(url: str, running: subprocess.Popen[bytes]) -> None:
    def is_up() -> bool:
        assert running.poll() is None, "the platform did not start"
        try:
            with _DIRECT.open(f"{url}/health", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    _until(is_up)
