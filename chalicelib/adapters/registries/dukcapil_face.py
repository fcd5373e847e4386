"""The population registry's second method: how like the portrait on record is this selfie?

The same office, the same credentials, the same answers under HTTP 200 (``dukcapil.py``); beside them a score.
"""

import base64
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from chalicelib.adapters.http import JsonCaller, NoAnswer
from chalicelib.adapters.registries.dukcapil import _is_about, _only_entry, _status
from chalicelib.domain.errors import RegistryUnavailable
from chalicelib.domain.faces import FaceAnswer
from chalicelib.domain.nik import Nik
from chalicelib.domain.verification import PersonStatus

_SCORE = re.compile(r"([0-9]{1,3})(?:[.,][0-9]{1,4})?")


class DukcapilFaces:
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
        self._url = f"{base_url.rstrip('/')}/dukcapil/get_json/{institution_id}/CALL_FACE_MATCH"
        self._credentials = {"user_id": user_id, "password": password, "IP_USER": caller_ip}
        self._http = http
        self._now = now

    def match_face(self, nik: Nik, selfie: bytes) -> FaceAnswer:
        entry = self._ask(nik, selfie)
        if not _is_about(nik, entry):
            raise RegistryUnavailable
        status = _status(entry)
        score = _score(entry) if status is PersonStatus.FOUND else 0
        return FaceAnswer(status, score, self._now())

    def _ask(self, nik: Nik, selfie: bytes) -> dict[str, Any]:
        question = {"NIK": nik, **self._credentials, "FOTO": base64.b64encode(selfie).decode()}
        try:
            answer = self._http.post_json(self._url, question, {})
        except NoAnswer as silence:
            raise RegistryUnavailable(cause=str(silence)) from None
        return _only_entry(answer.json_object() if answer.status == 200 else None)


def _score(entry: Mapping[str, Any]) -> int:
    """Without a score nothing was compared; a fraction is cut off, so that no score reaches a threshold by rounding."""
    found = _SCORE.fullmatch(str(entry.get("skor_wajah", "")).strip())
    if found is None or int(found[1]) > 100:
        raise RegistryUnavailable
    return int(found[1])
