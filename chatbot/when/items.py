"""What the grammar reads: days and hours as they were said, not yet placed in the calendar."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum, auto

MINUTES_PER_DAY = 24 * 60


class Which(StrEnum):
    PLAIN = auto()
    THIS = auto()
    COMING = auto()
    NEXT = auto()
    AFTER_NEXT = auto()


class Op(StrEnum):
    AT = auto()
    AROUND = auto()
    FROM = auto()
    AFTER = auto()
    BEFORE = auto()
    UNTIL = auto()


# --- days -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CalendarDay:
    """As in "the 3rd", "3 December", "Friday, 3.12.2026": what was not said is None."""

    day: int
    month: int | None = None
    year: int | None = None
    weekday: int | None = None


@dataclass(frozen=True)
class FromToday:
    """A number of days from today."""

    days: int


@dataclass(frozen=True)
class Weekdays:
    """One or several days of the week; `recurring` ones are meant in every week."""

    days: frozenset[int]
    which: Which = Which.PLAIN
    recurring: bool = False


@dataclass(frozen=True)
class Period:
    """A run of days, both ends included: a week, a month, "the next three days"."""

    first: date
    last: date


@dataclass(frozen=True)
class Weekend:
    which: Which = Which.PLAIN
    recurring: bool = False


@dataclass(frozen=True)
class Run:
    """From a day to a day, both included."""

    first: "Day"
    last: "Day"


@dataclass(frozen=True)
class Bound:
    """Open at one side: from, after, before or until (included) a day, or a time on that day."""

    op: Op
    day: "Day"
    clock: "Clock | None" = None


@dataclass(frozen=True)
class Shifted:
    """A number of days after another day; the day is None for the one that was talked of before."""

    day: "Day | None"
    days: int


@dataclass(frozen=True)
class Within:
    """A day inside a period: "Friday next week"."""

    day: "Day"
    period: Period


@dataclass(frozen=True)
class WeekOf:
    """Monday to Sunday around a day."""

    day: "Day"


@dataclass(frozen=True)
class AnyDay:
    """As in "any day"; a `faint` one ("every day") says nothing by itself."""

    faint: bool = False


@dataclass(frozen=True)
class EarlierDays:
    """The days (or other days than those) that the message before was about."""

    other: bool = False


Day = (
    CalendarDay | FromToday | Weekdays | Period | Weekend | Run | Bound | Shifted | Within | WeekOf | AnyDay
    | EarlierDays
)  # fmt: skip


# --- hours ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Clock:
    """A time of day; not `sure` whether before or after noon when only an hour up to 12 was said."""

    hour: int
    minute: int = 0
    sure: bool = False

    @property
    def exists(self) -> bool:
        return self.minute < 60 and self.hour * 60 + self.minute <= MINUTES_PER_DAY


@dataclass(frozen=True)
class At:
    """At, around, from or before a time of day."""

    op: Op
    clock: Clock


@dataclass(frozen=True)
class Between:
    first: Clock
    last: Clock


@dataclass(frozen=True)
class Part:
    """A named part of the day, a key of `PARTS`; `recurring` in "mornings"."""

    name: str
    recurring: bool = False


@dataclass(frozen=True)
class AnyHour:
    pass


@dataclass(frozen=True)
class EarlierHours:
    """The hours (or other hours than those) that the message before was about."""

    other: bool = False


Hours = At | Between | Part | AnyHour | EarlierHours

# The usual use of the words, wider where practices differ: minutes of the day, end excluded.
PARTS: dict[str, tuple[int, int]] = {
    "morning": (6 * 60, 12 * 60),
    "early": (6 * 60, 10 * 60),
    "early_morning": (6 * 60, 10 * 60),
    "late_morning": (10 * 60, 12 * 60),
    "before_lunch": (6 * 60, 12 * 60),
    "lunch": (11 * 60 + 30, 14 * 60),
    "after_lunch": (13 * 60, 18 * 60),
    "afternoon": (12 * 60, 18 * 60),
    "early_afternoon": (12 * 60, 15 * 60),
    "late_afternoon": (15 * 60, 18 * 60),
    "after_school": (14 * 60, 20 * 60),
    "evening": (17 * 60, 22 * 60),
    "early_evening": (17 * 60, 19 * 60),
    "late_evening": (19 * 60, 22 * 60),
    "late": (16 * 60, 22 * 60),
    "after_work": (17 * 60, MINUTES_PER_DAY),
    "before_work": (0, 9 * 60),
}


# --- what stands beside days and hours ------------------------------------------------------------------------


@dataclass(frozen=True)
class Elapsed:
    """As in "in two hours", "within 30 minutes": minutes of real time from now."""

    first: int
    last: int


@dataclass(frozen=True)
class Soonest:
    pass


@dataclass(frozen=True)
class Change:
    """As in "later", "two hours earlier", "a week later": relative to the message before; no amount when 0."""

    direction: int
    minutes: int = 0
    days: int = 0


class Join(StrEnum):
    NONE = auto()
    OR = auto()
    AND = auto()
    COMMA = auto()
    GAP = auto()


@dataclass
class Piece:
    """An item with its place in the message (characters), how it is joined to the one before, and whether it
    is ruled out."""

    item: Day | Hours | Elapsed | Soonest | Change
    start: int
    end: int
    join: Join = Join.NONE
    excluded: bool = False


HOUR_ITEMS = (At, Between, Part, AnyHour, EarlierHours)
DAY_ITEMS = (
    CalendarDay, FromToday, Weekdays, Period, Weekend, Run, Bound, Shifted, Within, WeekOf, AnyDay, EarlierDays,
)  # fmt: skip
