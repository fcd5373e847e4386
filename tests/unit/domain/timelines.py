"""A person's way through the programme as ``read_journey`` would tell it, at any point."""

from dataclasses import replace
from typing import Any

from chalicelib.domain.eligibility import decide_eligibility
from chalicelib.domain.journey import Journey, steps_of
from chalicelib.domain.schemes import scheme_named
from chalicelib.domain.steps import Step, StepState
from chalicelib.domain.verification import Applicant
from chalicelib.domain.waves import EntryState, Wave, WaveEntry, WaveState
from tests.builders import a_verified_applicant, a_wave, an_entry
from tests.fakes import NOON

ANNOUNCED = a_wave(1, state=WaveState.ANNOUNCED)


def a_journey(applicant: Applicant | None = None, **changes: Any) -> Journey:
    """Of somebody who has done everything before joining, while wave 1 is open. ``changes`` says what is otherwise."""
    person = applicant or a_verified_applicant()
    journey = Journey(
        opened_at=NOON,
        applicant=person,
        decision=decide_eligibility(person, scheme_named("2023"), on=NOON.date()),
        open_wave=a_wave(1, state=WaveState.OPEN),
        entries=(),
        membership=None,
        purchases=(),
        payout_account=None,
        payouts=(),
        looked_at=NOON,
    )
    return replace(journey, **changes)


def entered(wave: Wave = ANNOUNCED, **changes: Any) -> tuple[Wave, WaveEntry]:
    return wave, an_entry(wave=wave.number, **changes)


def a_recipient(**changes: Any) -> Journey:
    """Awarded in wave 1, which is over."""
    won = {"open_wave": None, "entries": (entered(state=EntryState.CHOSEN),)}
    return a_journey(**(won | changes))


def step(journey: Journey, name: str) -> Step:
    (found,) = [each for each in steps_of(journey) if each.name == name]
    return found


def next_to_do(journey: Journey) -> str | None:
    """The name of the first step to do: what the person is told to do next."""
    return next((each.name for each in steps_of(journey) if each.state is StepState.TO_DO), None)
