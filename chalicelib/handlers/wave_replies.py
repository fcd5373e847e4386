"""How waves are told to everybody, and what the programme office states of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, Field

from chalicelib.domain.wave_plans import WavePlan
from chalicelib.domain.waves import Annulment, Wave, WaveState
from chalicelib.handlers.doors import Body, Line

_Name = Annotated[str, Field(max_length=32)]
_Number = Annotated[int, Field(ge=1, le=999_999)]
_Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class PlanBody(Body):
    """What is left out is as the scheme says."""

    opens_at: AwareDatetime
    closes_at: AwareDatetime
    announces_at: AwareDatetime
    quota: int = Field(ge=0, le=100_000_000, description="Places in all provinces together.")
    scheme: str = Field(max_length=32, examples=["2023"])
    draws_at: AwareDatetime | None = Field(
        None, description="When the public random value comes; half-way from closing to announcing if left out."
    )
    training_starts_at: AwareDatetime | None = Field(None, description="The day after announcing if left out.")
    basis: _Name | None = Field(None, description="Of the provinces.", examples=["2024"])
    floor: int | None = Field(None, ge=0, le=1_000_000, description="Places that each province gets at least.")
    groups: list[_Name] | None = Field(None, max_length=16, description="Priority groups, the first first.")
    reserved_permille: dict[_Name, int] | None = Field(
        None, max_length=16, description="Places of a thousand, by class.", examples=[{"women": 500, "disabled": 30}]
    )
    recovers: list[_Number] = Field([], max_length=100, description="Earlier waves whose lapsed places are given here.")


class WavePlanned(PlanBody):
    number: _Number


class WaveChanged(PlanBody):
    version: int = Field(ge=1, description="Of the wave as it was read.")


class WaveApproved(Body):
    version: int = Field(ge=1, description="Of the wave as it was read.")


class AnnulmentAsked(Body):
    reason: Line = Field(max_length=500, description="Published, and kept for ever.")
    draw_digest: _Digest = Field(description="Of the draw that is to be annulled.")


class AnnulmentApproved(Body):
    draw_digest: _Digest = Field(description="Of the draw that is to be annulled.")


class BeaconReply(Body):
    """A public random value by name: a round of drand."""

    chain: str
    round: int


class AnnulmentReply(Body):
    attempt: int
    reason: str
    at: datetime = Field(description="When it came into force; when it was asked for until then.")
    draw_digest: str
    in_force: bool


class WaveReply(Body):
    number: int
    state: WaveState
    approved: bool = Field(description="Whether a second person has approved it. What is not approved does not open.")
    opens_at: datetime
    closes_at: datetime
    draws_at: datetime
    announces_at: datetime
    training_starts_at: datetime | None
    quota: int
    scheme: str
    basis: str
    floor: int
    groups: Sequence[str]
    reserved_permille: Mapping[str, int]
    recovers: Sequence[int]
    commitment: str = Field(description="SHA-256 of the draw's secret, known before the wave opens.")
    beacon: BeaconReply = Field(description="The random value of the present attempt, named before anybody knows it.")
    frozen_root: str | None = Field(None, description="Merkle root of the frozen list.")
    attempt: int = Field(description="Of the draw.")
    draw_digest: str | None = Field(None, description="SHA-256 of the draw's file.")
    annulments: Sequence[AnnulmentReply] = Field(description="Draws that were annulled, or are asked to be.")
    entries: int | None = None
    awards: int | None = None
    version: int


def plan_in(body: PlanBody, number: int) -> WavePlan:
    stated: dict[str, Any] = body.model_dump(exclude={"number", "version"})
    lists = {name: tuple(each) for name, each in stated.items() if isinstance(each, list)}
    return WavePlan(number=number, **(stated | lists))


def wave_told(wave: Wave, chain: str) -> WaveReply:
    """Not who planned, approved or annulled."""
    told = {name: getattr(wave, name) for name in WaveReply.model_fields if hasattr(wave, name)}
    return WaveReply(
        **told
        | {
            "number": int(wave.number),
            "approved": wave.state is not WaveState.PLANNED,
            "draws_at": wave.drawn_from,
            "beacon": BeaconReply(chain=chain, round=wave.beacon_round),
            "attempt": wave.draw_attempt,
            "annulments": [_annulment(each) for each in wave.annulments],
        }
    )


def _annulment(annulment: Annulment) -> AnnulmentReply:
    return AnnulmentReply(
        attempt=annulment.attempt,
        reason=annulment.reason,
        at=annulment.annulled_at or annulment.asked_at,
        draw_digest=annulment.draw_digest,
        in_force=annulment.annulled_at is not None,
    )
