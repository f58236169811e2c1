"""Texts, dates and money in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from decimal import Decimal

from chatbot.dialogue.english import TEXTS as ENGLISH
from chatbot.dialogue.german import TEXTS as GERMAN
from chatbot.dialogue.world import Treatment, World
from chatbot.when import exactly
from chatbot.when.styles import style_for

TEXTS: Mapping[str, Mapping[str, str]] = {"en": ENGLISH, "de": GERMAN}
_SIGNS = {"EUR": "€", "GBP": "£", "USD": "$"}


def say(language: str, key: str, **values: object) -> str:
    """A text with its placeholders filled. Raises KeyError for an unknown key or a missing value."""
    return TEXTS["de" if language == "de" else "en"][key].format(**values)


def filled(text: str, world: World, language: str) -> str:
    """A text of the triage table with the numbers to call."""
    phone = world.phone or say(language, "no_phone")
    return text.format(emergency_number=world.emergency_number, practice_phone=phone)


def date_and_time(moment: datetime, world: World, language: str) -> str:
    """As in "Friday, 20 November 2026, at 15:00", on the clinic's clock."""
    return exactly(moment, zone=world.zone, language=language, day_first=world.day_first).readback


def short_date_and_time(moment: datetime, world: World, language: str) -> str:
    """As in "Fri 20 Nov, 15:00"."""
    local = moment.astimezone(world.zone)
    style = style_for(language, day_first=world.day_first)
    weekday, month = style.weekdays[local.weekday()][: 2 if language == "de" else 3], style.months[local.month - 1][:3]
    if language == "de":
        day = f"{weekday} {local.day}. {month}"
    else:
        day = f"{weekday} {local.day} {month}" if world.day_first else f"{weekday}, {month} {local.day}"
    return f"{day}, {clock(local.time(), world, language)}"


def clock(wall: time, world: World, language: str) -> str:
    """A time of the clinic's day."""
    if style_for(language, day_first=world.day_first).twelve_hours:
        return f"{(wall.hour - 1) % 12 + 1}:{wall.minute:02} {'am' if wall.hour < 12 else 'pm'}"
    return f"{wall.hour:02}:{wall.minute:02}"


def clock_of(moment: datetime, world: World, language: str) -> str:
    return clock(moment.astimezone(world.zone).time(), world, language)


def money(amount: Decimal, currency: str, language: str) -> str:
    """As in "€1,950.00" and "1.950,00 €"."""
    english_figures = f"{amount:,.2f}"
    sign = _SIGNS.get(currency, currency)
    if language == "de":
        return f"{english_figures.translate(str.maketrans(',.', '.,'))} {sign}"
    return f"{sign}{english_figures}" if sign in _SIGNS.values() else f"{sign} {english_figures}"


def price_of(treatment: Treatment, world: World, language: str, *, dentist: str = "") -> str:
    """What the treatment costs, with this dentist if one is named (by id)."""
    who = world.dentist(dentist)
    price = who.prices.get(treatment.id, treatment.price) if who else treatment.price
    return say(language, "price_on_request") if price is None else money(price, world.currency, language)


def listed(items: list[str], language: str, *, either: bool = True) -> str:
    """As in "a, b or c"."""
    if len(items) < 2:
        return "".join(items)
    word = say(language, "or" if either else "and")
    return f"{', '.join(items[:-1])} {word} {items[-1]}"


def weekday_name(weekday: int, world: World, language: str) -> str:
    return style_for(language, day_first=world.day_first).weekdays[weekday]
