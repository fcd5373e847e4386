"""Panels of horizontal bars, one or two for each name, written as SVG by hand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from infra.surge.chart import FAINT, INK, PAPER, nice_ticks

WIDTH = 1240
COLOURS = ("#1f5fa8", "#d9782b")
_MARGIN, _TOP, _GAP = 24, 104, 78
_NAMES, _VALUES = 190, 72
_BAR, _BETWEEN = 11, 9


@dataclass(frozen=True, slots=True)
class Bar:
    """``values``: of each of the two things that are compared, or of the only one."""

    name: str
    values: Sequence[float]


@dataclass(frozen=True, slots=True)
class BarPanel:
    title: str
    bars: Sequence[Bar]
    spoken: Callable[[float], str]
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """``rows``: panels side by side, at most two."""

    title: str
    under: Sequence[str]
    names: Sequence[str]
    rows: Sequence[Sequence[BarPanel]]
    notes: Sequence[str]


def drawing(sheet: Sheet) -> str:
    parts, y = [], float(_TOP + 18 * len(sheet.under) + (30 if len(sheet.names) > 1 else 0))
    for row in sheet.rows:
        width = (WIDTH - _MARGIN * (len(row) + 1)) / len(row)
        for place, panel in enumerate(row):
            parts.extend(_panel(panel, _MARGIN + place * (width + _MARGIN), y, width))
        y += max(_height(panel) for panel in row) + _GAP
    parts.extend(_text(_MARGIN, y + 18 * line - 32, note, size=12) for line, note in enumerate(sheet.notes))
    height = y + 18 * len(sheet.notes) - 28
    head = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height:.0f}" '
        f'viewBox="0 0 {WIDTH} {height:.0f}" font-family="Helvetica, Arial, sans-serif" fill="{INK}" role="img">',
        f"<title>{escape(sheet.title)}</title>",
        f'<rect width="{WIDTH}" height="{height:.0f}" fill="{PAPER}"/>',
        _text(_MARGIN, 38, sheet.title, size=21, weight="bold"),
        *(_text(_MARGIN, 62 + 18 * line, words, size=13) for line, words in enumerate(sheet.under)),
        *_legend(sheet),
    ]
    return "\n".join([*head, *parts, "</svg>", ""])


def _legend(sheet: Sheet) -> list[str]:
    if len(sheet.names) < 2:
        return []
    y, parts = 76 + 18 * len(sheet.under), []
    for place, (name, colour) in enumerate(zip(sheet.names, COLOURS, strict=False)):
        x = _MARGIN + place * WIDTH / 2
        parts.append(f'<rect x="{x:.0f}" y="{y - 10}" width="22" height="{_BAR}" fill="{colour}"/>')
        parts.append(_text(x + 30, y, name, weight="bold"))
    return parts


def _height(panel: BarPanel) -> float:
    return sum(_row_height(bar) for bar in panel.bars)


def _row_height(bar: Bar) -> float:
    return _BAR * len(bar.values) + _BETWEEN


def _panel(panel: BarPanel, left: float, top: float, width: float) -> list[str]:
    most = max((value for bar in panel.bars for value in bar.values), default=0.0)
    ticks = nice_ticks(most or 1.0)
    begin, span, floor = left + _NAMES, width - _NAMES - _VALUES, top + _height(panel)
    scale = span / ticks[-1]
    parts = [_text(left, top - 24, panel.title, size=14, weight="bold")]
    for tick in ticks:
        x = begin + tick * scale
        parts.append(f'<line x1="{x:.1f}" y1="{top - 4:.1f}" x2="{x:.1f}" y2="{floor:.1f}" stroke="{FAINT}"/>')
        parts.append(_text(x, floor + 15, f"{tick:,.10g}{panel.unit}", size=11, anchor="middle"))
    y = top
    for bar in panel.bars:
        parts.extend(_bar(bar, panel, begin, y, scale))
        y += _row_height(bar)
    return parts


def _bar(bar: Bar, panel: BarPanel, begin: float, y: float, scale: float) -> list[str]:
    middle = y + _BAR * len(bar.values) / 2
    parts = [_text(begin - 8, middle + 4, bar.name, size=12, anchor="end")]
    for value, colour in zip(bar.values, COLOURS, strict=False):
        length = value * scale
        parts.append(f'<rect x="{begin:.1f}" y="{y:.1f}" width="{length:.1f}" height="{_BAR - 1}" fill="{colour}"/>')
        parts.append(_text(begin + length + 5, y + _BAR - 2, f"{panel.spoken(value)}{panel.unit}", size=10.5))
        y += _BAR
    return parts


def _text(x: float, y: float, words: str, *, size: float = 13, weight: str = "normal", anchor: str = "start") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" font-weight="{weight}" text-anchor="{anchor}">'
        f"{escape(words)}</text>"
    )
