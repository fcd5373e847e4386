"""What the architecture tests look at: the code, what it registers, the fragments, and the packaged template."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from infra.alarms import joined
from infra.package import Package, package
from infra.template import merged_template

Json = dict[str, Any]
ROOT = Path(__file__).parents[2]


def alone(*arguments: str, **variables: str) -> str:
    """What a fresh interpreter prints, with no more in its environment than a stage."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    command = [sys.executable, *arguments]
    environment = {**inherited, "STAGE": "local", **variables}
    outcome = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert outcome.returncode == 0, outcome.stderr
    return outcome.stdout


@pytest.fixture(scope="session")
def survey() -> Json:
    """Routes and event sources, see ``survey.py``."""
    told: Json = json.loads(alone("-m", "tests.architecture.survey"))
    return told


@pytest.fixture(scope="session")
def resources() -> dict[str, Json]:
    """Of all fragments, by the name that they have there."""
    found: dict[str, Json] = merged_template()["Resources"]
    return found


@pytest.fixture(scope="session")
def config() -> Json:
    written: Json = json.loads((ROOT / ".chalice/config.json").read_text("utf-8"))
    return written


def template_of(made: Package) -> Json:
    """As one, alarms and all."""
    rest, alarms = (json.loads(Path(name).read_text("utf-8")) for name in (made.template, made.alarms))
    return joined(rest, alarms)


@pytest.fixture(scope="session", params=["dev", "prod"])
def packaged(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Package:
    """Without dependencies: the same template, in seconds."""
    return package(request.param, tmp_path_factory.mktemp(request.param), with_dependencies=False)
