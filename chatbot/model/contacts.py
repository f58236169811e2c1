"""Ways to reach somebody, and numbers that say who they are, taken out of a message however they are written."""

from __future__ import annotations

import re
from datetime import date

_MAIL_HOSTS = (
    r"gmail|googlemail|gmx|web|outlook|hotmail|yahoo|icloud|posteo|mailbox|proton(?:mail)?|aol|freenet|t-online"
)
_ENDINGS = r"com|org|net|de|info|eu|io|at|ch|uk"
_AT = r"(?:\s*\(\s*(?:at|ät|äd|a)\s*\)\s*|\s+(?:at|ät|äd|bei)\s+)"
_DOT = r"(?:\s*\(\s*(?:dot|punkt)\s*\)\s*|\s+(?:dot|punkt)\s+)"
_SIGN = r"\s+(?:dot|punkt|underscore|unterstrich|minus|dash|hyphen|bindestrich)\s+"
_EMAIL = re.compile(
    rf"\S*@\S*|[^\s()]+(?:{_SIGN}[^\s()]+)*{_AT}"
    rf"(?:[\w-]+(?:{_DOT}\w+)+|(?:[\w-]+\.)+(?:{_ENDINGS})\b\S*|(?:{_MAIL_HOSTS})\b)",
    re.IGNORECASE,
)
_LINK = re.compile(rf"(?:https?:|www\.)\S*|\b[\w-]+(?:\.[\w-]+)*\.(?:{_ENDINGS})\b\S*", re.IGNORECASE)
_REFERENCE = re.compile(r"\bDC[\s./–_-]*[2-9A-HJKMNP-Z]{3}[\s./–_-]?[2-9A-HJKMNP-Z]{3,5}\b", re.IGNORECASE)
_DATE = re.compile(r"(?<!\d)(?:\d{1,2}[./-]\d{1,2}[./-](\d{4})|(\d{4})-\d{1,2}-\d{1,2})(?!\d)")
_MIXED = re.compile(r"\b(?=\w*\d)(?=\w*[^\W\d_])\w+\b")
_TIME = re.compile(r"\d{1,2}(?:am|pm|h|uhr|st|nd|rd|th|te|ten|ter)?\d{0,2}", re.IGNORECASE)
# Digits with whatever stands between them but letters: commas, colons, underscores, keycaps.
_DIGITS = re.compile(r"\+?\d(?:[\W_]*\d)*")
_WALL_TIME = r"(?:[01]?\d|2[0-3])(?:[:.][0-5]\d)?"
_DAY = r"(?:[12]?\d|3[01])[./](?:1[0-2]|0?\d)(?:\.|[./]20\d\d)?"
_WHEN = re.compile(rf"(?:{_DAY}[\s,]+)?{_WALL_TIME}(?:\s*[-–,/]\s*{_WALL_TIME})?|{_DAY}")
_SHORT_DATE = re.compile(r"\d{1,2}([./-])\d{1,2}\1(\d{2})")
_YEARS = 3  # ahead that somebody may plan
_BARE = re.compile(r"(?<![\d:.])\d{3,4}(?![\d:.])")
_SPELT = (
    r"(?:zero|oh|nought|null|one|two|three|four|five|six|seven|eight|nine|double|triple|"
    r"eins?|zwei|zwo|drei|vier|fünf|fuenf|sechs|sieben|acht|neun|doppel)"
)
_SPELT_OUT = re.compile(rf"\b{_SPELT}(?:[\s,.-]+{_SPELT}){{3,}}\b", re.IGNORECASE)
_BORN = re.compile(
    r"\b(?:born|birth\s?(?:day|date)|date of birth|dob|geboren|geb|geburtstag|geburtsdatum|jahrgang|b)\b\W*([^!?;]{1,40})",
    re.IGNORECASE,
)
_OF_A_DATE = re.compile(
    r"\d[\W_\d]*\d(?:st|nd|rd|th)?|\d(?:st|nd|rd|th)?|"
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mär|maerz|mai|okt|dez)[a-zä]*\b|"
    r"\b(?:nineteen|twenty|thirt|fort|fift|sixt|sevent|eight|ninet|hundred|thousand|neunzehn|zwei?tausend|zwanzig|dreißig)\w*\b|"
    rf"\b{_SPELT}(?:te[nr]?)?\b|\b(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)\b",
    re.IGNORECASE,
)


def without_contacts(text: str, today: date) -> str:
    """The text with `[email]`, `[link]`, `[reference]` and `[number]` in their places; `today` is the clinic's date.

    Numbers stay that can be an hour, a day, a count or a year to come.
    """
    text = _EMAIL.sub(" [email] ", text)
    text = _LINK.sub(" [link] ", text)
    text = _REFERENCE.sub(" [reference] ", text)
    text = _BORN.sub(lambda found: _OF_A_DATE.sub(" [number] ", found[0]), text)
    text = _SPELT_OUT.sub(" [number] ", text)
    text = _DATE.sub(lambda found: found[0] if int(found[1] or found[2]) >= today.year else " [number] ", text)
    text = _MIXED.sub(lambda found: found[0] if _TIME.fullmatch(found[0]) else " [number] ", text)
    text = _DIGITS.sub(lambda found: found[0] if _says_when(found[0], today) else " [number] ", text)
    bare = [one for one in _BARE.findall(text) if not _is_year(one, today)]
    # Several groups of digits with words between them are one number told in pieces.
    return _BARE.sub(" [number] ", text) if len(bare) > 2 or (bare and "[number]" in text) else text


def _says_when(run: str, today: date) -> bool:
    """Whether digits are an hour, a day, a count, or a date or year to come."""
    if _DATE.fullmatch(run):
        return True
    if run.isdecimal():
        return len(run) < 3 or _is_year(run, today) or _is_clock(run)
    short = _SHORT_DATE.fullmatch(run)
    if short is not None:
        return 0 <= int(short[2]) - today.year % 100 <= _YEARS
    return _WHEN.fullmatch(run) is not None


def _is_clock(digits: str) -> bool:
    """As in 930 and 1430; what begins like a year or an area code is none."""
    is_time = len(digits) <= 4 and int(digits[:-2]) < 24 and int(digits[-2:]) < 60
    return is_time and digits[:2] not in ("19", "20") and (digits[0] != "0" or len(digits) == 4)


def _is_year(digits: str, today: date) -> bool:
    return len(digits) == 4 and 0 <= int(digits) - today.year <= _YEARS
