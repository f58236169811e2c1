"""What a message about dates and times comes to."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum


class Exactness(StrEnum):
    """How narrowly the time was named; the narrowest thing said decides."""

    EXACT_TIME = "exact_time"  # "at 15:00": each window is the one minute named
    PART_OF_DAY = "part_of_day"  # "in the morning", "after 5", "between 2 and 4"
    DAY = "day"  # whole days, each named
    RANGE = "range"  # a run of days: a week, a month, "from the 3rd to the 8th"
    ANY = "any"  # no day and no hour: "as soon as possible", "whenever"


class Problem(StrEnum):
    """Why there is no window although a time was named."""

    PAST = "past"
    NO_SUCH_DATE = "no_such_date"  # 30 February
    NO_SUCH_TIME = "no_such_time"  # 25:00
    TOO_FAR = "too_far"  # beyond the horizon
    CONTRADICTION = "contradiction"  # "Monday but not Monday", "in the morning after 5pm"


@dataclass(frozen=True, slots=True)
class Window:
    """A visit may start at `start` or later, and before `end`; both aware, on the clinic's wall clock."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class When:
    """The windows that were asked for, and the words they came from.

    `windows` are sorted, disjoint, never empty ones, and never begin before the `now` that they were read at;
    a visit's start fits when `allows` says so. There are none when `problem` is set.

    `spans` are character ranges of the message, `text` is what stands there. `ambiguous` holds the readings
    to ask back, the one taken first; each is a phrase that is itself understood as that one reading.

    `days` (first and last day, both included) and `hours` (minutes of the wall-clock day, end excluded) are
    what was named, before now and horizon cut it down; empty where nothing was named. The next message may
    refer back to them ("actually later", "Friday rather").
    """

    windows: tuple[Window, ...]
    text: str
    readback: str
    language: str
    exactness: Exactness
    asap: bool = False
    ambiguous: tuple[str, ...] = ()
    problem: Problem | None = None
    spans: tuple[tuple[int, int], ...] = ()
    days: tuple[tuple[date, date], ...] = ()
    hours: tuple[tuple[int, int], ...] = ()

    def allows(self, start: datetime) -> bool:
        """Whether a visit that starts at this instant is what was asked for."""
        moment = start.astimezone(UTC)
        starts = [window.start.astimezone(UTC) for window in self.windows]
        at = bisect_right(starts, moment)
        return at > 0 and moment < self.windows[at - 1].end.astimezone(UTC)
