"""How the population registry (Dukcapil) is spoken to, whatever it is asked.

Nearly everything arrives under HTTP 200: an answer, a word on the person as a whole, or a complaint about us. Letter
case varies between installations. What is not understood to the last element says nothing of the person.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from chalicelib.adapters.http import JsonCaller, NoAnswer
from chalicelib.domain.errors import AnswerUnreadable, Misconfigured, QuotaUsedUp, RegistryUnavailable
from chalicelib.domain.verification import PersonStatus

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


class DukcapilDoor:
    """``caller_ip`` is the address under which the registry knows us; it travels in the body."""

    def __init__(
        self, base_url: str, institution_id: str, user_id: str, password: str, caller_ip: str, http: JsonCaller
    ) -> None:
        self._url = f"{base_url.rstrip('/')}/dukcapil/get_json/{institution_id}"
        self._credentials = {"user_id": user_id, "password": password, "IP_USER": caller_ip}
        self._http = http

    def ask(self, method: str, question: Mapping[str, object]) -> tuple[dict[str, Any], str]:
        """The reply's fields, their names folded, and its digest (SHA-256 in hex)."""
        try:
            answer = self._http.post_json(f"{self._url}/{method}", {**question, **self._credentials}, {})
        except NoAnswer as silence:
            raise RegistryUnavailable(cause=str(silence)) from None
        content = answer.json_object() if answer.status == 200 else None
        if content is None:
            raise RegistryUnavailable(status=answer.status)  # 429, 5xx, a page, half an answer: of nobody in particular
        return folded(content), sha256(answer.body).hexdigest()


def quota_left(content: Mapping[str, Any]) -> int | None:
    left = content.get("quotalimiter")
    return left if type(left) is int and left >= 0 else None


def only_entry(content: Mapping[str, Any]) -> dict[str, Any]:
    """The one entry of ``content``, its field names folded. Two entries would be two people."""
    entries = content.get("content")
    if not isinstance(entries, list) or len(entries) != 1:
        raise AnswerUnreadable
    return folded(entries[0])


def folded(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise AnswerUnreadable
    entries = {name.casefold(): content for name, content in value.items()}
    if len(entries) != len(value):  # the same element twice, in two spellings: which one holds?
        raise AnswerUnreadable
    return entries


def is_about(nik: str, entry: Mapping[str, Any]) -> bool:
    """Some installations answer for the NIK as well: by a verdict, or by repeating it. Another's data is no answer."""
    said = entry.get("nik", nik)
    return str(said) == nik or plain(said) == "sesuai"


def status_in(entry: Mapping[str, Any]) -> PersonStatus:
    """What is said of the person as a whole; without a word on it, verdicts are to follow."""
    text = plain(entry.get("respon") or "")
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


def plain(value: object) -> str:
    if not isinstance(value, str):
        raise AnswerUnreadable
    return " ".join(value.split()).casefold()
