"""Phone numbers as people type them."""

from __future__ import annotations

import phonenumbers
from django.conf import settings

SHORTEST = 5  # digits without country code and leading zeros


def parsed(text: str) -> str | None:
    """The number in E.164, None for what can be none. Without a country code it is one of `PHONE_REGION`."""
    try:
        number = phonenumbers.parse(text, settings.PHONENUMBER_DEFAULT_REGION)
    except phonenumbers.NumberParseException:
        return None
    # Whether a range is in use is for the telephone companies to know; a few digits alone reach nobody.
    if not phonenumbers.is_possible_number(number) or len(str(number.national_number)) < SHORTEST:
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def readable(number: str) -> str:
    """A stored number with its country code, in groups; what is no number stays as it is."""
    try:
        return str(phonenumbers.format_number(phonenumbers.parse(number), phonenumbers.PhoneNumberFormat.INTERNATIONAL))
    except phonenumbers.NumberParseException:
        return number
