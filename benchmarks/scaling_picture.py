"""Filings a minute by filings at once, as a picture: plain SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from math import ceil, log2

from benchmarks.picture import FONT

Points = Sequence[tuple[int, float]]
"""Filings at once, filings a minute."""

_WIDTH, _HEIGHT = 860, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 32, 64, 64
_COLOURS = {1: "#1a7f5a", 2: "#2563eb"}
_NAMES = {1: "1 worker (SQLite)", 2: "2 workers (PostgreSQL)"}
_INK, _PALE, _GREY = "#1f2937", "#e5e7eb", "#6b7280"


def svg(lines: Mapping[int, Points], note: str) -> str:
    """One line per number of workers; the scale of filings at once doubles from mark to mark."""
    points = [point for line in lines.values() for point in line]
    places = sorted({at_once for at_once, _ in points})
    top = 10 * ceil(1.1 * max(rate for _, rate in points) / 10)
    scale = _Scale(places[0], places[-1], top)
    title = "Filings a minute by filings at once"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" '
        f'height="{_HEIGHT}" role="img" aria-label="{escape(title)}" {FONT}>',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>',
        _text(_LEFT, 28, title, size=17, weight="600"),
        *_axes(scale, places, top),
        *(part for workers, line in lines.items() for part in _line(scale, workers, line)),
        _text(_LEFT, _HEIGHT - 10, note, size=11, fill=_GREY),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


class _Scale:
    def __init__(self, first: int, last: int, top: int) -> None:
        self._first = log2(first)
        self._span = log2(last) - self._first
        self._top = top

    def x(self, at_once: int) -> float:
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * (log2(at_once) - self._first) / self._span

    def y(self, rate: float) -> float:
        return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * rate / self._top


def _axes(scale: _Scale, places: Sequence[int], top: int) -> list[str]:
    rates = [(rate, scale.y(rate)) for rate in range(0, top + 1, max(5, top // 50 * 10))]
    below, right = _HEIGHT - _BOTTOM, _WIDTH - _RIGHT
    return [
        *(f'<line x1="{_LEFT}" y1="{y:.1f}" x2="{right}" y2="{y:.1f}" stroke="{_PALE}"/>' for _, y in rates),
        *(_text(_LEFT - 8, y + 4, str(rate), size=12, anchor="end") for rate, y in rates),
        *(_text(scale.x(one), below + 20, str(one), size=12, anchor="middle") for one in places),
        _text(_LEFT, 50, "filings a minute", size=12, fill=_GREY),
        _text(right, below + 36, "filings at once", size=12, fill=_GREY, anchor="end"),
    ]


def _line(scale: _Scale, workers: int, points: Points) -> list[str]:
    colour = _COLOURS[workers]
    places = [(scale.x(at_once), scale.y(rate)) for at_once, rate in points]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    legend = _WIDTH - _RIGHT - 200 * (3 - workers)
    return [
        f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2.5"/>',
        *(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>' for x, y in places),
        f'<rect x="{legend}" y="40" width="12" height="12" rx="2" fill="{colour}"/>',
        _text(legend + 18, 50, _NAMES[workers], size=12, weight="600", fill=colour),
    ]


def _text(
    x: float,
    y: float,
    words: str,
    *,
    size: int,
    weight: str = "400",
    fill: str = _INK,
    anchor: str = "start",
) -> str:
    look = f'font-size="{size}" font-weight="{weight}" fill="{fill}" text-anchor="{anchor}"'
    return f'<text x="{x:.1f}" y="{y:.1f}" {look}>{escape(words)}</text>'
