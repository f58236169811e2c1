"""A component in one state, drawn by the template that the pages draw it with, in both colour schemes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.template import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from clinic.portals.design.tokens import SCHEMES

# What refers to an element of the same page: both schemes are on one page, so each needs names of its own.
_NAMES = re.compile(r'(\s(?:id|for|form|name|list|aria-labelledby|aria-describedby|aria-controls)=")([^"]+)(")')
_JUMPS = re.compile(r'(\shref="#)([^"]+)(")')


class _Asked(Context):
    """What a template tag takes for the context of a request, without asking for the practice once more each time."""

    request: HttpRequest


@dataclass(frozen=True, slots=True)
class Around:
    """What every partial may ask for: the request, and a made-up `practice`."""

    request: HttpRequest
    practice: Any

    def with_context(self, context: dict[str, Any]) -> Context:
        # Forms show a token that opens nothing.
        found = _Asked({"request": self.request, "clinic": self.practice, "csrf_token": "made-up"} | context)
        found.request = self.request
        return found


@dataclass(frozen=True, slots=True)
class Specimen:
    """`template` with a made-up `context`; the title says which state it is. `wide`: it needs the width of the page, so
    that the schemes stand below each other. `scripted`: what a script changes in the HTML, before and after."""

    title: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    wide: bool = False
    scripted: tuple[tuple[str, str], ...] = ()

    def drawn(self, around: Around, number: str) -> list[tuple[str, SafeString]]:
        """The scheme's name and the HTML, for light and for dark. `number` is this specimen's own on the page."""
        return [(scheme, _by_itself(self._html(around, scheme), f"{number}-{scheme}")) for scheme in SCHEMES]

    def _html(self, around: Around, scheme: str) -> str:
        template: Any = get_template(self.template)
        html = str(template.template.render(around.with_context(self.context | {"scheme": scheme})))
        for before, after in self.scripted:
            if before not in html:
                raise ValueError(f"{self.template} has no {before} any more: see what the script does now.")
            html = html.replace(before, after)
        return html


@dataclass(frozen=True, slots=True)
class Section:
    """Specimens of one kind; `key` is the anchor, `about` what to know of them."""

    key: str
    title: str
    about: str
    specimens: list[Specimen]


def _by_itself(html: str, suffix: str) -> SafeString:
    """The same with names of its own; nothing takes the focus when the page opens, and a dialog is open."""

    def renamed(found: re.Match[str]) -> str:
        return found[1] + " ".join(f"{name}-{suffix}" for name in found[2].split()) + found[3]

    html = _JUMPS.sub(renamed, _NAMES.sub(renamed, html))
    html = html.replace(" autofocus", "").replace("<dialog ", "<dialog open ")
    return mark_safe(html)  # noqa: S308 - drawn by our own templates just now
