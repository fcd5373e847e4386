"""What the contract tests of neighbours share: a clock set by hand, an impatient caller, a scripted neighbour."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.adapters.http import JsonCaller
from chalicelib.domain.nik import FamilyCardNo, Nik
from chalicelib.domain.verification import Identity, Sex
from infra.local.standins.scripted import ScriptedStandIn

NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
"""Twelve o'clock in Jakarta."""

SITI = Identity(
    nik=Nik("3174015203950001"),
    family_card_no=FamilyCardNo("3174010101100002"),
    full_name="Siti Nurhaliza Rahmawati",
    birth_date=date(1995, 3, 12),
    sex=Sex.FEMALE,
    mother_name="Dewi Lestari Anggraini",
    street="Jl. Melati 3",
    province_code="31",
    regency_code="3174",
    phone="081234567890",
    occupation="seeker",
)


class Moment:
    """The time, which passes when a test says so."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def passes(self, **span: float) -> None:
        self.at += timedelta(**span)


@pytest.fixture(name="moment")
def moment_fixture() -> Moment:
    return Moment()


@pytest.fixture(name="http")
def http_fixture() -> Iterator[JsonCaller]:
    caller = JsonCaller(connect_seconds=0.5, read_seconds=0.4, deadline_seconds=0.8)
    yield caller
    caller.close()


@pytest.fixture(name="scripted")
def scripted_fixture(moment: Moment) -> Iterator[ScriptedStandIn]:
    stand_in = ScriptedStandIn(now=moment)
    yield stand_in
    stand_in.stop()
