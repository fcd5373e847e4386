"""The population registry's second method: how like the portrait on record is this selfie?"""

import base64
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from chalicelib.adapters.registries.dukcapil_door import DukcapilDoor, is_about, only_entry, quota_left, status_in
from chalicelib.domain.errors import AnswerUnreadable
from chalicelib.domain.faces import FaceAnswer
from chalicelib.domain.nik import Nik
from chalicelib.domain.verification import PersonStatus

_SCORE = re.compile(r"([0-9]{1,3})(?:[.,][0-9]{1,4})?")


class DukcapilFaces:
    def __init__(self, door: DukcapilDoor, now: Callable[[], datetime]) -> None:
        self._door = door
        self._now = now

    def match_face(self, nik: Nik, selfie: bytes) -> FaceAnswer:
        content, _ = self._door.ask("CALL_FACE_MATCH", {"NIK": nik, "FOTO": base64.b64encode(selfie).decode()})
        entry = only_entry(content)
        if not is_about(nik, entry):
            raise AnswerUnreadable
        status = status_in(entry)
        score = _score(entry) if status is PersonStatus.FOUND else 0
        return FaceAnswer(status, score, self._now(), quota_left(content))


def _score(entry: Mapping[str, Any]) -> int:
    """Without a score nothing was compared; a fraction is cut off, so that no score reaches a threshold by rounding."""
    found = _SCORE.fullmatch(str(entry.get("skor_wajah", "")).strip())
    if found is None or int(found[1]) > 100:
        raise AnswerUnreadable
    return int(found[1])
