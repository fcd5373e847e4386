"""The population registry of the laptop: verify by element and by face, as Dukcapil answers, with its moods."""

import random
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from difflib import SequenceMatcher
from typing import Any

from chalicelib.domain.time import wib_date
from chalicelib.domain.verification import PersonStatus, Sex
from infra.local.standins.behaviour import option
from infra.local.standins.faces import face_verdict, is_face_question
from infra.local.standins.faults import WireFaults
from infra.local.standins.messages import Reply, Request, json_reply, refusal
from infra.local.standins.server import StandIn

_PATH = re.compile(r"/dukcapil/get_json/([^/]+)/(CALL_VERIFY_BY_ELEMEN|CALL_FACE_MATCH)")
_CREDENTIALS = ("USER_ID", "PASSWORD", "IP_USER")
_FUZZY = frozenset({"NAMA_LGKP", "NAMA_LGKP_IBU"})
_SEXES = {Sex.MALE: "Laki-Laki", Sex.FEMALE: "Perempuan"}
_RESPONSES: Mapping[PersonStatus, tuple[str, str]] = {
    PersonStatus.DECEASED: ("11", "Data Ditemukan, Meninggal Dunia"),
    PersonStatus.DUPLICATE: ("12", "Data Ditemukan, Data Ganda"),
    PersonStatus.UNKNOWN: ("13", "Data Tidak Ditemukan, NIK tidak terdapat di database Kependudukan"),
    PersonStatus.INACTIVE: ("14", "Data Ditemukan, Status Non Aktif silahkan hubungi Dinas Dukcapil"),
    PersonStatus.BAD_FORMAT: ("15", "Data Tidak Ditemukan, NIK tidak sesuai format Dukcapil"),
}
_PARAMETERS = "Parameter Tidak Lengkap / Tidak Valid"
Entry = dict[str, str]


@dataclass(frozen=True, slots=True)
class CitizenRecord:
    """What the registry holds of one person."""

    nik: str
    family_card_no: str
    full_name: str
    birth_date: date
    sex: Sex
    mother_name: str
    province_code: str
    status: PersonStatus = PersonStatus.FOUND


@dataclass(frozen=True, kw_only=True)
class PopulationBehaviour(WireFaults):
    refuse_login: bool = option(False, "answer Login Gagal to everybody")
    answer_code: str = option("", "answer this RESPONSE_CODE to everybody", shape=r"\d{0,2}")
    answer_text: str = option("", "answer this RESPON to everybody, as it stands")
    without: str = option("", "elements left out of the answer, separated by commas")
    quota_per_day: int = option(1_000_000, "calls until 00:00 WIB", lasting=True, shape=r"\d+")
    face_score: int = option(-1, "score every face so; -1: as the picture's mark says", shape=r"-1|\d{1,3}")
    letter_case: str = option(
        "as_written", "as_written, upper, lower or mixed", lasting=True, shape="as_written|upper|lower|mixed"
    )


class PopulationStandIn(StandIn[PopulationBehaviour]):
    title = "Population registry (Dukcapil)"

    def __init__(
        self,
        people: Callable[[str], CitizenRecord | None],
        *,
        institution_id: str,
        user_id: str,
        password: str,
        caller_ip: str,
        now: Callable[[], datetime],
        chance: random.Random | None = None,
    ) -> None:
        super().__init__(PopulationBehaviour, now=now, chance=chance)
        self._people = people
        self._institution_id = institution_id
        self._login = (user_id, password)
        self._caller_ip = caller_ip
        self._quota = _DailyQuota(now)

    def totals(self) -> dict[str, object]:
        return {**super().totals(), "quota_used_today": self._quota.used_today()}

    def asked(self, request: Request) -> Mapping[str, object]:
        body = _upper(request)
        elements = sorted(name for name in _elements(body) if name != "FOTO")
        return {"nik": str(body.get("NIK", "")), "elements": elements, **({"face": True} if "FOTO" in body else {})}

    def answer(self, request: Request, behaviour: PopulationBehaviour) -> Reply:
        path = _PATH.fullmatch(request.path)
        if path is None:
            return refusal(404, "no such call")
        entry, did = self._entry(path[1], _upper(request), behaviour)
        envelope = {
            "content": [entry],
            "lastPage": True,
            "numberOfElements": 1,
            "sort": None,
            "totalElements": 1,
            "firstPage": True,
            "number": 0,
            "size": 1,
            "quotaLimiter": max(0, behaviour.quota_per_day - self._quota.used_today()),
        }
        return json_reply(self._recased(envelope, behaviour.letter_case), did=did)

    def _entry(self, institution: str, body: Mapping[str, Any], behaviour: PopulationBehaviour) -> tuple[Entry, str]:
        complaint = "Login Gagal" if behaviour.refuse_login else self._complaint(institution, body)
        if complaint:
            return {"RESPON": complaint}, complaint
        if not self._quota.take(behaviour.quota_per_day):
            return {"RESPON": "Kuota Akses Hari ini telah Habis"}, "quota used up"
        if behaviour.answer_code or behaviour.answer_text:
            told = {"RESPON": behaviour.answer_text, "RESPONSE_CODE": behaviour.answer_code}
            return {name: text for name, text in told.items() if text}, "as told"
        return self._verified(body, behaviour)

    def _complaint(self, institution: str, body: Mapping[str, Any]) -> str:
        """What is wrong with the caller, in the registry's words; empty where nothing is."""
        if not all(body.get(name) for name in _CREDENTIALS):
            return "User, password dan IP tidak boleh kosong"
        if institution != self._institution_id:
            return "Instansi Tidak Aktif"
        if (body["USER_ID"], body["PASSWORD"]) != self._login:
            return "Login Gagal"
        if body["IP_USER"] != self._caller_ip:
            return "IP Address Tidak Sesuai"
        return "" if _is_complete(body) or is_face_question(body) else _PARAMETERS

    def _verified(self, body: Mapping[str, Any], behaviour: PopulationBehaviour) -> tuple[Entry, str]:
        nik = str(body["NIK"])
        citizen = self._people(nik) if re.fullmatch(r"\d{16}", nik) else None
        missing = PersonStatus.UNKNOWN if re.fullmatch(r"\d{16}", nik) else PersonStatus.BAD_FORMAT
        status = citizen.status if citizen else missing
        if citizen is None or status is not PersonStatus.FOUND:
            code, text = _RESPONSES[status]
            return {"RESPON": text, "RESPONSE_CODE": code}, f"code {code}"
        if is_face_question(body):
            return face_verdict(nik, body["FOTO"], behaviour.face_score), "face compared"
        verdicts = _verdicts(citizen, _elements(body), int(body["TRESHOLD"]))
        left_out = set(behaviour.without.split(","))
        return {name: text for name, text in verdicts.items() if name not in left_out}, "verdicts"

    def _recased(self, value: object, style: str) -> object:
        """The same answer in the letter case of another installation."""
        if isinstance(value, dict):
            return {self._recased(name, style): self._recased(content, style) for name, content in value.items()}
        if isinstance(value, list):
            return [self._recased(content, style) for content in value]
        return self._recased_text(value, style) if isinstance(value, str) else value

    def _recased_text(self, text: str, style: str) -> str:
        if style == "mixed":
            return "".join(self.chance.choice((letter.upper(), letter.lower())) for letter in text)
        return {"upper": text.upper(), "lower": text.lower()}.get(style, text)


class _DailyQuota:
    """Calls since midnight in Jakarta."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._day: date | None = None
        self._used = 0
        self._lock = threading.Lock()

    def take(self, most: int) -> bool:
        with self._lock:
            self._turn_the_page()
            is_left = self._used < most
            self._used += is_left
            return is_left

    def used_today(self) -> int:
        with self._lock:
            self._turn_the_page()
            return self._used

    def _turn_the_page(self) -> None:
        today = wib_date(self._now())
        if today != self._day:
            self._day, self._used = today, 0


def _upper(request: Request) -> dict[str, Any]:
    return {name.upper(): value for name, value in request.json_object().items()}


def _elements(body: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in body.items() if name not in {"NIK", "TRESHOLD", *_CREDENTIALS}}


def _is_complete(body: Mapping[str, Any]) -> bool:
    """Asked only what is held here, with a NIK and a threshold; other installations hold more."""
    held = {"NAMA_LGKP", "TGL_LHR", "JENIS_KLMIN", "NO_KK", "NAMA_LGKP_IBU", "NO_PROP"}
    asked = _elements(body).keys()
    return bool(body.get("NIK")) and bool(asked) and asked <= held and str(body.get("TRESHOLD", "")).isdigit()


def _verdicts(citizen: CitizenRecord, elements: Mapping[str, str], threshold: int) -> Entry:
    held = {
        "NAMA_LGKP": citizen.full_name,
        "TGL_LHR": citizen.birth_date.strftime("%d-%m-%Y"),
        "JENIS_KLMIN": _SEXES[citizen.sex],
        "NO_KK": citizen.family_card_no,
        "NAMA_LGKP_IBU": citizen.mother_name,
        "NO_PROP": citizen.province_code,
    }
    return {name: _verdict(name, _plain(text), _plain(held[name]), threshold) for name, text in elements.items()}


def _verdict(name: str, stated: str, held: str, threshold: int) -> str:
    if name not in _FUZZY:
        return "Sesuai" if stated == held else "Tidak Sesuai"
    score = round(100 * SequenceMatcher(None, stated, held, autojunk=False).ratio())
    return f"{'Sesuai' if score >= threshold else 'Tidak Sesuai'} ({score})"


def _plain(text: str) -> str:
    return " ".join(text.upper().split())
