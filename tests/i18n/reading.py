"""What a page says to people, and what of it stands there in English though there is German for it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from tests.i18n.catalogue import forms, translations

SPOKEN = {"title", "aria-label", "aria-description", "placeholder", "alt"}
SILENT = {"script", "style", "template"}
EMPTY = {"area", "br", "col", "hr", "img", "input", "link", "meta", "path", "source", "use", "wbr"}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|<[^>]+>")


class Page(HTMLParser):
    """`said`: the page's texts and the attributes that are read to somebody or said by scripts, with single spaces.
    `language`: what the page says it is in."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.language = ""
        self._open: list[bool] = []  # whether each element that is open keeps silent
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = found.get("lang", "")
        if tag not in EMPTY:
            # The theme of Django admin draws its icons by their names.
            self._open.append(tag in SILENT or "material-symbols-outlined" in found.get("class", ""))
        for name, value in found.items():
            button = tag == "input" and name == "value" and found.get("type") in ("submit", "button")
            if name in SPOKEN or button or (name.startswith("data-") and " " in value):
                self._say(value)

    def handle_endtag(self, tag: str) -> None:
        if tag not in EMPTY and self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if not any(self._open):
            self._say(data)

    def _say(self, text: str) -> None:
        if words := " ".join(text.split()):
            self.said.append(words)


def english() -> tuple[set[str], set[str]]:
    """Messages whose German is another: whole texts, and what stands in them beside placeholders in four words or more."""
    whole, parts = set(), set()
    for message in translations():
        for said, german in zip(forms(message.id), forms(message.string), strict=False):
            if said and said != german:
                whole.add(" ".join(said.split()))
                pieces = (" ".join(piece.split()) for piece in PLACEHOLDER.split(said))
                parts |= {piece for piece in pieces if piece.count(" ") >= 3 and piece not in german}
    return whole, parts


def left_in_english(html: str) -> list[str]:
    whole, parts = english()
    said = Page(html).said
    return [text for text in said if text in whole or any(part in text for part in parts)]
