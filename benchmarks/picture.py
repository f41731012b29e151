"""The ratios as a picture: plain SVG, one bar each, with its aim as a mark."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from benchmarks.figures import Figure
from benchmarks.table import aim, shown

WIDTH = 860
LEFT, RIGHT = 16, 150
"""Room beside the bars: the values stand on the right."""
ROW = 62
_TOP = 64
_GOOD, _BAD, _INK, _PALE = "#1a7f5a", "#c2410c", "#1f2937", "#e5e7eb"
_LEGEND = "Bar: measured ratio, each on its own scale. Mark: the aim. Green: the aim is met."
FONT = "font-family=\"system-ui, 'Segoe UI', 'Noto Sans', 'Noto Sans CJK SC', sans-serif\""


def svg(found: Sequence[Figure], title: str, note: str) -> str:
    """One horizontal bar per ratio that has an aim.

    Each bar has a scale of its own, since the aims differ: the scale ends beyond both value and aim.
    """
    ratios = [figure for figure in found if figure.unit == "×" and figure.aim is not None]
    height = _TOP + ROW * len(ratios) + 28
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
        f'height="{height}" role="img" aria-label="{escape(title)}" {FONT}>',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        _text(LEFT, 28, title, size=17, weight="600"),
        _text(LEFT, 48, _LEGEND, size=12, fill="#6b7280"),
    ]
    for number, figure in enumerate(ratios):
        parts += _row(_TOP + ROW * number, figure)
    parts += [_text(LEFT, height - 12, note, size=11, fill="#6b7280"), "</svg>"]
    return "\n".join(parts) + "\n"


def _row(top: int, figure: Figure) -> list[str]:
    assert figure.aim is not None
    room = WIDTH - LEFT - RIGHT
    scale = room / (1.15 * max(figure.value, figure.aim))
    bar, mark = figure.value * scale, LEFT + figure.aim * scale
    colour = _GOOD if figure.met else _BAD
    return [
        _text(LEFT, top + 18, figure.what.replace("`", ""), size=13),
        f'<rect x="{LEFT}" y="{top + 26}" width="{room}" height="18" rx="3" fill="{_PALE}"/>',
        f'<rect class="bar" x="{LEFT}" y="{top + 26}" width="{bar:.1f}" height="18" rx="3" fill="{colour}"/>',
        f'<line class="aim" x1="{mark:.1f}" y1="{top + 22}" x2="{mark:.1f}" y2="{top + 48}" '
        f'stroke="{_INK}" stroke-width="2.5"/>',
        _text(WIDTH - RIGHT + 12, top + 40, shown(figure), size=15, weight="600", fill=colour),
        _text(WIDTH - RIGHT + 74, top + 40, f"aim {aim(figure).replace(' ×', '')}", size=12, fill="#6b7280"),
    ]


def _text(x: int, y: int, words: str, *, size: int, weight: str = "400", fill: str = _INK) -> str:
    look = f'font-size="{size}" font-weight="{weight}" fill="{fill}"'
    return f'<text x="{x}" y="{y}" {look}>{escape(words)}</text>'
