"""Which hours go with which days: "Monday or Wednesday after 5pm" is one wish, "Monday morning or Tuesday" two."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from chatbot.when.items import (
    DAY_ITEMS,
    HOUR_ITEMS,
    AnyDay,
    AnyHour,
    At,
    Bound,
    Change,
    Day,
    EarlierDays,
    EarlierHours,
    Elapsed,
    Hours,
    Join,
    Part,
    Period,
    Piece,
    Shifted,
    Soonest,
    Weekdays,
    Weekend,
    Which,
)


@dataclass
class Clause:
    """Days and the hours on them; without days, every day; without hours, all day."""

    days: list[tuple[Join, Day]] = field(default_factory=list)
    hours: list[tuple[Join, Hours]] = field(default_factory=list)
    hours_first: bool = False
    hours_last: bool = False


@dataclass
class Wishes:
    wanted: list[Clause] = field(default_factory=list)
    unwanted: list[Clause] = field(default_factory=list)
    elapsed: list[Elapsed] = field(default_factory=list)
    change: Change | None = None
    soonest: bool = False

    @property
    def empty(self) -> bool:
        return not (self.wanted or self.unwanted or self.elapsed or self.change or self.soonest)


def without_loose_references(pieces: Iterable[Piece], *, has_previous: bool) -> list[Piece]:
    """References to the message before fall away when there is none; "the day after" may follow a day here."""
    kept: list[Piece] = []
    last_day: Day | None = None
    for piece in pieces:
        item = piece.item
        if isinstance(item, Shifted) and item.day is None and last_day is not None:
            piece = replace(piece, item=Shifted(last_day, item.days))
        elif not has_previous and (
            isinstance(item, Change | EarlierDays | EarlierHours) or (isinstance(item, Shifted) and item.day is None)
        ):
            continue
        if isinstance(piece.item, DAY_ITEMS):
            last_day = piece.item
        kept.append(piece)
    says_something = any(not (isinstance(piece.item, AnyDay) and piece.item.faint) for piece in kept)
    return kept if says_something else []


def wishes_of(pieces: Iterable[Piece]) -> Wishes:
    wishes = Wishes()
    for piece in pieces:
        item = piece.item
        if isinstance(item, Soonest):
            wishes.soonest = wishes.soonest or not piece.excluded
        elif isinstance(item, Change):
            wishes.change = item
        elif isinstance(item, Elapsed):
            wishes.elapsed.append(item)
        else:
            _place(wishes.unwanted if piece.excluded else wishes.wanted, piece.join, item)
    for earlier, later in zip(wishes.wanted, wishes.wanted[1:], strict=False):
        later.days = later.days or earlier.days
    return wishes


def _place(clauses: list[Clause], join: Join, item: Day | Hours) -> None:
    clause = clauses[-1] if clauses else None
    if clause is None or _begins_anew(clause, join, item):
        clause = Clause(hours_first=isinstance(item, HOUR_ITEMS))
        clauses.append(clause)
    clause.hours_last = isinstance(item, HOUR_ITEMS)
    if isinstance(item, HOUR_ITEMS):
        clause.hours.append((join, item))
    else:
        clause.days.append((join, _every_one(clause, join, item)))


def _every_one(clause: Clause, join: Join, item: Day) -> Day:
    """The Sunday of "every Saturday and Sunday", the Friday of "next Thursday and Friday"."""
    before = clause.days[-1][1] if clause.days else None
    if join not in (Join.OR, Join.AND, Join.COMMA) or not isinstance(before, Weekdays):
        return item
    if not isinstance(item, Weekdays) or item.which != Which.PLAIN:
        return item
    return replace(item, recurring=item.recurring or before.recurring, which=before.which)


def _begins_anew(clause: Clause, join: Join, item: Day | Hours) -> bool:
    if not (clause.days and clause.hours):
        return False
    if isinstance(item, HOUR_ITEMS):
        return clause.hours_first and not _refines(join, item)
    return clause.hours_last and not clause.hours_first and not _narrows(clause, join, item)


def _refines(join: Join, item: Hours) -> bool:
    """The "afternoon" of "at 3 on Thursday afternoon"."""
    return join in (Join.NONE, Join.GAP) and isinstance(item, Part | At | AnyHour)


def _narrows(clause: Clause, join: Join, item: Day) -> bool:
    """The "next week" of "Tuesday at 3 next week", the "Monday" of "next week in the morning, Monday"."""
    if join == Join.OR or join == Join.AND:
        return False
    if isinstance(item, Weekdays | Weekend) and item.which == Which.PLAIN:
        return any(isinstance(day, Period) for _, day in clause.days)
    unplaced = any(isinstance(day, Weekdays | Weekend | AnyDay) for _, day in clause.days)
    return isinstance(item, Period | Bound) and join != Join.COMMA and unplaced
