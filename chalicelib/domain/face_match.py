"""What is known of a selfie's face; how it comes to be known is in ``faces.py``."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class FaceState(StrEnum):
    PENDING = "pending"
    PASSED = "passed"
    FAILED = "failed"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class FaceMatch:
    """What the population registry said of the selfie ``object_key``. ``answers`` counts all that it ever said."""

    state: FaceState = FaceState.PENDING
    reason: str | None = None
    score: int | None = None
    object_key: str | None = None
    as_of: datetime | None = None
    answers: int = 0
