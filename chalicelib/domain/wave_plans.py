"""What a wave may be planned as, changed to and approved as. Planned by one of the staff, approved by another."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta

from chalicelib.domain.errors import Conflict, InvalidInput, NotAllowed
from chalicelib.domain.identifiers import StaffId, WaveNumber
from chalicelib.domain.provinces import basis_named
from chalicelib.domain.remedies import PRIORITIES
from chalicelib.domain.schemes import scheme_named
from chalicelib.domain.shares import CLASSES, WHOLE, ShareFlaw, flaw_of_shares
from chalicelib.domain.waves import (
    LONGEST_AHEAD,
    SETTLING_TIME,
    Wave,
    WaveEvent,
    WaveState,
    commitment_to,
    move_wave,
)

TODAYS_BASIS = "2024"
TRAINING_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WavePlan:
    """What is stated of a wave. None: as its scheme says, or as is sensible."""

    number: int
    opens_at: datetime
    closes_at: datetime
    announces_at: datetime
    quota: int
    scheme: str
    draws_at: datetime | None = None
    training_starts_at: datetime | None = None
    basis: str | None = None
    floor: int | None = None
    groups: tuple[str, ...] | None = None
    reserved_permille: Mapping[str, int] | None = None
    recovers: tuple[int, ...] = ()


CONDITIONS = tuple(each.name for each in fields(WavePlan) if each.name != "number")


def wave_of(plan: WavePlan, *, secret: str, planned_by: StaffId) -> Wave:
    """The wave with all that the plan leaves open."""
    scheme = scheme_named(plan.scheme)
    if plan.number < 1:
        raise InvalidInput("number_not_positive", field="number")
    return Wave(
        number=WaveNumber(plan.number),
        opens_at=plan.opens_at,
        closes_at=plan.closes_at,
        announces_at=plan.announces_at,
        draws_at=plan.draws_at or plan.closes_at + (plan.announces_at - plan.closes_at) / 2,
        training_starts_at=plan.training_starts_at or _day_after(plan.announces_at),
        quota=plan.quota,
        scheme=scheme.name,
        basis=basis_named(plan.basis or TODAYS_BASIS).name,
        floor=scheme.smallest_province_quota if plan.floor is None else plan.floor,
        groups=scheme.priority_groups if plan.groups is None else plan.groups,
        reserved_permille=scheme.reserved_permille if plan.reserved_permille is None else plan.reserved_permille,
        recovers=tuple(sorted(plan.recovers)),
        secret=secret,
        commitment=commitment_to(secret),
        planned_by=planned_by,
    )


def _day_after(moment: datetime) -> datetime:
    with suppress(OverflowError):  # the end of time, which is refused as too far
        return moment + TRAINING_AFTER
    return moment


def conditions_differ(wave: Wave, other: Wave) -> tuple[str, ...]:
    """Names of what is not the same in both."""
    return tuple(name for name in CONDITIONS if getattr(wave, name) != getattr(other, name))


def plan_wave(wave: Wave, *, now: datetime) -> Wave:
    """The wave as planned, or ``InvalidInput`` naming the field that cannot be."""
    _check_wave_times(wave, now)
    _check_draw_times(wave)
    for field, number in (("quota", wave.quota), ("floor", wave.floor)):
        if number < 0:
            raise InvalidInput("number_negative", field=field)
    _check_groups(wave.groups)
    _check_reserved(wave.reserved_permille)
    return wave


def _check_wave_times(wave: Wave, now: datetime) -> None:
    if wave.announces_at > now + LONGEST_AHEAD:
        raise InvalidInput("time_too_far", field="announces_at", years=LONGEST_AHEAD.days // 365)
    if not now <= wave.opens_at:
        raise InvalidInput("time_is_past", field="opens_at")
    if not wave.opens_at < wave.closes_at:
        raise InvalidInput("time_not_after", field="closes_at", other="opens_at")
    if not wave.announces_at - wave.closes_at > SETTLING_TIME:
        raise InvalidInput("time_not_after", field="announces_at", other="closes_at")


def _check_draw_times(wave: Wave) -> None:
    minutes = SETTLING_TIME // timedelta(minutes=1)
    if not wave.drawn_from - wave.closes_at > SETTLING_TIME:
        raise InvalidInput("time_too_soon_after", field="draws_at", other="closes_at", minutes=minutes)
    if not wave.drawn_from < wave.announces_at:
        raise InvalidInput("time_not_before", field="draws_at", other="announces_at")
    starts, farthest = wave.training_starts_at, wave.announces_at + LONGEST_AHEAD
    if starts and not wave.announces_at <= starts:
        raise InvalidInput("time_before", field="training_starts_at", other="announces_at")
    if starts and starts > farthest:
        raise InvalidInput("time_too_far", field="training_starts_at", years=LONGEST_AHEAD.days // 365)


def _check_groups(groups: tuple[str, ...]) -> None:
    if set(groups) - PRIORITIES:
        raise InvalidInput("group_unknown", field="groups", known=", ".join(sorted(PRIORITIES)))
    if len(set(groups)) < len(groups):
        raise InvalidInput("named_twice", field="groups")


def _check_reserved(permille: Mapping[str, int]) -> None:
    flaw = flaw_of_shares(permille)
    if flaw is ShareFlaw.CLASS_UNKNOWN:
        raise InvalidInput("reserved_class_unknown", field="reserved_permille", known=", ".join(CLASSES))
    if flaw is ShareFlaw.OUT_OF_RANGE:
        raise InvalidInput("reserved_out_of_range", field="reserved_permille", most=WHOLE)
    if flaw is ShareFlaw.OVER_WHOLE:
        raise InvalidInput("reserved_over_whole", field="reserved_permille", most=WHOLE)


def check_version(wave: Wave, version: int) -> None:
    """Nobody changes or approves what they have not seen."""
    if wave.version != version:
        raise Conflict("wave_moved", field="version", version=wave.version)


def change_wave(wave: Wave, wanted: Wave, *, now: datetime) -> Wave:
    """Planned again, by whoever changed it. Its draw stays committed to.

    An approved wave is left alone a while before it opens: somebody who joins by the conditions that they read must not
    find others."""
    if wave.state is WaveState.APPROVED and now >= wave.opens_at - SETTLING_TIME:
        raise Conflict("wave_opens", wave=int(wave.number))
    changed = {name: getattr(wanted, name) for name in CONDITIONS}
    moved = move_wave(wave, WaveEvent.CHANGE)
    return plan_wave(replace(moved, planned_by=wanted.planned_by, approved_by=None, **changed), now=now)


def approve_wave(wave: Wave, staff: StaffId, *, now: datetime) -> Wave:
    if wave.planned_by == staff:
        raise NotAllowed("planner_may_not_approve")
    approved = replace(move_wave(wave, WaveEvent.APPROVE), approved_by=staff)
    if now >= wave.opens_at:
        raise Conflict("wave_opening_is_past", wave=int(wave.number))
    return approved
