"""Pictures of roles: shape and icon carry the meaning, colour only fills (Okabe and Ito 2008).

Two of these fills are equal in grey, and some are too light for a line, so that every outline is
black and no two roles share shape and icon.
"""

from typing import Final
from urllib.parse import quote

from graphdb.chart.roles import LAST_LAYER, layer_of

_INK: Final = "#111111"
_WHITE: Final = "#ffffff"
_ORANGE, _YELLOW, _SKY, _GREEN = "#e69f00", "#f0e442", "#56b4e9", "#009e73"
_BLUE, _VERMILION, _PURPLE = "#0072b2", "#d55e00", "#cc79a7"

# Outlines on a field of 64 by 64.
_SHAPES: Final = {
    "square": "M16 6H48A10 10 0 0 1 58 16V48A10 10 0 0 1 48 58H16A10 10 0 0 1 6 48V16"
    "A10 10 0 0 1 16 6Z",
    "circle": "M32 4A28 28 0 1 1 32 60A28 28 0 1 1 32 4Z",
    "hexagon": "M18 6H46L61 32L46 58H18L3 32Z",
    "upright_hexagon": "M32 3L58 17V47L32 61L6 47V17Z",
    "tall": "M20 3H44A6 6 0 0 1 50 9V55A6 6 0 0 1 44 61H20A6 6 0 0 1 14 55V9A6 6 0 0 1 20 3Z",
    "box": "M3 11H61V53H3Z",
    "diamond": "M32 3L61 32L32 61L3 32Z",
    "octagon": "M20 4H44L60 20V44L44 60H20L4 44V20Z",
    "funnel": "M4 7H60V36L32 60L4 36Z",
    "trapezoid": "M15 8H49L61 56H3Z",
    "tag": "M3 32L19 10H61V54H19Z",
    "sheet": "M12 4H42L54 16V60H12Z",
    "triangle": "M32 4L62 58H2Z",
}  # fmt: skip
# Icons are strokes.
_ICONS: Final = {
    "bubble": "M20 20H44A4 4 0 0 1 48 24V37A4 4 0 0 1 44 41H32L24 48V41H20A4 4 0 0 1 16 37V24"
    "A4 4 0 0 1 20 20Z",
    "bubble_sold": "M19 17H45A4 4 0 0 1 49 21V40A4 4 0 0 1 45 44H31L23 51V44H19A4 4 0 0 1 15 40V21"
    "A4 4 0 0 1 19 17Z"
    "M27 22L32 29L37 22M32 29V40M27 31H37M27 35H37",
    "phone": "M19 12H45V47H19ZM30 54H34",
    "handset": "M23 18L19 22C19 36 28 46 43 46L46 42L39 36L35 39C31 37 28 34 26 30L29 26Z",
    "globe": "M32 19A14 14 0 1 1 32 47A14 14 0 1 1 32 19ZM18 33H46M32 19C24 27 24 39 32 47"
    "C40 39 40 27 32 19",
    "people": "M32 20A5 5 0 1 1 32 30A5 5 0 1 1 32 20ZM22 46C22 38 26 34 32 34S42 38 42 46"
    "M17 23A4 4 0 1 1 17 31A4 4 0 1 1 17 23ZM10 45C10 39 13 35 17 35M47 23A4 4 0 1 1 47 31"
    "A4 4 0 1 1 47 23ZM54 45C54 39 51 35 47 35",
    "person": "M32 15A8 8 0 1 1 32 31A8 8 0 1 1 32 15ZM17 49C17 40 23 35 32 35S47 40 47 49",
    "shop": "M18 28L21 17H43L46 28ZM21 28V47H43V28M29 47V37H36V47",
    "card": "M16 20H48V43H16ZM16 27H48M21 37H30",
    "banknote": "M14 18H50V40H14ZM32 24A5 5 0 1 1 32 34A5 5 0 1 1 32 24ZM20 23V35M44 23V35",
    "yen": "M23 18L32 30L41 18M32 30V48M24 33H40M24 39H40",
    "lines": "M20 24H40M20 32H46M20 40H46M20 48H36",
    "warning": "M32 24V41M32 47V50",
}  # fmt: skip
# Role: shape, icon, fill; a second outline marks the side of the victim.
_LOOKS: Final = {
    "Seller": ("hexagon", "shop", _ORANGE),
    "Sale": ("tag", "yen", _WHITE),
    "sold_account": ("square", "bubble_sold", _YELLOW),
    "Account": ("square", "bubble", _WHITE),
    "operator_device": ("tall", "phone", _SKY),
    "Device": ("tall", "phone", _WHITE),
    "IP": ("trapezoid", "globe", _WHITE),
    "Phone": ("upright_hexagon", "handset", _WHITE),
    "Group": ("box", "people", _GREEN),
    "Message": ("sheet", "bubble", _WHITE),
    "victim": ("circle", "person", _BLUE),
    "Person": ("circle", "person", _WHITE),
    "victim_account": ("square", "card", _BLUE),
    "cash_out": ("funnel", "banknote", _PURPLE),
    "Payment": ("diamond", "yen", _WHITE),
    "Report": ("sheet", "lines", _WHITE),
    "Penalty": ("triangle", "warning", _WHITE),
    "Notice": ("sheet", "lines", _WHITE),
    **{f"receiver_{n}": ("octagon", "card", _VERMILION) for n in range(1, LAST_LAYER + 1)},
}
_TWICE: Final = {"victim", "victim_account", "operator_device"}


def shape_of(role: str) -> tuple[str, str, bool]:
    """Give a role's outline and icon as paths on a field of 64 by 64, and whether it is doubled."""
    shape, icon, _ = _LOOKS[role]
    return _SHAPES[shape], _ICONS[icon], role in _TWICE


def picture_of(role: str, *, stacked: bool = False) -> str:
    """Draw a role as an SVG in a data address, on two more outlines where it is a stack.

    >>> picture_of("Seller")[:40]
    'data:image/svg+xml,%3Csvg%20xmlns%3D%22h'
    """
    shape, icon, fill = _LOOKS[role]
    outline = _SHAPES[shape]
    ink = _WHITE if fill == _BLUE else _INK
    parts = [
        f'<path d="{outline}" transform="translate({shift} {-shift})" fill="{_WHITE}"/>'
        for shift in ((10, 5) if stacked else ())
    ]
    parts.append(f'<path d="{outline}" fill="{fill}"/>')
    if role in _TWICE:
        parts.append(
            f'<path d="{outline}" transform="translate(32 32) scale(.84) translate(-32 -32)" '
            f'fill="none" stroke="{ink}" stroke-width="2"/>'
        )
    raised = "translate(0 -6)" if layer_of(role) else ""
    parts.append(f'<path d="{_ICONS[icon]}" fill="none" stroke="{ink}" transform="{raised}"/>')
    if layer := layer_of(role):
        parts.append(
            f'<text x="32" y="55" text-anchor="middle" font-family="sans-serif" font-size="16" '
            f'font-weight="bold" stroke="none" fill="{ink}">{layer}</text>'
        )
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="192" height="192" viewBox="-2 -12 78 78">'
        f'<g stroke="{_INK}" stroke-width="3" stroke-linejoin="round" stroke-linecap="round">'
        f"{''.join(parts)}</g></svg>"
    )
    return "data:image/svg+xml," + quote(svg, safe="")
