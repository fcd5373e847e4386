"""The population registry (Dukcapil), asked whether stated elements agree with its record, which stays there.

Nearly everything arrives under HTTP 200: verdicts, a word on the person as a whole, or a complaint about us. Letter
case varies between installations. What is not understood to the last element says nothing of the person.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from chalicelib.adapters.http import JsonCaller, NoAnswer
from chalicelib.domain.errors import AnswerUnreadable, Misconfigured, QuotaUsedUp, RegistryUnavailable
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

_STATUS_OF_CODE: Mapping[str, PersonStatus] = {
    "00": PersonStatus.FOUND,
    "11": PersonStatus.DECEASED,
    "12": PersonStatus.DUPLICATE,
    "13": PersonStatus.UNKNOWN,
    "14": PersonStatus.INACTIVE,
    "15": PersonStatus.BAD_FORMAT,
}

_STATUS_OF_TEXT: Mapping[str, PersonStatus] = {
    "data ditemukan": PersonStatus.FOUND,
    "data ditemukan, meninggal dunia": PersonStatus.DECEASED,
    "data ditemukan, data ganda": PersonStatus.DUPLICATE,
    "data tidak ditemukan, nik tidak terdapat di database kependudukan": PersonStatus.UNKNOWN,
    "data tidak ditemukan": PersonStatus.UNKNOWN,
    "data ditemukan, status non aktif silahkan hubungi dinas dukcapil": PersonStatus.INACTIVE,
    "data tidak ditemukan, nik tidak sesuai format dukcapil": PersonStatus.BAD_FORMAT,
}

_QUOTA_USED_UP = "kuota akses hari ini telah habis"

_REFUSALS = frozenset(
    {
        "login gagal",
        "ip address tidak sesuai",
        "ip client tidak terdaftar",
        "user id tidak aktif",
        "instansi tidak aktif",
        "user, password dan ip tidak boleh kosong",
    }
)
_REQUEST_REFUSALS = frozenset(
    {"parameter tidak lengkap / tidak valid", "parameter tidak lengkap", "parameter tidak valid"}
)
"""Of this question: it may be something in one person's data."""

_VERDICT = re.compile(r"(?P<differs>tidak )?sesuai(?: ?\((?P<score>[0-9]{1,3})\))?")


@dataclass(frozen=True, slots=True)
class _Verdict:
    agrees: bool
    score: int


class DukcapilRegistry:
    """``caller_ip`` is the address under which the registry knows us; it travels in the body."""

    def __init__(
        self,
        base_url: str,
        institution_id: str,
        user_id: str,
        password: str,
        caller_ip: str,
        http: JsonCaller,
        now: Callable[[], datetime],
    ) -> None:
        self._url = f"{base_url.rstrip('/')}/dukcapil/get_json/{institution_id}/CALL_VERIFY_BY_ELEMEN"
        self._credentials = {"user_id": user_id, "password": password, "IP_USER": caller_ip}
        self._http = http
        self._now = now

    def match(self, identity: Identity) -> PopulationAnswer:
        content, digest = self._ask(identity)
        entry = _only_entry(content)
        if not _is_about(identity.nik, entry):
            raise AnswerUnreadable
        status = _status(entry)
        verdicts = _verdicts(entry) if status is PersonStatus.FOUND else {}
        return PopulationAnswer(
            status=status,
            differs=frozenset(field for field, verdict in verdicts.items() if not verdict.agrees),
            name_score=verdicts["full_name"].score if verdicts else 0,
            as_of=self._now(),
            mother_name_score=verdicts["mother_name"].score if verdicts else 0,
            digest=digest,
            quota_left=_quota_left(content),
        )

    def _ask(self, identity: Identity) -> tuple[dict[str, Any], str]:
        """The reply's fields, their names folded, and its digest."""
        question = {"NIK": identity.nik, **self._credentials, "TRESHOLD": str(NAME_SCORE_THRESHOLD)}
        try:
            answer = self._http.post_json(self._url, {**question, **_elements(identity)}, {})
        except NoAnswer as silence:
            raise RegistryUnavailable(cause=str(silence)) from None
        content = answer.json_object() if answer.status == 200 else None
        if content is None:
            raise RegistryUnavailable(status=answer.status)  # 429, 5xx, a page, half an answer: of nobody in particular
        return _folded(content), sha256(answer.body).hexdigest()


def _verdicts(entry: Mapping[str, Any]) -> dict[str, _Verdict]:
    return {field: _verdict(entry.get(element.casefold())) for element, field in _FIELDS.items()}


def _quota_left(content: Mapping[str, Any]) -> int | None:
    left = content.get("quotalimiter")
    return left if type(left) is int and left >= 0 else None


def _elements(identity: Identity) -> dict[str, str]:
    return {
        "NAMA_LGKP": identity.full_name,
        "TGL_LHR": identity.birth_date.strftime("%d-%m-%Y"),
        "JENIS_KLMIN": _SEXES[identity.sex],
        "NO_KK": identity.family_card_no,
        "NAMA_LGKP_IBU": identity.mother_name,
        "NO_PROP": identity.province_code,
    }


def _only_entry(content: Mapping[str, Any]) -> dict[str, Any]:
    """The one entry of ``content``, its field names folded. Two entries would be two people."""
    entries = content.get("content")
    if not isinstance(entries, list) or len(entries) != 1:
        raise AnswerUnreadable
    return _folded(entries[0])


def _folded(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise AnswerUnreadable
    folded = {name.casefold(): content for name, content in value.items()}
    if len(folded) != len(value):  # the same element twice, in two spellings: which one holds?
        raise AnswerUnreadable
    return folded


def _is_about(nik: str, entry: Mapping[str, Any]) -> bool:
    """Some installations answer for the NIK as well: by a verdict, or by repeating it. Another's data is no answer."""
    said = entry.get("nik", nik)
    return str(said) == nik or _plain(said) == "sesuai"


def _status(entry: Mapping[str, Any]) -> PersonStatus:
    """What is said of the person as a whole; without a word on it, verdicts are to follow."""
    text = _plain(entry.get("respon") or "")
    if text == _QUOTA_USED_UP:
        raise QuotaUsedUp
    if text in _REFUSALS:
        raise Misconfigured("registry_refuses_us")
    if text in _REQUEST_REFUSALS:
        raise Misconfigured("registry_refuses_request")
    code = str(entry.get("response_code") or "")
    if not code and not text:
        return PersonStatus.FOUND
    return _agreed(code, text)


def _agreed(code: str, text: str) -> PersonStatus:
    """Code and text must not contradict each other. The text alone may be worded in another way."""
    if code and code not in _STATUS_OF_CODE:
        raise AnswerUnreadable
    readings = (_STATUS_OF_CODE.get(code), _STATUS_OF_TEXT.get(text))
    said = {status for status in readings if status is not None}
    if len(said) != 1:
        raise AnswerUnreadable
    return said.pop()


def _verdict(value: object) -> _Verdict:
    """A missing verdict is not a match. One given for less than our threshold is not either: the threshold is ours."""
    match = _VERDICT.fullmatch(_plain(value))
    if match is None:
        raise AnswerUnreadable
    score = int(match["score"] or (0 if match["differs"] else 100))
    if score > 100:
        raise AnswerUnreadable
    return _Verdict(agrees=not match["differs"] and score >= NAME_SCORE_THRESHOLD, score=score)


def _plain(value: object) -> str:
    if not isinstance(value, str):
        raise AnswerUnreadable
    return " ".join(value.split()).casefold()
