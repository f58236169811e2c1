"""Saying windows in words, so that they can be confirmed; what it says is itself understood the same way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from chatbot.when.items import MINUTES_PER_DAY, PARTS
from chatbot.when.styles import Style
from chatbot.when.timetable import ALL_DAY, Interval

_MOST_LISTED = 4  # days; more of them are told as a pattern
_WORKING_DAYS = frozenset(range(5))
_SPOKEN_PARTS = ("morning", "lunch", "afternoon", "evening")
_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Telling:
    """`first` is today, `last` the horizon: what reaches from one to the other is "any day"."""

    style: Style
    first: date
    last: date

    def tell(self, days: Mapping[date, Sequence[Interval]], *, named: bool = True, soonest: bool = False) -> str:
        """The days and hours in words; `named` tells whether days were named at all."""
        grouped: dict[tuple[Interval, ...], list[date]] = {}
        for day in sorted(days):
            if days[day]:
                grouped.setdefault(tuple(days[day]), []).append(day)
        if soonest and not named and list(grouped) in ([(ALL_DAY,)], []):
            return self.style.soonest
        whole = grouped.pop((ALL_DAY,), None)
        groups = [*grouped.items(), *([((ALL_DAY,), whole)] if whole else [])]  # else hours would spill over onto it
        told = self.style.either.join(self._group(hours, dates, alone=len(groups) == 1) for hours, dates in groups)
        return self.style.soonest_of.format(told) if soonest and told else told

    def _group(self, hours: tuple[Interval, ...], dates: list[date], *, alone: bool) -> str:
        if hours == (ALL_DAY,):
            return self._dates(dates, whole=True, alone=alone)
        told = self.style.either.join(_hours(item, self.style) for item in hours)
        return f"{self._dates(dates, whole=False, alone=alone)}, {told}"

    def _dates(self, dates: list[date], *, whole: bool, alone: bool) -> str:
        style, runs = self.style, runs_of(dates)
        if len(dates) <= _MOST_LISTED and all(len(run) == 1 for run in runs):
            return style.either.join(_date(day, style) for day in dates)
        if dates[-1] >= self.last and len(runs) == 1 and dates[0] - self.first <= timedelta(days=not whole):
            return style.any_time if whole else style.every_day
        pattern = _pattern(dates, style, alone=alone)
        if pattern and dates[-1] > self.last - _WEEK:
            begun = dates[0] - self.first <= _WEEK
            return pattern if begun else style.pattern_onwards.format(pattern, _date(dates[0], style))
        if len(runs) <= _MOST_LISTED:
            return style.either.join(self._run(run) for run in runs)
        if pattern:
            return style.within.format(pattern, _date(dates[0], style), _date(dates[-1], style))
        listed = style.either.join(_date(day, style) for day in dates[:_MOST_LISTED])
        return style.more.format(listed, len(dates) - _MOST_LISTED)

    def _run(self, run: list[date]) -> str:
        first = _date(run[0], self.style)
        if len(run) == 1:
            return first
        if run[-1] >= self.last:
            return self.style.onwards.format(first)
        return self.style.run.format(first, _date(run[-1], self.style))


def runs_of(dates: Sequence[date]) -> list[list[date]]:
    """Dates in order, cut where a day is missing."""
    runs: list[list[date]] = []
    for day in dates:
        if runs and (day - runs[-1][-1]).days == 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs


def _pattern(dates: list[date], style: Style, *, alone: bool) -> str:
    """As in "every Monday and Tuesday" when the dates are all of those days between the first and the last; "except"
    only when nothing else is said that it could be taken for."""
    weekdays = frozenset(day.weekday() for day in dates)
    length = (dates[-1] - dates[0]).days + 1
    if len(weekdays) == 7 or length <= _WEEK.days:
        return ""
    if sum((dates[0] + timedelta(days=n)).weekday() in weekdays for n in range(length)) != len(dates):
        return ""
    if weekdays == _WORKING_DAYS:
        return style.every_working_day
    if len(weekdays) > _MOST_LISTED and alone:
        missing = [style.weekdays[weekday] for weekday in range(7) if weekday not in weekdays]
        return style.every_day_but.format(style.both.join(missing))
    return style.every.format(style.both.join(style.weekdays[weekday] for weekday in sorted(weekdays)))


def _date(day: date, style: Style) -> str:
    return style.date.format(
        weekday=style.weekdays[day.weekday()], day=day.day, month=style.months[day.month - 1], year=day.year
    )


def _hours(interval: Interval, style: Style) -> str:
    for name in _SPOKEN_PARTS:
        if PARTS[name] == interval:
            return style.parts[name]
    start, end = interval
    if end - start == 1:
        return style.at.format(_clock(start, style))
    if end == MINUTES_PER_DAY:
        return style.since.format(_clock(start, style))
    if start == 0:
        return style.before.format(_clock(end, style))
    return style.between.format(_clock(start, style), _clock(end, style))


def _clock(minute: int, style: Style) -> str:
    hour, minutes = divmod(minute, 60)
    if not style.twelve_hours:
        return f"{hour:02}:{minutes:02}"
    return f"{(hour - 1) % 12 + 1}:{minutes:02} {'am' if hour % 24 < 12 else 'pm'}"
