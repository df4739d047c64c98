"""Evidence as one self-contained SVG: a chart for each curve, in the reader's light or dark."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from math import floor, isfinite, log10
from textwrap import wrap
from xml.sax.saxutils import escape

from braid.align.estimate import Curve

WIDTH, CHART_HEIGHT, TOP = 760, 230, 56
LINE_LENGTH = 92
LEFT, RIGHT, ABOVE, BELOW = 78, 20, 34, 46
_STYLE = (
    "svg{color:#1d2329;background:#fff;font:13px system-ui,sans-serif}"
    "@media (prefers-color-scheme:dark){svg{color:#e4e8ec;background:#14181c}}"
    "text{fill:currentColor}.grid{stroke:currentColor;opacity:.15}.axis{stroke:currentColor;opacity:.6}"
    ".line{fill:none;stroke:currentColor;stroke-width:1.4}.other{stroke-dasharray:5 3;opacity:.75}"
    ".dot{fill:currentColor;fill-opacity:.75}.faint{opacity:.75}"
)


def evidence_svg(curves: Sequence[Curve], *, title: str, lines: Sequence[str] = ()) -> str:
    """A picture of the curves, one below the other; neighbours with equal axes share a chart. lines: said on top."""
    groups = [
        list(group) for _, group in groupby(curves, key=lambda one: (one.x_label, one.y_label, one.style))
    ]
    lines = [part for line in lines for part in wrap(line, LINE_LENGTH)]
    top = TOP + 18 * len(lines)
    height = top + CHART_HEIGHT * max(1, len(groups))
    size = f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{_quoted(title)}">',
        f"<title>{escape(title)}</title><style>{_STYLE}</style>",
        f'<text x="{LEFT}" y="28" font-size="16" font-weight="600">{escape(title)}</text>',
        *(
            f'<text x="{LEFT}" y="{50 + 18 * number}" class="faint">{escape(line)}</text>'
            for number, line in enumerate(lines)
        ),
    ]
    for number, group in enumerate(groups):
        parts.append(_chart(group, top + CHART_HEIGHT * number))
    if not groups:
        parts.append(f'<text x="{LEFT}" y="{top + 40}">There is nothing to draw.</text>')
    return "\n".join([*parts, "</svg>", ""])


def _chart(curves: Sequence[Curve], top: int) -> str:
    points = [
        [(x, y) for x, y in zip(one.x, one.y, strict=True) if isfinite(x) and isfinite(y)] for one in curves
    ]
    spread = [pair for one in points for pair in one] or [(0.0, 0.0)]
    low_x, high_x = _range([x for x, _ in spread])
    low_y, high_y = _range([y for _, y in spread])
    right, bottom = WIDTH - RIGHT, top + CHART_HEIGHT - BELOW

    def place(x: float, y: float) -> tuple[float, float]:
        across = LEFT + (x - low_x) / (high_x - low_x) * (right - LEFT)
        up = bottom - (y - low_y) / (high_y - low_y) * (bottom - top - ABOVE)
        return round(across, 2), round(up, 2)

    first = curves[0]
    others = "".join(f"; dashed: {one.title[:1].lower()}{one.title[1:]}" for one in curves[1:])
    named = first.title + others
    parts = [f'<g><text x="{LEFT}" y="{top + 20}" font-weight="600">{escape(named)}</text>']
    for tick in _ticks(low_y, high_y, 4):
        _, y = place(low_x, tick)
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{right}" y1="{y}" y2="{y}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{_number(tick)}</text>')
    for tick in _ticks(low_x, high_x, 6):
        x, _ = place(tick, low_y)
        parts.append(f'<line class="grid" x1="{x}" x2="{x}" y1="{top + ABOVE}" y2="{bottom}"/>')
        parts.append(f'<text x="{x}" y="{bottom + 17}" text-anchor="middle">{_number(tick)}</text>')
    parts.append(
        f'<path class="axis" fill="none" d="M{LEFT} {top + ABOVE}V{bottom}H{right}"/>'
        f'<text x="{(LEFT + right) / 2}" y="{bottom + 36}" text-anchor="middle">{escape(first.x_label)}</text>'
        f'<text transform="translate(16 {(top + ABOVE + bottom) / 2}) rotate(-90)" text-anchor="middle">'
        f"{escape(first.y_label)}</text>"
    )
    for number, (one, pairs) in enumerate(zip(curves, points, strict=True)):
        at = [place(*pair) for pair in pairs]
        if one.style == "points":
            parts += [f'<circle class="dot" cx="{x}" cy="{y}" r="2.6"/>' for x, y in at]
        elif at:
            path = " ".join(f"{x},{y}" for x, y in at)
            parts.append(f'<polyline class="line{" other" if number else ""}" points="{path}"/>')
    return "".join([*parts, "</g>"])


def _range(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    room = (high - low) * 0.05 or abs(high) * 0.05 or 1.0
    return low - room, high + room


def _ticks(low: float, high: float, about: int) -> list[float]:
    rough = (high - low) / about
    power = 10.0 ** floor(log10(rough))
    step = next(size * power for size in (1, 2, 5, 10) if size * power >= rough)
    first = floor(low / step) + 1
    count = int((high - first * step) / step + 1e-9) + 1
    return [round((first + number) * step, 12) for number in range(max(0, count))]


def _number(value: float) -> str:
    return f"{value:g}".replace("-", "\N{MINUS SIGN}")


def _quoted(text: str) -> str:
    return escape(text, {'"': "&quot;"})
