"""A pattern of the training set as the content of a 320 by 240 SVG, in the text colour. Pure."""

from leeward.casework.quality.rules.training import signs_of

_LINE = 'fill="none" stroke="currentColor"'
_FRAMES = {
    "solid": f'<rect x="6" y="6" width="308" height="228" {_LINE} stroke-width="4"/>',
    "double": f'<rect x="6" y="6" width="308" height="228" {_LINE} stroke-width="2"/>'
    f'<rect x="14" y="14" width="292" height="212" {_LINE} stroke-width="2"/>',
    "dashed": f'<rect x="6" y="6" width="308" height="228" {_LINE} stroke-width="4" stroke-dasharray="22 14"/>',
    "dotted": f'<rect x="6" y="6" width="308" height="228" {_LINE} stroke-width="5" stroke-dasharray="0 13" stroke-linecap="round"/>',
}
_SHAPES = {
    "triangle": "M160 66L206 146H114Z",
    "square": "M122 70H198V146H122Z",
    "circle": "M160 68a40 40 0 1 0 .1 0Z",
    "plus": "M148 68H172V96H200V120H172V148H148V120H120V96H148Z",
}
_STRIPES = {"lying": (0,), "upright": (90,), "crossed": (0, 90)}


def pattern_of(item: int) -> str:
    """Return the pattern's marks. Each has a wave through it, which means nothing."""
    signs = signs_of(item)
    parts = [_wave(item), _FRAMES.get(signs["medium"], "")]
    parts += [_stripes(cycle) for cycle in _STRIPES.get(signs["sex"], ())]
    if signs["act"]:
        parts.append(f'<path d="{_SHAPES[signs["act"]]}" {_LINE} stroke-width="5" stroke-linejoin="round"/>')
    dots = int(signs["age_band"] or 0)
    parts += [
        f'<circle cx="{160 + 28 * (at - (dots - 1) / 2):.0f}" cy="182" r="8" fill="currentColor"/>'
        for at in range(dots)
    ]
    parts.append(_corner("M262 30H288V56H262Z", signs["real_person"]))
    parts.append(_corner("M44 184L60 200L44 216L28 200Z", signs["self_generated"]))
    return "".join(parts)


def _stripes(cycle: int) -> str:
    lines = "".join(f"M30 {y}H74" for y in (72, 84, 96, 108, 120))
    return f'<path d="{lines}" {_LINE} stroke-width="4" transform="rotate({cycle} 52 96)"/>'


def _corner(path: str, how: str) -> str:
    if not how:
        return ""
    fill = "currentColor" if how == "filled" else "none"
    return f'<path d="{path}" fill="{fill}" stroke="currentColor" stroke-width="4"/>'


def _wave(item: int) -> str:
    height = 40 + item * 37 % 30
    return f'<path d="M30 {height}q25 -16 50 0t50 0t50 0t50 0" {_LINE} stroke-width="1.5" opacity=".45"/>'
