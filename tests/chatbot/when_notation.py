"""A short way to write windows down, so that a table of phrases can be read.

`11-20` a whole day (of 2026 unless a year is said), `11-23..11-29` whole days, `11-20 15:00` exactly then,
`11-20 17:00-24:00` hours of a day, `11-18 10:00..11-29` from then to the end of the last day (whole days grow
together with what they touch), `asap:` before what is wanted as early as possible, `!past` a problem, `none` no
time at all, `...` after the first ones when there are more.
"""

from datetime import date, datetime, timedelta

from chatbot.when import When, Window

_YEAR = 2026
_MINUTE = timedelta(minutes=1)


def written(when: When | None) -> str:
    if when is None:
        return "none"
    told = f"!{when.problem}" if when.problem else ", ".join(_window(window) for window in when.windows)
    return f"asap: {told}" if when.asap else told


def agrees(when: When | None, expected: str) -> bool:
    told = written(when)
    if not expected.endswith(", ..."):
        return told == expected
    return told.startswith(expected.removesuffix("..."))


def _window(window: Window) -> str:
    start, end = window.start.replace(tzinfo=None), window.end.replace(tzinfo=None)
    if end - start == _MINUTE:
        return f"{_day(start)} {start:%H:%M}"
    whole_start, whole_end = f"{start:%H:%M}" == "00:00", f"{end:%H:%M}" == "00:00"
    last = end - _MINUTE
    if whole_start and whole_end:
        return _day(start) if last.date() == start.date() else f"{_day(start)}..{_day(last)}"
    if last.date() == start.date():
        return f"{_day(start)} {start:%H:%M}-{'24:00' if whole_end else f'{end:%H:%M}'}"
    return f"{_day(start)} {start:%H:%M}..{_day(last)}{'' if whole_end else f' {end:%H:%M}'}"


def _day(day: date | datetime) -> str:
    return f"{day:%m-%d}" if day.year == _YEAR else f"{day:%Y-%m-%d}"
