"""Free slots as the dialogue asks for them, each with a token that only this server can have issued in this conversation."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings

from availability.catalogue import Offered, offers_of, treatment_of
from availability.choosing import least_busy
from availability.queries import Opening, search
from chatbot.dialogue import FindSlots, Slot
from chatbot.when import Window
from clinic.core import clock, db
from clinic.core.actor import Actor

_FIRST_LOOK, _LONGEST_LOOK = 8, 64  # days read at once
_AROUND = 14  # days before and after that count as near
_ALTERNATIVES = 6


@dataclass(frozen=True, slots=True)
class Finder:
    """Looks for slots under the rights of a conversation's caller, in one turn: who offers what is read once."""

    actor: Actor
    conversation: UUID
    _offered: dict[str, list[Offered]] = field(default_factory=dict, init=False)

    def find(self, wanted: FindSlots) -> tuple[Slot, ...]:
        """What `FindSlots` promises. Raises `NoSuchTreatment` and `NotBookableOnline`."""
        with db.reading(self.actor):
            offers = self._offers(wanted)
            if not offers or wanted.limit < 1:
                return ()
            if wanted.around is None:
                found = self._from_the_start(wanted, offers)
            else:
                found = self._nearest(wanted, offers, wanted.around)
        return tuple(self.slot(one) for one in found)

    def slot(self, opening: Opening) -> Slot:
        who, what = opening.offered.dentist, opening.offered.treatment
        bare = Slot("", str(what.pk), str(who.pk), who.name, opening.slot.start, opening.slot.end)
        return replace(bare, token=self._token(bare, settings.SECRET_KEY))

    def issued(self, slot: Slot) -> bool:
        """Whether this slot was named in this conversation."""
        secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
        return any(hmac.compare_digest(slot.token, self._token(slot, secret)) for secret in secrets)

    def _token(self, slot: Slot, secret: str) -> str:
        named = f"slot-1|{self.conversation}|{slot.treatment}|{slot.dentist}|{int(slot.start.timestamp())}"
        digest = hmac.new(secret.encode(), named.encode(), "sha256").digest()[:12]
        return base64.urlsafe_b64encode(digest).decode()

    def _offers(self, wanted: FindSlots) -> list[Offered]:
        offered = self._offered.get(wanted.treatment)
        if offered is None:
            offered = offers_of(treatment_of(UUID(wanted.treatment)), actor=self.actor)
            self._offered[wanted.treatment] = offered
        return [one for one in offered if not wanted.dentists or str(one.dentist.pk) in wanted.dentists]

    def _from_the_start(self, wanted: FindSlots, offers: Sequence[Offered]) -> list[Opening]:
        found: list[Opening] = []
        for day in self._days(wanted, offers, wanted.windows):
            found += _one_per_start(day, offers) if wanted.one_per_start else day
            if len(found) >= wanted.limit:
                break
        return found[: wanted.limit]

    def _nearest(self, wanted: FindSlots, offers: Sequence[Offered], around: datetime) -> list[Opening]:
        """Among the two weeks before and after; when they hold too few, the earliest of all."""
        near = Window(around - timedelta(days=_AROUND), around + timedelta(days=_AROUND))
        windows = [
            Window(max(one.start, near.start), min(one.end, near.end))
            for one in wanted.windows
            if one.start < near.end and one.end > near.start
        ]
        days = list(self._days(wanted, offers, windows, at_once=2 * _AROUND + 1))
        if sum(map(len, days)) < wanted.limit:
            return sorted(self._from_the_start(wanted, offers), key=lambda one: abs(one.start - around))
        starts = sorted({one.start for day in days for one in day}, key=lambda start: (abs(start - around), start))
        nearest, found = set(starts[: wanted.limit]), list[Opening]()
        for day in days:
            close = [one for one in day if one.start in nearest]
            found += _one_per_start(close, offers) if wanted.one_per_start else close
        return sorted(found, key=lambda one: abs(one.start - around))[: wanted.limit]

    def _days(
        self, wanted: FindSlots, offers: Sequence[Offered], windows: Iterable[Window], *, at_once: int = _FIRST_LOOK
    ) -> Iterator[list[Opening]]:
        """The openings whose start lies in a window, day by day; so many days are read at once, then more and more."""
        moving = UUID(wanted.moving) if wanted.moving else None
        for first, last, inside in _spans(windows):
            day, length = first, at_once
            while day <= last:
                count = min(length, (last - day).days + 1)
                today: list[Opening] = []
                for one in search(self.actor, offers, day, count, urgent=wanted.urgent, moving=moving):
                    if today and clock.local(today[0].start).date() != clock.local(one.start).date():
                        yield today
                        today = []
                    if any(window.start <= one.start < window.end for window in inside):
                        today.append(one)
                if today:
                    yield today
                day, length = day + timedelta(days=count), min(2 * length, _LONGEST_LOOK)


def near(slot: Slot, *, urgent: bool = False, moving: str = "") -> FindSlots:
    """Asks for the free slots nearest to one that is gone, with anybody."""
    days = timedelta(days=_AROUND)
    window = Window(max(clock.now(), slot.start - days), slot.start + days)
    return FindSlots(slot.treatment, (), (window,), urgent, _ALTERNATIVES, around=slot.start, moving=moving)


def _spans(windows: Iterable[Window]) -> Iterator[tuple[date, date, list[Window]]]:
    """The clinic dates that windows reach over, those of neighbouring windows put together, none twice."""
    spans: list[tuple[date, date, list[Window]]] = []
    for one in sorted(windows, key=lambda window: window.start):
        first = clock.local(one.start).date()
        last = clock.local(one.end - timedelta(microseconds=1)).date()
        if last < first:
            continue
        if spans and first <= spans[-1][1] + timedelta(days=2):
            before = spans.pop()
            spans.append((before[0], max(before[1], last), [*before[2], one]))
        else:
            spans.append((first, last, [one]))
    yield from spans


def _one_per_start(day: list[Opening], offers: Sequence[Offered]) -> list[Opening]:
    """Each start of a day once, with whoever has least to do then."""
    if len({one.start for one in day}) == len(day):
        return day
    turn = {one.dentist.pk: number for number, one in enumerate(least_busy(offers, day[0].start))}
    best: dict[datetime, Opening] = {}
    for one in day:
        other = best.get(one.start)
        if other is None or turn[one.offered.dentist.pk] < turn[other.offered.dentist.pk]:
            best[one.start] = one
    return list(best.values())
