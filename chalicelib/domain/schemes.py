"""Schemes: the programme's rules are data with dates. A change of policy is a new file, not new code."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.money import Rupiah

_FOLDER = Path(__file__).parent / "scheme_files"


@dataclass(frozen=True, slots=True)
class Scheme:
    """One file of ``domain/scheme_files``. Amounts in rupiah, ages in completed years, both ends included."""

    name: str
    effective_from: date
    training_grant: Rupiah
    completion_incentive: Rupiah
    first_purchase_within: timedelta
    youngest: int
    oldest: int
    other_aid_excludes: bool
    most_recipients_per_family: int
    smallest_province_quota: int
    """Places that each province gets at least, while the quota allows it."""
    face_match_required: bool = False
    """Whether the population registry must have recognised the selfie before a wave is joined."""


@cache
def all_schemes() -> tuple[Scheme, ...]:
    """By date, earliest first."""
    texts = (each.read_text("utf-8") for each in _FOLDER.glob("*.toml"))
    return tuple(sorted((_scheme(text) for text in texts), key=lambda scheme: scheme.effective_from))


def scheme_named(name: str) -> Scheme:
    for scheme in all_schemes():
        if scheme.name == name:
            return scheme
    raise InvalidInput("scheme_unknown", field="scheme", known=", ".join(each.name for each in all_schemes()))


def scheme_on(day: date) -> Scheme:
    """The scheme in force on ``day``; before the first, the first."""
    in_force = [scheme for scheme in all_schemes() if scheme.effective_from <= day]
    return in_force[-1] if in_force else all_schemes()[0]


def _scheme(text: str) -> Scheme:
    import tomllib  # read once per process, and not by the functions that need no scheme

    row = tomllib.loads(text)
    return Scheme(
        name=row["name"],
        effective_from=row["effective_from"],
        training_grant=Rupiah(row["training_grant_rupiah"]),
        completion_incentive=Rupiah(row["completion_incentive_rupiah"]),
        first_purchase_within=timedelta(days=row["first_purchase_within_days"]),
        youngest=row["youngest_years"],
        oldest=row["oldest_years"],
        other_aid_excludes=row["other_aid_excludes"],
        most_recipients_per_family=row["most_recipients_per_family"],
        smallest_province_quota=row["smallest_province_quota"],
        face_match_required=row["face_match_required"],
    )
