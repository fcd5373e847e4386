"""The population registry (Dukcapil), asked whether stated elements agree with its record, which stays there."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.adapters.registries.dukcapil_door import (
    DukcapilDoor,
    is_about,
    only_entry,
    plain,
    quota_left,
    status_in,
)
from chalicelib.domain.errors import AnswerUnreadable
from chalicelib.domain.population import NAME_SCORE_THRESHOLD
from chalicelib.domain.verification import Identity, PersonStatus, PopulationAnswer, Sex

_FIELDS: Mapping[str, str] = {
    "NAMA_LGKP": "full_name",
    "TGL_LHR": "birth_date",
    "JENIS_KLMIN": "sex",
    "NO_KK": "family_card_no",
    "NAMA_LGKP_IBU": "mother_name",
    "NO_PROP": "province_code",
}
"""Element of the registry -> field of ``Identity``: what is asked, and what must be answered."""

_SEXES: Mapping[Sex, str] = {Sex.MALE: "Laki-Laki", Sex.FEMALE: "Perempuan"}

_VERDICT = re.compile(r"(?P<differs>tidak )?sesuai(?: ?\((?P<score>[0-9]{1,3})\))?")


@dataclass(frozen=True, slots=True)
class _Verdict:
    agrees: bool
    score: int


class DukcapilRegistry:
    def __init__(self, door: DukcapilDoor, now: Callable[[], datetime]) -> None:
        self._door = door
        self._now = now

    def match(self, identity: Identity) -> PopulationAnswer:
        question = {"NIK": identity.nik, "TRESHOLD": str(NAME_SCORE_THRESHOLD), **_elements(identity)}
        content, digest = self._door.ask("CALL_VERIFY_BY_ELEMEN", question)
        entry = only_entry(content)
        if not is_about(identity.nik, entry):
            raise AnswerUnreadable
        status = status_in(entry)
        verdicts = _verdicts(entry) if status is PersonStatus.FOUND else {}
        return PopulationAnswer(
            status=status,
            differs=frozenset(field for field, verdict in verdicts.items() if not verdict.agrees),
            name_score=verdicts["full_name"].score if verdicts else 0,
            as_of=self._now(),
            mother_name_score=verdicts["mother_name"].score if verdicts else 0,
            digest=digest,
            quota_left=quota_left(content),
        )


def _verdicts(entry: Mapping[str, Any]) -> dict[str, _Verdict]:
    return {field: _verdict(entry.get(element.casefold())) for element, field in _FIELDS.items()}


def _elements(identity: Identity) -> dict[str, str]:
    return {
        "NAMA_LGKP": identity.full_name,
        "TGL_LHR": identity.birth_date.strftime("%d-%m-%Y"),
        "JENIS_KLMIN": _SEXES[identity.sex],
        "NO_KK": identity.family_card_no,
        "NAMA_LGKP_IBU": identity.mother_name,
        "NO_PROP": identity.province_code,
    }


def _verdict(value: object) -> _Verdict:
    """A missing verdict is not a match. One given for less than our threshold is not either: the threshold is ours."""
    match = _VERDICT.fullmatch(plain(value))
    if match is None:
        raise AnswerUnreadable
    score = int(match["score"] or (0 if match["differs"] else 100))
    if score > 100:
        raise AnswerUnreadable
    return _Verdict(agrees=not match["differs"] and score >= NAME_SCORE_THRESHOLD, score=score)
