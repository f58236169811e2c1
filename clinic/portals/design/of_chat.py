"""The conversation with the chatbot: what is said, what can be pressed, and what becomes of an offer."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.utils.safestring import mark_safe

from clinic.portals.chat.shown import Chip, Line, Problem
from clinic.portals.design.made_up import at
from clinic.portals.design.specimens import Section, Specimen

_BACK = [{"id": "back", "label": "Back"}, {"id": "human", "label": "Talk to a person"}]


def chat() -> list[Section]:
    return [
        Section("chat", "Chat", "The same on its page and in its window; a time that goes keeps its place.", [
            Specimen("Offers, one just taken", "design/_chat.html", _talk(
                _said(1, "When does it suit you?"), _said(2, "Monday morning", own=True),
                _said(3, "These are free.", gone=["Mon, 8:30"]),
                chips=[_chip(9, 15), _chip(9, 45, is_free=False), _chip(10, 30)], aside=_BACK, step="slot", is_stale=True,
            )),
            Specimen("Before it books", "design/_chat.html", _talk(
                _said(1, "Monday, January 11, 9:15 with Dr. Eva Weber. Shall I book it?"),
                choices=[{"id": "yes:1", "label": "Yes, book it"}, {"id": "no", "label": "No"}], aside=_BACK,
            )),
            Specimen("An emergency", "design/_chat.html", _talk(
                _said(1, "Please call now."), calls=["112", "030 1234567"],
                sources=[{"url": "#chat", "title": "When to call an ambulance", "publisher": "A health service"}],
            )),
            Specimen("Being answered", "design/_chat.html", _talk(
                _said(1, "What can I do for you?"), _said(2, "My tooth hurts", own=True), aside=_BACK,
            ), scripted=((" data-chat ", ' data-chat data-state="answering" '),)),
            Specimen("Not sent", "design/_chat.html", _talk(
                _said(1, "What can I do for you?"),
                problem=Problem("That was too fast. Please wait, and send it again.", "Hello"),
            )),
        ]),
    ]  # fmt: skip


def _talk(*lines: Line, **more: Any) -> dict[str, Any]:
    conversation = SimpleNamespace(id=UUID(int=1))
    return {
        "conversation": conversation,
        "lines": lines,
        "action": "#chat",
        "key": "made-up",
        "longest_text": 2000,
    } | more


def _said(number: int, words: str, *, own: bool = False, gone: list[str] | None = None) -> Line:
    return Line(number, own, [mark_safe(words)], gone or [])  # noqa: S308 - written above


def _chip(hour: int, minute: int, *, is_free: bool = True) -> Chip:
    start = at(hour, minute)
    return Chip(f"{start:%H%M}", "Mon, Jan 11", f"{start:%H:%M}", "Dr. Eva Weber", "1", start.isoformat(), is_free)
