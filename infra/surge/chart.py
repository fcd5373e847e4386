"""Panels over one axis of time, written as SVG by hand: a picture of lines needs no library.

Time is logarithmic: the first minute, the first hour and the days after it all matter, and all fit.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH = 1000
PANEL_HEIGHT = 132
LEFT, RIGHT = 92, 40
TOP, GAP, BOTTOM = 104, 58, 96

INK, FAINT, PAPER = "#1c2733", "#d9dee4", "#ffffff"
TIMES = (
    (1, "1 s"),
    (10, "10 s"),
    (60, "1 min"),
    (600, "10 min"),
    (3_600, "1 h"),
    (21_600, "6 h"),
    (86_400, "1 day"),
    (432_000, "5 days"),
    (1_728_000, "20 days"),
)
_MARKS = tuple(each for each in TIMES if each[1] not in ("6 h", "5 days", "20 days"))
"""Upwards there is less room."""


@dataclass(frozen=True, slots=True)
class Series:
    name: str
    colour: str
    values: Sequence[float]
    is_dashed: bool = False


@dataclass(frozen=True, slots=True)
class Limit:
    """A level worth knowing, drawn where it lies within the panel."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Panel:
    title: str
    series: Sequence[Series]
    limits: Sequence[Limit] = ()
    unit: str = ""
    is_duration: bool = False
    """In seconds, on a logarithmic scale too."""


def drawing(title: str, under: str, seconds: Sequence[int], panels: Sequence[Panel], notes: Sequence[str]) -> str:
    height = TOP + len(panels) * (PANEL_HEIGHT + GAP) + BOTTOM - GAP + 10
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
        f'font-family="Helvetica, Arial, sans-serif" font-size="13" fill="{INK}" role="img">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="{PAPER}"/>',
        _text(LEFT, 36, title, size=21, weight="bold"),
        _text(LEFT, 60, under, size=14),
    ]
    axis = _Axis(seconds)
    for number, panel in enumerate(panels):
        parts.extend(_panel(panel, axis, TOP + number * (PANEL_HEIGHT + GAP)))
    foot = TOP + len(panels) * (PANEL_HEIGHT + GAP) - GAP
    parts.append(
        _text((LEFT + WIDTH - RIGHT) / 2, foot + 42, "time since the doors opened (log scale)", anchor="middle")
    )
    parts.extend(_text(LEFT, foot + 66 + 18 * row, note, size=12) for row, note in enumerate(notes))
    return "\n".join([*parts, "</svg>", ""])


class _Axis:
    def __init__(self, seconds: Sequence[int]) -> None:
        self.seconds = seconds
        self._last = math.log(max(2, seconds[-1]))

    def x(self, second: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * math.log(max(1, second)) / self._last

    def marks(self) -> list[tuple[float, str]]:
        return [(self.x(second), name) for second, name in TIMES if second <= self.seconds[-1]]


def _panel(panel: Panel, axis: _Axis, top: float) -> list[str]:
    scale = _Scale(panel, top)
    parts = [_text(LEFT, top - 12, panel.title, weight="bold"), *_legend(panel, top - 12)]
    for tick, name in scale.ticks:
        parts.append(_line(LEFT, scale.y(tick), WIDTH - RIGHT, scale.y(tick), FAINT))
        parts.append(_text(LEFT - 8, scale.y(tick) + 4, name, size=12, anchor="end"))
    for x, name in axis.marks():
        parts.append(_line(x, top, x, scale.floor, FAINT))
        parts.append(_text(x, scale.floor + 17, name, size=12, anchor="middle"))
    for limit in panel.limits:
        if limit.value <= scale.highest:
            parts.extend(_limit(limit, scale.y(limit.value)))
    parts.append(_line(LEFT, scale.floor, WIDTH - RIGHT, scale.floor, INK))
    if not scale.most:
        parts.append(_text((LEFT + WIDTH - RIGHT) / 2, top + PANEL_HEIGHT / 2, "none, at any time", anchor="middle"))
        return parts
    parts.extend(_curve(each, axis, scale) for each in panel.series)
    return parts


class _Scale:
    """Upwards in one panel."""

    def __init__(self, panel: Panel, top: float) -> None:
        self.floor = top + PANEL_HEIGHT
        self.most = max(value for each in panel.series for value in each.values)
        self._is_log = panel.is_duration
        if panel.is_duration:
            self.highest = max(self.most, 60.0) * 3
            self.ticks: list[tuple[float, str]] = [(at, name) for at, name in _MARKS if at <= self.highest]
        else:
            ticks = nice_ticks(max(self.most, 4))
            self.highest = ticks[-1]
            self.ticks = [(tick, f"{panel.unit}{spoken(tick)}") for tick in ticks]

    def y(self, value: float) -> float:
        share = math.log(max(1, value)) / math.log(self.highest) if self._is_log else value / self.highest
        return self.floor - PANEL_HEIGHT * share


def _legend(panel: Panel, y: float) -> list[str]:
    """From the right, each name beside its line; a single series is named by the panel's title."""
    parts, x = [], float(WIDTH - RIGHT)
    for each in reversed(panel.series if len(panel.series) > 1 else ()):
        x -= 5.8 * len(each.name)
        parts.append(_text(x, y, each.name, size=12))
        parts.append(_line(x - 30, y - 4, x - 7, y - 4, each.colour, width=2.5, is_dashed=each.is_dashed))
        x -= 52
    return parts


def _limit(limit: Limit, y: float) -> list[str]:
    red = "#b3261e"
    named = _text(LEFT + 8, y - 5, limit.name, size=12, colour=red)
    return [_line(LEFT, y, WIDTH - RIGHT, y, red, is_dashed=True), named]


def _curve(series: Series, axis: _Axis, scale: _Scale) -> str:
    spots = zip(axis.seconds, series.values, strict=True)
    points = " ".join(f"{axis.x(second):.1f},{scale.y(value):.1f}" for second, value in spots)
    return (
        f'<polyline points="{points}" fill="none" stroke="{series.colour}" stroke-width="2" '
        f'stroke-linejoin="round"{_dashes(series.is_dashed)}/>'
    )


def nice_ticks(highest: float) -> list[float]:
    """Round figures from 0 to at least ``highest``, four or five of them."""
    power = 10.0 ** math.floor(math.log10(highest / 4))
    step = next(power * each for each in (1, 2, 2.5, 5, 10) if power * each * 4 >= highest)
    return [step * each for each in range(math.ceil(highest / step - 1e-9) + 1)]


def spoken(value: float) -> str:
    for size, name in ((1e6, " M"), (1e3, " k")):
        if value >= size * (1 if name == " M" else 10):
            return f"{value / size:,.10g}{name}"
    return f"{value:,.10g}"


def _text(
    x: float,
    y: float,
    words: str,
    *,
    size: int = 13,
    weight: str = "normal",
    anchor: str = "start",
    colour: str = INK,
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-weight="{weight}" text-anchor="{anchor}" '
        f'fill="{colour}">{escape(words)}</text>'
    )


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, *, width: float = 1, is_dashed: bool = False) -> str:
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" '
        f'stroke-width="{width}"{_dashes(is_dashed)}/>'
    )


def _dashes(is_dashed: bool) -> str:
    return ' stroke-dasharray="6 4"' if is_dashed else ""
