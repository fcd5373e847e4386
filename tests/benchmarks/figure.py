"""What a benchmark says."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """``value``: the ratio to the floor; ``measured`` and ``floor`` are in ``unit``; ``aim`` is the most it may be (the
    least with ``at_least``), None where a figure is only stated."""

    benchmark: str
    measured: float
    floor: float
    unit: str
    aim: float | None
    at_least: bool = False

    @property
    def value(self) -> float:
        return self.measured / self.floor

    def as_line(self) -> dict[str, Any]:
        return {
            "benchmark": self.benchmark,
            "ratio": round(self.value, 3),
            "measured": round(self.measured, 3),
            "floor": round(self.floor, 3),
            "unit": self.unit,
            "aim": self.aim,
            "holds": self._holds,
        }

    @property
    def _holds(self) -> bool | None:
        if self.aim is None:
            return None
        return self.value >= self.aim if self.at_least else self.value <= self.aim
