"""Icons as SVG: the part played is told by shape and sign; colour only helps.

Fills are Okabe and Ito's colour-blind safe palette, outlines black, so that a print in black and
white still reads.
"""

from base64 import b64encode
from typing import Final

_ORANGE, _SKY, _GREEN, _YELLOW = "#E69F00", "#56B4E9", "#009E73", "#F0E442"
_BLUE, _RED, _PINK, _GREY = "#0072B2", "#D55E00", "#CC79A7", "#E8E8E8"

# Outlines on a square of 64: each label its own.
_CIRCLE = '<circle cx="32" cy="32" r="26"/>'
_BOX = '<rect x="6" y="10" width="52" height="44" rx="4"/>'
_CARD = '<rect x="4" y="14" width="56" height="36" rx="8"/>'
_TALL = '<rect x="15" y="4" width="34" height="56" rx="6"/>'
_HEX = '<polygon points="32,4 57,18 57,46 32,60 7,46 7,18"/>'
_DIAMOND = '<polygon points="32,3 61,32 32,61 3,32"/>'
_HOUSE = '<polygon points="32,4 60,24 60,58 4,58 4,24"/>'
_PAGE = '<polygon points="12,4 42,4 54,16 54,60 12,60"/>'
_OCTAGON = '<polygon points="20,5 44,5 59,20 59,44 44,59 20,59 5,44 5,20"/>'

_BUBBLE = '<path d="M19 24h26v15H31l-7 7v-7h-5z" class="ink"/>'
_PERSON = '<g class="ink"><circle cx="32" cy="24" r="8"/><path d="M17 49c0-19 30-19 30 0z"/></g>'
_PEOPLE = (
    '<g class="ink"><circle cx="22" cy="26" r="6"/><circle cx="42" cy="26" r="6"/>'
    '<path d="M11 46c0-16 22-16 22 0zM31 46c0-16 22-16 22 0z"/></g>'
)
_STRIPE = '<path d="M5 24h54v7H5z" class="ink"/>'
_SCREEN = '<path d="M20 12h24v36H20z" fill="#fff"/><circle cx="32" cy="54" r="3" class="ink"/>'
_ALARM = '<path d="M29 15h6l-1 22h-4z" class="ink"/><circle cx="32" cy="45" r="4" class="ink"/>'
_STACK = (
    '<circle cx="40" cy="26" r="21" class="back"/><circle cx="34" cy="31" r="21" class="back"/>'
    '<circle cx="27" cy="36" r="21"/>'
)


def _sign(text: str) -> str:
    return (
        f'<text x="32" y="41" text-anchor="middle" font-family="sans-serif" font-size="26" '
        f'font-weight="bold">{text}</text>'
    )


# Label or role: outline, fill, sign.
_DRAWN: Final = {
    "Account": (_CIRCLE, _SKY, _BUBBLE),
    "Account+bank": (_CARD, _SKY, _STRIPE),
    "Account+sold": (_CIRCLE, _ORANGE, _BUBBLE),
    "Account+layer1": (_CARD, _YELLOW, _sign("1")),
    "Account+layer2": (_CARD, _YELLOW, _sign("2")),
    "Account+layer3": (_HOUSE, _GREEN, _sign("¥")),
    "Device": (_TALL, _GREY, _SCREEN),
    "Device+operator": (_TALL, _RED, _SCREEN),
    "IP": (_DIAMOND, _GREY, _sign("IP")),
    "Phone": (_CARD, _GREY, _sign("☏")),
    "Group": (_BOX, _PINK, _PEOPLE),
    "Message": (_BOX, _GREY, _BUBBLE),
    "Payment": (_CARD, _GREEN, _sign("¥")),
    "Seller": (_HEX, _ORANGE, _sign("$")),
    "Sale": (_PAGE, _ORANGE, _sign("¥")),
    "Person": (_CIRCLE, _GREY, _PERSON),
    "Person+victim": (_CIRCLE, _BLUE, '<circle cx="32" cy="32" r="21" class="ring"/>' + _PERSON),
    "Report": (_PAGE, _GREY, _ALARM),
    "Penalty": (_OCTAGON, _GREY, _ALARM),
}
_STYLE: Final = (
    "<style>*{stroke:#000;stroke-width:2.5}.ink,text{fill:#000;stroke:none}"
    ".back{opacity:.75}.ring{fill:#fff}</style>"
)


def look(label: str, role: str, id_: str, *, stack: bool) -> str:
    """Name the icon of a node: by label and role, a bank account by its card."""
    kind = f"{label}+{role}" if role else label
    if kind == "Account" and id_.startswith(("bank:", "stack:bank:")):
        kind = "Account+bank"
    if kind not in _DRAWN:
        kind = label
    return f"{kind}+stack" if stack else kind


def icon(name: str) -> str:
    """Give an icon as a data URI.

    >>> icon("Seller").startswith("data:image/svg+xml;base64,")
    True
    """
    kind = name.removesuffix("+stack")
    outline, fill, sign = _DRAWN[kind]
    if name.endswith("+stack"):
        outline, sign = _STACK, f'<g transform="translate(-5 4)">{sign}</g>'
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64" viewBox="0 0 64 64">'
        f'{_STYLE}<g fill="{fill}">{outline}</g>{sign}</svg>'
    )
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"
