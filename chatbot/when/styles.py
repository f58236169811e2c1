"""The words in which windows are read back, per language and order of day and month."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Style:
    """The words of one language and the reader's order of day and month."""

    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    date: str
    parts: Mapping[str, str]
    at: str
    since: str
    before: str
    between: str
    run: str
    onwards: str
    every: str
    any_time: str
    every_day: str
    every_working_day: str
    every_day_but: str
    within: str
    pattern_onwards: str
    more: str
    either: str
    both: str
    soonest: str
    soonest_of: str
    twelve_hours: bool = False


_ENGLISH_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
_ENGLISH_MONTHS = "January February March April May June July August September October November December"
_GERMAN_WEEKDAYS = "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag"
_GERMAN_MONTHS = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"

ENGLISH_STYLE = Style(
    weekdays=tuple(_ENGLISH_WEEKDAYS.split()),
    months=tuple(_ENGLISH_MONTHS.split()),
    date="{weekday}, {day} {month} {year}",
    parts={
        "morning": "in the morning",
        "lunch": "at lunchtime",
        "afternoon": "in the afternoon",
        "evening": "in the evening",
    },
    at="at {0}",
    since="from {0}",
    before="before {0}",
    between="between {0} and {1}",
    run="{0} to {1}",
    onwards="from {0} on",
    every="every {0}",
    any_time="any time",
    every_day="any day",
    every_working_day="every weekday",
    every_day_but="any day except {0}",
    within="{0} from {1} to {2}",
    pattern_onwards="{0} from {1} on",
    more="{0} and {1} more days",
    either=" or ",
    both=" and ",
    soonest="as soon as possible",
    soonest_of="{0}, as early as possible",
)

AMERICAN_STYLE = Style(**{**vars(ENGLISH_STYLE), "date": "{weekday}, {month} {day}, {year}", "twelve_hours": True})

GERMAN_STYLE = Style(
    weekdays=tuple(_GERMAN_WEEKDAYS.split()),
    months=tuple(_GERMAN_MONTHS.split()),
    date="{weekday}, {day}. {month} {year}",
    parts={"morning": "vormittags", "lunch": "mittags", "afternoon": "nachmittags", "evening": "abends"},
    at="um {0} Uhr",
    since="ab {0} Uhr",
    before="vor {0} Uhr",
    between="zwischen {0} und {1} Uhr",
    run="{0} bis {1}",
    onwards="ab {0}",
    every="jeden {0}",
    any_time="jederzeit",
    every_day="jeden Tag",
    every_working_day="werktags",
    every_day_but="jeden Tag außer {0}",
    within="{0} von {1} bis {2}",
    pattern_onwards="{0} ab {1}",
    more="{0} und {1} weitere Tage",
    either=" oder ",
    both=" und ",
    soonest="so bald wie möglich",
    soonest_of="{0}, möglichst früh",
)


def style_for(language: str, *, day_first: bool) -> Style:
    if language == "de":
        return GERMAN_STYLE
    return ENGLISH_STYLE if day_first else AMERICAN_STYLE
