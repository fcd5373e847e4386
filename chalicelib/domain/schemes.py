"""Schemes: the programme's rules are data with dates. A change of policy is a new file, not new code."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from chalicelib.domain.errors import InvalidInput, Misconfigured
from chalicelib.domain.facts import FactName
from chalicelib.domain.grant import GENERAL, CoPayment, YearEnd, read_co_payments, read_year_end
from chalicelib.domain.money import Rupiah
from chalicelib.domain.remedies import PRIORITIES
from chalicelib.domain.rules import Rule, digest_of, read_rules
from chalicelib.domain.shares import flaw_of_shares

_FOLDER = Path(__file__).parent / "scheme_files"


@dataclass(frozen=True, slots=True)
class Scheme:
    """One file of ``domain/scheme_files``. Amounts in rupiah."""

    name: str
    effective_from: date
    training_grant: Rupiah
    completion_incentive: Rupiah
    first_purchase_within: timedelta
    balance_ends: YearEnd
    """What is left of the grant on that day goes back to the treasury."""
    co_payments: tuple[CoPayment, ...]
    """Kinds of courses of which buyers pay a part."""
    most_recipients_per_family: int
    """How many places a family has at award; the rule about ``family_places_taken`` says the same number."""
    smallest_province_quota: int
    """Places that each province gets at least, while the quota allows it."""
    priority_groups: tuple[str, ...]
    """Who is drawn first, unless a wave says otherwise: the first group first."""
    reserved_permille: Mapping[str, int]
    """Places of a thousand that are reserved, by class, unless a wave says otherwise."""
    face_match_required: bool
    """Whether the population registry must have recognised the selfie before a wave is joined."""
    rules: tuple[Rule, ...]
    """Who may take part."""
    rules_digest: str
    """With the name, the version of the rules that a receipt states."""


@cache
def all_schemes() -> tuple[Scheme, ...]:
    """By date, earliest first."""
    texts = (each.read_text("utf-8") for each in _FOLDER.glob("*.toml"))
    return tuple(sorted((read_scheme(text) for text in texts), key=lambda scheme: scheme.effective_from))


def scheme_named(name: str) -> Scheme:
    for scheme in all_schemes():
        if scheme.name == name:
            return scheme
    raise InvalidInput("scheme_unknown", field="scheme", known=", ".join(each.name for each in all_schemes()))


def scheme_on(day: date) -> Scheme:
    """The scheme in force on ``day``; before the first, the first."""
    in_force = [scheme for scheme in all_schemes() if scheme.effective_from <= day]
    return in_force[-1] if in_force else all_schemes()[0]


def course_categories() -> tuple[str, ...]:
    """Those that courses may be listed under: a mistyped one would silently be paid for whole."""
    return tuple(sorted({GENERAL, *(rule.category for scheme in all_schemes() for rule in scheme.co_payments)}))


_COLUMNS = {
    "name": str,
    "effective_from": date,
    "training_grant_rupiah": int,
    "completion_incentive_rupiah": int,
    "first_purchase_within_days": int,
    "balance_ends": str,
    "co_payments": list,
    "most_recipients_per_family": int,
    "smallest_province_quota": int,
    "priority_groups": list,
    "reserved_permille": dict,
    "face_match_required": bool,
    "rules": list,
}


def read_scheme(text: str) -> Scheme:
    """``Misconfigured`` says what is wrong with the file, and where."""
    import tomllib  # read once per process, and not by the functions that need no scheme

    try:
        row = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Misconfigured("scheme_invalid", field=f"file: {error}") from None
    _check_columns(row)
    _check_draw(row["priority_groups"], row["reserved_permille"])
    rules = read_rules(row["rules"])
    scheme = Scheme(
        name=row["name"],
        effective_from=row["effective_from"],
        training_grant=Rupiah(row["training_grant_rupiah"]),
        completion_incentive=Rupiah(row["completion_incentive_rupiah"]),
        first_purchase_within=timedelta(days=row["first_purchase_within_days"]),
        balance_ends=read_year_end(row["balance_ends"]),
        co_payments=read_co_payments(row["co_payments"]),
        most_recipients_per_family=row["most_recipients_per_family"],
        smallest_province_quota=row["smallest_province_quota"],
        priority_groups=tuple(row["priority_groups"]),
        reserved_permille=row["reserved_permille"],
        rules=rules,
        rules_digest=digest_of(rules),
        face_match_required=row["face_match_required"],
    )
    _check_family_rule(scheme)
    return scheme


def _check_columns(row: Mapping[str, Any]) -> None:
    for name in sorted(row.keys() ^ _COLUMNS.keys()):
        raise Misconfigured("scheme_invalid", field=f"{name}: {'not known' if name in row else 'missing'}")
    for name, kind in _COLUMNS.items():
        if type(row[name]) is not kind:
            raise Misconfigured("scheme_invalid", field=f"{name}: {row[name]!r} is not {kind.__name__}")


def _check_draw(groups: list[object], shares: Mapping[str, object]) -> None:
    known = ", ".join(sorted(PRIORITIES))
    for place, group in enumerate(groups):
        if group not in PRIORITIES:
            raise Misconfigured("scheme_invalid", field=f"priority_groups: {group!r} is none of {known}")
        if group in groups[:place]:
            raise Misconfigured("scheme_invalid", field=f"priority_groups: {group!r} stands there twice")
    flaw = flaw_of_shares(shares)
    if flaw:
        raise Misconfigured("scheme_invalid", field=f"reserved_permille: {flaw.value}")


def _check_family_rule(scheme: Scheme) -> None:
    """The rule tells people beforehand what the award's transaction enforces: two numbers would be two truths."""
    limits = [rule.value for rule in scheme.rules if rule.fact is FactName.FAMILY_PLACES_TAKEN and rule.reason]
    if limits != [scheme.most_recipients_per_family]:
        most = scheme.most_recipients_per_family
        raise Misconfigured("scheme_invalid", field=f"rules: family_places_taken at {limits}, recipients at {most}")
