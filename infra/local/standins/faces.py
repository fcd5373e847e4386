"""The population registry's second method on the laptop: whose face is it?"""

import base64
import io
from collections.abc import Mapping
from typing import Any

from PIL import UnidentifiedImageError

from infra.local.portraits import mark_in, mark_of

SAME, ANOTHER = 94, 21
"""Scores of the person's own face, and of another's."""


def is_face_question(body: Mapping[str, Any]) -> bool:
    return bool(body.get("NIK")) and isinstance(body.get("FOTO"), str)


def face_verdict(nik: str, photo: str, told: int) -> dict[str, str]:
    """A face without a mark (a real photo) is believed: there is nothing here to compare it with."""
    try:
        mark = mark_in(base64.b64decode(photo, validate=True))
    except (ValueError, UnidentifiedImageError, io.UnsupportedOperation, OSError):
        return {"RESPON": "Parameter Tidak Valid"}
    score = SAME if mark in (None, mark_of(nik)) else ANOTHER
    return {"SKOR_WAJAH": str(score if told < 0 else told)}
