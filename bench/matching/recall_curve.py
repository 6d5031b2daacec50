"""Draws docs/why/altered.svg from what `python -m bench recall` measured last: python -m bench.matching.recall_curve"""

import json
from pathlib import Path

from bench.matching.peers import FOLDER

WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT = 640, 360, 70, 60, 30, 60
MOST_FALSE = 0.005
"""The right end of the axis: false hits in half a percent of the uploads, which is the bound that was set."""
FONT = 'font-family="system-ui, sans-serif" font-size="13"'
INK, LINE, USED = "#5b6470", "#1f6f8b", "#c2410c"


def drawing(measured: dict[str, object], used: float) -> str:
    """Return the SVG: mean recall over false hits by soft distance, the limit in use marked."""
    points = measured["curve"]
    assert isinstance(points, list)
    low = min(point["recall"] for point in points) - 0.02
    placed = [(point["soft"], *_place(point, low)) for point in points]
    title = f"Mean recall over false hits; {measured['sent']} uploads of {measured['pictures']} pictures"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" {FONT} fill="{INK}">',
        f"<title>{title}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        f'<path d="M{LEFT} {TOP}V{HEIGHT - BOTTOM}H{WIDTH - RIGHT}" fill="none" stroke="{INK}"/>',
    ]
    for share in (0.0, 0.00125, 0.0025, 0.00375, 0.005):
        x = LEFT + (WIDTH - LEFT - RIGHT) * share / MOST_FALSE
        parts.append(f'<text x="{x:.0f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{1e4 * share:g}</text>')
    for step in range(int(low * 20) + 1, 21):
        y = _height(step / 20, low)
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.0f}" text-anchor="end">{5 * step} %</text>')
    parts.append(
        f'<text x="{(WIDTH + LEFT) / 2:.0f}" y="{HEIGHT - 12}" text-anchor="middle">false hits in 10,000 uploads</text>'
    )
    parts.append(
        f'<text x="{LEFT}" y="18">found, mean over the alterations, by the soft distance that is accepted</text>'
    )
    path = " ".join(f"{x:.1f},{y:.1f}" for _, x, y in placed)
    parts.append(f'<polyline points="{path}" fill="none" stroke="{LINE}" stroke-width="2"/>')
    for soft, x, y in placed:
        colour = USED if soft == used else LINE
        label = f"up to {soft:g}" + (", in use" if soft == used else "") if soft else "bits alone"
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>')
        parts.append(f'<text x="{x + 9:.1f}" y="{y + 4:.1f}" fill="{colour}">{label}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _place(point: dict[str, float], low: float) -> tuple[float, float]:
    share = min(point["false"], MOST_FALSE) / MOST_FALSE
    return LEFT + (WIDTH - LEFT - RIGHT) * share, _height(point["recall"], low)


def _height(recall: float, low: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * (recall - low) / (1 - low)


if __name__ == "__main__":
    Path("docs/why/altered.svg").write_text(drawing(json.loads((FOLDER / "recall.json").read_text()), 24.0))
