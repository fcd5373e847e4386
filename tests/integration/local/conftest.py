"""Engines, a deployed toy stack, and pumps that are stopped again."""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from chalice.app import Blueprint

from infra.local.clock import MovableClock
from infra.local.engine import Engine
from infra.local.ministack_engine import DEFAULT_BINARY, MinistackEngine
from infra.local.moto_engine import MotoEngine
from infra.local.pump import Pump
from infra.local.stack import deploy
from tests.integration.local import toys

STACK = Path(__file__).parent / "stack"

PumpMaker = Callable[..., Pump]
AnyEngine = MotoEngine | MinistackEngine


def ministack_binary() -> Path:
    binary = Path(os.environ.get("MINISTACK_BIN", str(DEFAULT_BINARY)))
    if not binary.exists():
        pytest.skip(f"{binary} is missing: install ministack in its own virtual environment, or set MINISTACK_BIN")
    return binary


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# One engine of each kind for all tests here: each new one costs a second, mostly for reading botocore's models again.
@pytest.fixture(scope="package")
def moto() -> Iterator[MotoEngine]:
    engine = MotoEngine()
    engine.start()
    yield engine
    engine.stop()


@pytest.fixture(scope="package")
def ministack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MinistackEngine]:
    engine = MinistackEngine(free_port(), tmp_path_factory.mktemp("ministack"), ministack_binary())
    engine.start()
    yield engine
    engine.stop()


@pytest.fixture
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> AnyEngine:
    """Running and empty; moto unless the test asks for both lanes."""
    engine: AnyEngine = request.getfixturevalue(getattr(request, "param", "moto"))
    for name, value in engine.environment.items():
        monkeypatch.setenv(name, value)
    engine.reset()
    return engine


BOTH_LANES = pytest.mark.parametrize(
    "engine", ["moto", pytest.param("ministack", marks=pytest.mark.ministack)], indirect=True
)


@pytest.fixture
def stack(engine: Engine) -> Engine:
    deploy("test", STACK)
    return engine


@pytest.fixture
def clock(tmp_path: Path) -> MovableClock:
    clock = MovableClock(tmp_path / "clock.json")
    clock.move_to(datetime(2030, 3, 1, 12, tzinfo=UTC))
    return clock


@pytest.fixture
def pump(stack: Engine, clock: MovableClock, tmp_path: Path) -> Iterator[PumpMaker]:
    """Makes and starts a pump for these blueprints; all are stopped at the end."""
    with ExitStack() as ending:

        def make(*blueprints: Blueprint, **options: Any) -> Pump:
            settings = {"clock": clock, "state_dir": tmp_path / "pump", "direct": stack.direct, **options}
            made = Pump(toys.toy_app(*blueprints), **settings)
            made.start()
            ending.callback(made.stop)
            return made

        yield make


@pytest.fixture(autouse=True)
def _plans() -> Iterator[None]:
    yield
    toys.plans.clear()
