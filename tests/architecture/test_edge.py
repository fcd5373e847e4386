"""What the edge keeps for everybody is what everybody may read; all else passes through it."""

from fnmatch import fnmatchcase

import pytest
import yaml

from infra.template import FOLDER, OVERLAY
from tests.architecture.conftest import Json

DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
"""Amazon's own policy ``CachingDisabled``."""
LIVES_SHORT = {"GET /v1/waves/{number}/draw"}
"""Says ``no-store`` (a signed address is in it), and so is not kept, though its path is among those that are."""


@pytest.fixture(scope="module")
def edge() -> Json:
    written = yaml.safe_load((FOLDER / OVERLAY).read_text("utf-8"))
    settings: Json = written["Resources"]["Edge"]["Properties"]["DistributionConfig"]
    return settings


def test_only_what_is_public_is_kept(edge: Json, survey: Json) -> None:
    for pattern in (each["PathPattern"] for each in edge["CacheBehaviors"]):
        behind = [each for each in survey["routes"] if fnmatchcase(each["route"].partition(" ")[2], pattern)]
        assert behind, pattern
        assert {each["access"] for each in behind} == {"PUBLIC"}
        assert {each["route"].partition(" ")[0] for each in behind} == {"GET"}


def test_whoever_only_looks_reaches_no_function(edge: Json, survey: Json) -> None:
    """Pages, the gate's state and the waves say how long they may be kept: all of them are kept."""
    patterns = [each["PathPattern"] for each in edge["CacheBehaviors"]]
    kept = {each["route"] for each in survey["routes"] if (each["keep"] or "").startswith("public")}
    assert "GET /v1/gate" in kept
    for route in kept:
        assert any(fnmatchcase(route.partition(" ")[2], pattern) for pattern in patterns), route


def test_what_is_kept_only_lets_itself_be_read(edge: Json) -> None:
    assert all(each["AllowedMethods"] == ["GET", "HEAD"] for each in edge["CacheBehaviors"])
    assert edge["DefaultCacheBehavior"]["CachePolicyId"] == DISABLED


def test_nothing_public_is_kept_that_is_somebody_s(survey: Json) -> None:
    for each in survey["routes"]:
        assert each["access"] == "PUBLIC" or not (each["keep"] or "").startswith("public"), each["route"]
    assert not [each for each in survey["routes"] if each["keep"] and each["route"] in LIVES_SHORT]
