"""Plays the conversations of `dialogue_scripts/` on any stage: in memory, or over HTTP.

The format is told in `dialogue_scripts/README.md`. Whoever drives the scripts another way writes a `Stage`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Protocol

SCRIPTS = Path(__file__).parent / "dialogue_scripts"
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MARKS = ("In", "Signed in", "World", "You", "Press", "Pick", "Bot", "Then")
_ORDINALS = {"first": 0, "second": 1, "third": 2, "last": -1}
_WHEN = re.compile(r"(?P<day>today|tomorrow|[A-Z][a-z]{2}(?:\+7)?) (?P<time>\d\d:\d\d)(?: with (?P<dentist>\w+))?")


@dataclass(frozen=True)
class Shown:
    """A reply as a person sees it. `buttons` are ids and labels; `times` ids, starts on the clinic's wall clock, dentists'
    names; `band` is "" without an urgency."""

    text: str
    step: str
    buttons: tuple[tuple[str, str], ...]
    times: tuple[tuple[str, datetime, str], ...]
    band: str


@dataclass(frozen=True)
class Booked:
    """A visit that was booked in the conversation; `start` on the clinic's wall clock."""

    treatment: str
    start: datetime
    dentist: str
    person: str
    band: str


class Stage(Protocol):
    """What plays a script: a clinic as in the README, and one conversation. Starts are naive, on the clinic's wall clock."""

    @property
    def now(self) -> datetime: ...
    def open(self, language: str, signed_in: str) -> Shown: ...
    def say(self, text: str) -> Shown: ...
    def press(self, choice: str) -> Shown: ...
    def take(self, dentist: str, start: datetime) -> None: ...
    def away(self, dentist: str) -> None: ...
    def closed(self, day: date) -> None: ...
    def minutes_pass(self, minutes: int) -> None: ...
    def unreachable_once(self) -> None: ...
    def add_visit(
        self, reference: str, email: str, dentist: str, start: datetime, *, changeable: bool, person: str
    ) -> None: ...
    def booked(self) -> list[Booked]: ...
    def visits(self) -> dict[str, datetime]: ...
    def holds(self) -> bool: ...


@dataclass(frozen=True)
class Line:
    number: int
    mark: str
    told: str


@dataclass(frozen=True)
class Script:
    file: str
    title: str
    lines: tuple[Line, ...]

    def __str__(self) -> str:
        return f"{self.file}: {self.title}"


def scripts() -> list[Script]:
    """All of them, in the order of their files. Raises ValueError for a line that has no known mark."""
    return [script for path in sorted(SCRIPTS.glob("*.txt")) for script in _in_file(path)]


def _in_file(path: Path) -> Iterator[Script]:
    title, lines = "", list[Line]()
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = raw.strip()
        if line.startswith("=="):
            if title:
                yield Script(path.stem, title, tuple(lines))
            title, lines = line.strip("= "), []
        elif line and not line.startswith("#"):
            mark, colon, told = line.partition(":")
            if not colon or mark not in _MARKS:
                raise ValueError(f"{path.name}:{number}: {line}")
            lines.append(Line(number, mark, told.strip()))
    if title:
        yield Script(path.stem, title, tuple(lines))


@dataclass
class Play:
    """One script on one stage. `replies` are all that were shown."""

    script: Script
    stage: Stage
    replies: list[Shown] = field(default_factory=list)

    def run(self) -> None:
        """Raises AssertionError with file and line where the script and what happened part."""
        told = {line.mark: line.told for line in self.script.lines if line.mark in ("In", "Signed in")}
        opened = False
        for line in self.script.lines:
            if not opened and line.mark not in ("In", "Signed in", "World"):
                self.replies.append(self.stage.open(told.get("In", ""), told.get("Signed in", "")))
                opened = True
            try:
                self._line(line)
            except AssertionError as error:
                shown = self.replies[-1] if self.replies else None
                raise AssertionError(
                    f"{self.script.file}.txt:{line.number}: {line.mark}: {line.told}\n{error}\n{shown}"
                ) from error

    @property
    def shown(self) -> Shown:
        return self.replies[-1]

    def _line(self, line: Line) -> None:
        match line.mark:
            case "You":
                self.replies.append(self.stage.say(self._filled(line.told)))
            case "Press":
                self.replies.append(self.stage.press(self._button(line.told)))
            case "Pick":
                self.replies.append(self.stage.press(self._time(line.told)))
            case "World":
                self._world(line.told)
            case "Bot":
                self._bot(line.told)
            case "Then":
                self._then(line.told)

    def _button(self, label: str) -> str:
        found = [choice for choice, told in self.shown.buttons if told == label]
        assert found, f"no such button among {[told for _, told in self.shown.buttons]}"
        return found[0]

    def _time(self, told: str) -> str:
        if told in _ORDINALS:
            assert self.shown.times, "no times on show"
            return self.shown.times[_ORDINALS[told]][0]
        start, dentist = self._start(told)
        found = [one for one, at, name in self.shown.times if at == start and dentist in name]
        assert found, f"{told} is not on show"
        return found[0]

    def _day(self, told: str) -> date:
        """`Fri` is the next Friday after today, `Fri+7` the one after."""
        today = self.stage.now.date()
        if told in ("today", "tomorrow"):
            return today + timedelta(days=told == "tomorrow")
        weekday, _, weeks = told.partition("+")
        ahead = (WEEKDAYS.index(weekday) - today.weekday() - 1) % 7 + 1
        return today + timedelta(days=ahead + int(weeks or 0))

    def _start(self, told: str) -> tuple[datetime, str]:
        found = _WHEN.fullmatch(told.strip())
        assert found, f"not a time: {told}"
        time = datetime.strptime(found["time"], "%H:%M").time()
        return datetime.combine(self._day(found["day"]), time), found["dentist"] or ""

    def _filled(self, told: str) -> str:
        """`{Fri}` is that day's date as in 20 November 2026, `{Fri de}` as in 20. November 2026."""

        def date_of(found: re.Match[str]) -> str:
            day = self._day(found[1])
            return f"{day.day}. {_GERMAN[day.month - 1]} {day.year}" if found[2] else f"{day.day} {day:%B %Y}"

        return re.sub(rf"\{{((?:today|tomorrow|{'|'.join(WEEKDAYS)})(?:\+7)?)( de)?\}}", date_of, told)

    def _world(self, told: str) -> None:
        if found := re.fullmatch(r"(.+ \d\d:\d\d with \w+) is taken", told):
            start, dentist = self._start(found[1])
            self.stage.take(dentist, start)
        elif found := re.fullmatch(r"the (\w+) time on show is taken", told):
            _, start, dentist = self.shown.times[_ORDINALS[found[1]]]
            self.stage.take(dentist, start)
        elif found := re.fullmatch(r"(\w+) is away", told):
            self.stage.away(found[1])
        elif found := re.fullmatch(r"closed (\w+(?:\+7)?)", told):
            self.stage.closed(self._day(found[1]))
        elif found := re.fullmatch(r"closed for (\d+) days", told):
            for ahead in range(int(found[1])):
                self.stage.closed(self.stage.now.date() + timedelta(days=ahead))
        elif found := re.fullmatch(r"(\d+) minutes pass", told):
            self.stage.minutes_pass(int(found[1]))
        elif told == "nothing answers once":
            self.stage.unreachable_once()
        else:
            found = re.fullmatch(
                r"a cleaning (DC-\w+) of (\S+)(?: for (.+?))? is booked (.+?)(, too late to change)?", told
            )
            assert found, "the world cannot do that"
            start, dentist = self._start(found[4])
            self.stage.add_visit(
                found[1], found[2], dentist, start, changeable=not found[5], person=found[3] or "Ana Ruiz"
            )

    def _bot(self, told: str) -> None:
        shown = self.shown
        verb, _, rest = told.partition(" ")
        match verb:
            case "asks":
                assert shown.step == rest, f"asks {shown.step}"
            case "says":
                assert self._filled(rest) in shown.text, "not said"
            case "hides":
                assert self._filled(rest) not in shown.text, "said"
            case "shows":
                assert rest in [label for _, label in shown.buttons], "no such button"
            case "urgency":
                assert shown.band == ("" if rest == "none" else rest), f"urgency {shown.band}"
            case "offers":
                self._offers(rest)
            case _:
                raise AssertionError("not an expectation")

    def _offers(self, told: str) -> None:
        times = [(at, name) for _, at, name in self.shown.times]
        if told == "nothing":
            assert times == []
            return
        assert times, "nothing on show"
        if found := re.fullmatch(r"only with (\w+)", told):
            assert all(found[1] in name for _, name in times)
        elif found := re.fullmatch(r"nobody called (\w+)", told):
            assert not any(found[1] in name for _, name in times)
        elif found := re.fullmatch(r"only (\w+(?:\+7)?)", told):
            assert {at.date() for at, _ in times} == {self._day(found[1])}
        elif found := re.fullmatch(r"only from (\d\d:\d\d) on", told):
            assert all(f"{at:%H:%M}" >= found[1] for at, _ in times)
        elif found := re.fullmatch(r"only before (\d\d:\d\d)", told):
            assert all(f"{at:%H:%M}" < found[1] for at, _ in times)
        elif found := re.fullmatch(r"only within (\d+) hours", told):
            latest = self.stage.now + timedelta(hours=int(found[1]))
            assert all(at <= latest for at, _ in times)
        elif told.startswith("not "):
            start, dentist = self._start(told.removeprefix("not "))
            assert not any(at == start and dentist in name for at, name in times)
        else:
            wanted = [self._start(one) for one in told.split(", ")]
            assert len(wanted) == len(times), [f"{at:%a %H:%M} {name}" for at, name in times]
            assert all(
                at == start and dentist in name for (start, dentist), (at, name) in zip(wanted, times, strict=True)
            )

    def _then(self, told: str) -> None:
        booked = self.stage.booked()
        if told == "nothing is booked":
            assert booked == []
        elif told == "nothing is held":
            assert not self.stage.holds()
        elif found := re.fullmatch(r"(DC-\w+) is cancelled", told):
            assert found[1] not in self.stage.visits()
        elif found := re.fullmatch(r"(DC-\w+) is on (.+)", told):
            assert self.stage.visits().get(found[1]) == self._start(found[2])[0], self.stage.visits()
        elif found := re.fullmatch(r"(\d) visits are booked", told):
            assert len(booked) == int(found[1])
        else:
            found = re.fullmatch(r"booked: (.+?), (.+? with \w+), for ([^,]+?)(?:, (\w+))?", told)
            assert found, "not a fact"
            assert booked, "nothing is booked"
            start, dentist = self._start(found[2])
            last = booked[-1]
            assert (last.treatment, last.start, last.person) == (found[1], start, found[3]), last
            assert dentist in last.dentist
            assert not found[4] or last.band == found[4]


_GERMAN = (
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember",
)  # fmt: skip
