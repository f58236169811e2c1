"""The tokens of `tokens.css`, read from the file, and the contrast of what is painted with them.

Contrast is that of WCAG 2.2 (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio): 1 to 21, of two colours in sRGB.
ColorAide reads OKLCH; it is a package for developers, as the page that shows this is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from coloraide import Color
from django.conf import settings

SCHEMES = ("light", "dark")
TEXT, SHAPE = 4.5, 3.0  # what WCAG 2.2 AA asks for: 1.4.3 of text, 1.4.11 of borders, focus and dots
TONES = 12

_GROUNDS = ("paper", "surface", "sunken")
_SOFT = ("accent-soft", "danger-soft", "warn-soft", "good-soft")


@dataclass(frozen=True, slots=True)
class Pair:
    """A colour and the ground that it stands on, both by the names of their tokens; `least` is the contrast asked for."""

    ink: str
    ground: str
    least: float
    tone: int = 0

    def contrast(self, scheme: str) -> float:
        """Of this pair in `light` or `dark`."""
        return _painted(self.ink, scheme, self.tone).contrast(_painted(self.ground, scheme, self.tone))


@dataclass(frozen=True, slots=True)
class Swatch:
    """A pair as it is shown, with its contrast in one scheme."""

    ink: str
    ground: str
    contrast: float
    tone: int = 0


def stylesheet(name: str) -> str:
    """The text of one of our style sheets."""
    return (_static() / name).read_text(encoding="utf-8")


def icon_names() -> list[str]:
    """The symbols of the sprite, in its order."""
    return re.findall(r'<symbol id="([\w-]+)"', stylesheet("icons/sprite.svg"))


def sizes(prefix: str) -> list[str]:
    """The tokens that begin so and are no colours, such as `s1` to `s8`: their names, in the order of the file."""
    return [name for name in re.findall(r"^ +--([\w-]+):", stylesheet("tokens.css"), re.M) if re.match(prefix, name)]


@lru_cache(maxsize=1)
def colours() -> dict[str, tuple[str, str]]:
    """By its token's name, a colour as it is written for light and for dark."""
    return {
        name: (light, dark)
        for name, light, dark in re.findall(
            r"--([\w-]+): light-dark\((oklch\((?:[^()]|\([^()]*\))*\)), (oklch\((?:[^()]|\([^()]*\))*\))\)",
            stylesheet("tokens.css"),
        )
    }


def pairs() -> Iterator[Pair]:
    """What stands on what: every combination that docs/design.md promises to be readable."""
    for ground in _GROUNDS:
        yield from (Pair(ink, ground, TEXT) for ink in ("ink", "ink-soft", "ink-faint", "accent"))
        yield from (Pair(ink, ground, TEXT) for ink in ("danger", "warn", "good"))
        yield from (Pair(shape, ground, SHAPE) for shape in ("line-strong", "focus"))
    for ground in _SOFT:
        yield from (Pair(ink, ground, TEXT) for ink in ("ink", "ink-soft", ground.removesuffix("-soft")))
    yield from (Pair("on-accent", ground, TEXT) for ground in ("accent", "accent-strong"))
    for tone in range(1, TONES + 1):
        yield Pair("tone-ink", "tone-soft", TEXT, tone)
        yield Pair("tone", "surface", SHAPE, tone)
        yield from (Pair(ink, "tone-soft", TEXT, tone) for ink in ("ink", "ink-soft"))


def swatches(scheme: str) -> list[Swatch]:
    return [Swatch(one.ink, one.ground, round(one.contrast(scheme), 1), one.tone) for one in pairs()]


def _painted(name: str, scheme: str, tone: int) -> Color:
    """The colour as a screen shows it: what sRGB does not have is clipped."""
    written = colours()[name][SCHEMES.index(scheme)]
    hues = dict(re.findall(r"\.tone-(\d+) { --hue: (\d+); }", stylesheet("tokens.css")))
    return Color(written.replace("var(--hue)", hues.get(str(tone), "0"))).convert("srgb").clip()


def _static() -> Path:
    return Path(settings.BASE_DIR) / "clinic" / "static" / "clinic"
