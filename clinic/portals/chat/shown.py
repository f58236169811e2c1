"""A conversation as the page and the window show it: the same piece of HTML for both."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from appointments import links
from chatbot.conversations import Told
from clinic.core.models import ClinicSettings

LONGEST_TEXT = 2000  # characters; of more the dialogue reads no further
_ASIDE = ("back", "restart", "human")  # buttons that lead away from the question
_EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True)
class Chip:
    """An offered slot as a button: `day`, `time` and `dentist` are what its label says, `start` an instant in ISO 8601."""

    id: str
    day: str
    time: str
    dentist: str
    dentist_id: str
    start: str
    is_free: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One message; `number` counts from 0. `gone` are the labels of slots that it offered and that went before one was
    picked."""

    number: int
    is_own: bool
    paragraphs: list[SafeString]
    gone: list[str]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a message was not answered, in words; `text` is what was typed."""

    words: str
    text: str = ""
    is_over: bool = False  # no further message will do


def context_of(told: Told | None, opening: list[dict[str, Any]], problem: Problem | None = None) -> dict[str, Any]:
    """What `chat/_conversation.html` takes: of a conversation, or of the opening of one that nothing was said in yet. Call it
    while reading."""
    messages = told.messages if told else opening
    last, clinic = messages[-1], ClinicSettings.current()
    chips = [_chip(slot) for slot in last["slots"]]
    return {
        "conversation": told,
        "chat_language": told.language if told else "",
        "action": reverse("chat:conversation", args=[told.id]) if told else reverse("chat:chat"),
        "key": secrets.token_urlsafe(12),
        "lines": _lines(messages, clinic),
        "step": last["step"],
        "chips": chips,
        "is_stale": sum(chip.is_free for chip in chips) < last.get("wanted", 0) and last["step"] == "slot",
        "choices": [one for one in last["choices"] if one["id"] not in _ASIDE],
        "aside": [one for one in last["choices"] if one["id"] in _ASIDE],
        "sources": last["sources"],
        "calls": _calls(last, clinic),
        "visit_url": _visit_url(told, last),
        "problem": problem,
        "longest_text": LONGEST_TEXT,
    }


def _lines(messages: Sequence[dict[str, Any]], clinic: ClinicSettings) -> list[Line]:
    lines = []
    for number, message in enumerate(messages):
        is_own = message["role"] == "user"
        following = messages[number + 1 : number + 2]
        # A bot that goes on by itself found nothing like what it offered.
        speaks_on = not is_own and bool(following) and following[0]["role"] == "bot"
        gone = [slot["label"] for slot in message["slots"]] if speaks_on else []
        lines.append(Line(number, is_own, _paragraphs(message["text"], None if is_own else clinic), gone))
    return lines


def _chip(slot: dict[str, Any]) -> Chip:
    name = slot["dentist_name"]
    day, _comma, time = slot["label"].removesuffix(f" · {name}").rpartition(", ")
    return Chip(slot["id"], day, time, name, slot["dentist_id"], slot["start"], slot.get("available", True))


def _calls(message: dict[str, Any], clinic: ClinicSettings) -> list[str]:
    """The numbers to call in an emergency, the first one first."""
    if message["step"] != _EMERGENCY:
        return []
    numbers = [clinic.emergency_number, clinic.phone]
    if (message["urgency"] or {}).get("band") == "emergency_dental":
        numbers.reverse()  # it needs a dentist within the hour
    return [number for number in numbers if number]


def _visit_url(told: Told | None, message: dict[str, Any]) -> str:
    if told is None or not told.visit or message["step"] != "booked":
        return ""
    return reverse("patient:visit", args=[links.token_for(UUID(told.visit))])


def _paragraphs(text: str, clinic: ClinicSettings | None) -> list[SafeString]:
    """Escaped, line for line; of a clinic's own texts its numbers and its address of mail are links."""
    known = _ways_to(clinic) if clinic else {}
    return [
        format_html_join(SafeString("<br>"), "{}", ((_linked(line, known),) for line in paragraph.split("\n")))
        for paragraph in re.split(r"\n{2,}", text.strip())
    ]


def _ways_to(clinic: ClinicSettings) -> dict[str, str]:
    numbers = {number: f"tel:{re.sub(r'[^0-9+]', '', number)}" for number in (clinic.phone, clinic.emergency_number)}
    found = numbers | {clinic.email: f"mailto:{clinic.email}"}
    return {words: address for words, address in found.items() if words}


def _linked(line: str, known: dict[str, str]) -> SafeString:
    if not known:
        return format_html("{}", line)
    longest_first = sorted(map(re.escape, known), key=len, reverse=True)
    # A number inside a longer one, or a price, is no number to call.
    pieces = re.split(rf"(?<![\w+€.,])({'|'.join(longest_first)})(?![\w€]|[.,]\d)", line)
    return format_html_join(
        "",
        "{}",
        (
            (format_html('<a href="{}">{}</a>', known[piece], piece) if at % 2 else piece,)
            for at, piece in enumerate(pieces)
        ),
    )
