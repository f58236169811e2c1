"""Hours, slots and holds as programs read and write them: hours by the clinic's wall clock, slots as instants."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from availability.models import Access
from availability.queries import Opening, PartOfDay
from availability.schedule import MANY, Interval, WeeklyInterval
from availability.slots import Slot
from clinic.core.fields import Day, Instant, Line, WallTime
from clinic.core.input import Input
from dentists.models import Treatment


class SlotOut(serializers.Serializer[Any]):
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()


class OpeningOut(SlotOut):
    dentist_id = serializers.UUIDField()
    dentist_name = serializers.CharField()


class TreatmentRef(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    slug = serializers.CharField()
    name = serializers.CharField()


class SlotsOut(serializers.Serializer[Any]):
    """The free slots of one dentist on one date."""

    dentist_id = serializers.UUIDField()
    treatment = TreatmentRef()
    date = serializers.DateField()
    time_zone = serializers.CharField()
    slots = SlotOut(many=True)


class OpeningsOut(serializers.Serializer[Any]):
    """Free slots over days, in order of time. `more` says that there are others after the last one."""

    treatment = TreatmentRef()
    days = serializers.IntegerField()
    part_of_day = serializers.ChoiceField([part.value for part in PartOfDay], allow_null=True)
    time_zone = serializers.CharField()
    slots = OpeningOut(many=True)
    more = serializers.BooleanField()

    def get_fields(self) -> dict[str, Any]:
        return {"from": serializers.DateField(), **super().get_fields()}


class ReserveInput(Input):
    """Without a dentist the least busy one is taken."""

    dentist_id = serializers.CharField(max_length=140, required=False, allow_null=True)
    treatment = serializers.CharField(max_length=140)
    start = Instant()
    reservation_token = serializers.CharField(max_length=64, required=False, allow_blank=True)


class HoldOut(serializers.Serializer[Any]):
    """`token` is the secret of a holder without an account, null for anybody else."""

    id = serializers.UUIDField()
    dentist_id = serializers.UUIDField()
    treatment = serializers.UUIDField()
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    token = serializers.CharField(allow_null=True)


class _Between(serializers.Serializer[Any]):
    start_time = WallTime()
    end_time = WallTime()
    access = serializers.ChoiceField(Access.choices, required=False, default=Access.EVERYONE)


class IntervalShape(_Between):
    """One interval of a date."""


class WeeklyShape(_Between):
    """One interval of a weekday, 0 = Monday."""

    day_of_week = serializers.IntegerField(min_value=0, max_value=6)
    is_available = serializers.BooleanField(required=False, default=True)


class WeekInput(Input):
    """The whole week; what is not in it is free time."""

    hours = serializers.ListField(child=WeeklyShape(), max_length=MANY)

    @staticmethod
    def intervals(data: dict[str, Any]) -> list[WeeklyInterval]:
        return [
            WeeklyInterval(one["day_of_week"], one["start_time"], one["end_time"], one["access"], one["is_available"])
            for one in data["hours"]
        ]


class DateInput(Input):
    """The hours of one date; none means closed."""

    intervals = serializers.ListField(child=IntervalShape(), max_length=MANY)

    @staticmethod
    def to_intervals(data: dict[str, Any]) -> list[Interval]:
        return [Interval(one["start_time"], one["end_time"], one["access"]) for one in data["intervals"]]


class OverrideOut(serializers.Serializer[Any]):
    """One interval of a date with other hours; no times: closed all day."""

    date = serializers.DateField()
    start_time = WallTime(allow_null=True)
    end_time = WallTime(allow_null=True)
    access = serializers.ChoiceField(Access.choices)


class TimeOffInput(Input):
    starts_at = Instant()
    ends_at = Instant()
    reason = Line(max_length=200, required=False, allow_blank=True, default="")


class TimeOffOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    starts_at = Instant()
    ends_at = Instant()
    reason = serializers.CharField(allow_blank=True)


class ClosureInput(Input):
    date = Day()
    name = Line(max_length=120, required=False, allow_blank=True, default="")


class ClosureOut(serializers.Serializer[Any]):
    date = serializers.DateField()
    name = serializers.CharField(allow_blank=True)


def slot_out(slot: Slot) -> dict[str, str]:
    """Plain, because there are many of them and they are asked for most."""
    return {"start": slot.start.isoformat(), "end": slot.end.isoformat()}


def opening_out(one: Opening) -> dict[str, str]:
    dentist = one.offered.dentist
    return {"dentist_id": str(dentist.pk), "dentist_name": dentist.name, **slot_out(one.slot)}


def treatment_out(treatment: Treatment) -> dict[str, str]:
    return {"id": str(treatment.pk), "slug": treatment.slug, "name": treatment.name}
