"""Under which terms a wave is drawn on paper: a scheme's, those that were published, or others with a change."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.facts import FactName
from chalicelib.domain.incentives import COMPLETION, SURVEY
from chalicelib.domain.provinces import Basis, basis_named
from chalicelib.domain.remedies import PRIORITIES
from chalicelib.domain.schemes import Scheme, scheme_named

DEFAULT_QUOTA, DEFAULT_BASIS = 164_000, "2024"
MOST_QUOTA, MOST_RUPIAH, MOST_FLOOR, MOST_OF_A_FAMILY = 10_000_000, 1_000_000_000, 100_000, 255
_OTHER_AID = frozenset({FactName.SOCIAL_AID, FactName.WAGE_SUBSIDY, FactName.MICRO_BUSINESS_AID})


class WrongTerm(ValueError):
    """Names the option, and says what is expected."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Amounts in rupiah, for each place. ``refuses_aid``: whoever has other aid may not join."""

    name: str
    quota: int
    floor: int
    basis: Basis
    groups: tuple[str, ...]
    reserved_permille: Mapping[str, int]
    family_limit: int
    training_grant: int
    completion_incentive: int
    survey_incentives: int = 0
    refuses_aid: bool = False

    @property
    def rupiah_a_place(self) -> int:
        return self.training_grant + self.completion_incentive + self.survey_incentives

    def conditions(self) -> dict[str, Any]:
        """What the draw's own arithmetic wants to know."""
        return {
            "quota": self.quota,
            "floor": self.floor,
            "labour_force": self.basis.labour_force,
            "reserved_permille": self.reserved_permille,
        }


def terms_of_scheme(name: str, quota: int, basis: str, *, option: str = "scheme") -> Terms:
    scheme = _scheme(option, name)
    return Terms(
        name=name,
        quota=quota,
        floor=scheme.smallest_province_quota,
        basis=_basis(basis),
        groups=scheme.priority_groups,
        reserved_permille=scheme.reserved_permille,
        family_limit=scheme.most_recipients_per_family,
        training_grant=int(scheme.training_grant),
        completion_incentive=_in_all(scheme, COMPLETION),
        survey_incentives=_in_all(scheme, SURVEY),
        refuses_aid=any(rule.fact in _OTHER_AID and rule.reason for rule in scheme.rules),
    )


def _in_all(scheme: Scheme, purpose: str) -> int:
    incentive = scheme.incentive(purpose)
    return int(incentive.in_all) if incentive else 0


def published_terms(frozen: Mapping[str, Any]) -> Terms:
    """Those of a frozen list, with the places it recovers; amounts are its scheme's. Who might not join is not in the
    list in the first place."""
    conditions = frozen["conditions"]
    quota = conditions["quota"] + frozen["recovered"]
    scheme = terms_of_scheme(conditions["scheme"], quota, conditions["basis"])
    basis = replace(scheme.basis, labour_force=dict(sorted(conditions["labour_force"].items())))
    return replace(
        scheme,
        name=f"{conditions['scheme']} as published",
        floor=conditions["floor"],
        basis=basis,
        groups=tuple(conditions["groups"]),
        reserved_permille=conditions["reserved_permille"],
        family_limit=conditions["family_limit"],
        refuses_aid=False,
    )


def changed(terms: Terms, changes: Mapping[str, str]) -> Terms:
    """``changes`` by name: :data:`CHANGES`."""
    for name, text in changes.items():
        terms = _with(terms, name, text)
    if sum(terms.reserved_permille.values()) > 1000:
        raise WrongTerm(f"--set: women and disabled are at most 1000 together, not {dict(terms.reserved_permille)}")
    told = ", ".join(f"{name}={text}" for name, text in changes.items())
    return replace(terms, name=f"{terms.name}, {told}") if told else terms


_WHOLE = {
    "quota": MOST_QUOTA,
    "floor": MOST_FLOOR,
    "family_limit": MOST_OF_A_FAMILY,
    "training_grant": MOST_RUPIAH,
    "completion_incentive": MOST_RUPIAH,
    "survey_incentives": MOST_RUPIAH,
}
_SHARES = ("women", "disabled")
CHANGES = (*_SHARES, "groups", "basis", *_WHOLE)


def _with(terms: Terms, name: str, text: str) -> Terms:
    if name in _WHOLE:
        return replace(terms, **{name: whole_number(f"--set {name}", text, 0, _WHOLE[name])})  # type: ignore[arg-type]
    if name in _SHARES:
        share = whole_number(f"--set {name}", text, 0, 1000)
        return replace(terms, reserved_permille={**terms.reserved_permille, name: share})
    if name == "basis":
        return replace(terms, basis=_basis(text))
    if name == "groups":
        return replace(terms, groups=_groups(text))
    raise WrongTerm(f"--set: {', '.join(CHANGES)} can be set, not {name!r}")


def _groups(text: str) -> tuple[str, ...]:
    groups = tuple(text.split("+")) if text != "none" else ()
    if set(groups) - PRIORITIES or len(set(groups)) != len(groups):
        known = ", ".join(sorted(PRIORITIES))
        raise WrongTerm(f"--set groups: 'none', or some of {known} in order with + between them, not {text!r}")
    return groups


def whole_number(option: str, text: str, least: int, most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 12 and least <= int(text) <= most):
        raise WrongTerm(f"{option}: a whole number from {least:,} to {most:,} is expected, not {text!r}")
    return int(text)


def _scheme(option: str, name: str) -> Scheme:
    try:
        return scheme_named(name)
    except InvalidInput as error:
        raise WrongTerm(f"--{option}: one of {error.details['known']} is expected, not {name!r}") from None


def _basis(name: str) -> Basis:
    try:
        return basis_named(name)
    except InvalidInput as error:
        raise WrongTerm(f"--basis: one of {error.details['known']} is expected, not {name!r}") from None
