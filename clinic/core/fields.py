"""The fields that API shapes are made of: dates of the clinic's calendar, wall times, instants."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from clinic.core import clock

WRITTEN_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)  # of all that ISO 8601 allows
EARLIEST, LATEST = 1970, 2200  # years: what lies outside is a slip of the finger, and can overflow further down


class Line(serializers.CharField):
    """One line of text: spaces are collapsed, control characters refused."""

    default_error_messages = {"control": _("Leave out line breaks and control characters.")}

    def to_internal_value(self, data: Any) -> str:
        text = " ".join(str(super().to_internal_value(data)).split())
        if any(unicodedata.category(char) == "Cc" for char in text):
            self.fail("control")
        return text


class Day(serializers.DateField):
    """A date of the clinic's calendar, `YYYY-MM-DD`, from the year `earliest` to 2200."""

    default_error_messages = {"years": _("This is no date that a calendar here reaches.")}

    def __init__(self, *, earliest: int = EARLIEST, **kwargs: Any) -> None:
        super().__init__(input_formats=["iso-8601"], **kwargs)
        self.earliest = earliest

    def to_internal_value(self, value: Any) -> date:
        if not isinstance(value, str) or not WRITTEN_DAY.fullmatch(value.strip()):
            self.fail("invalid", format="YYYY-MM-DD")
        day = super().to_internal_value(value)
        if not self.earliest <= day.year <= LATEST:
            self.fail("years")
        return day


class WallTime(serializers.TimeField):
    """A time on the clinic's wall clock: `HH:MM`, in asking also with seconds."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%H:%M", input_formats=["%H:%M", "%H:%M:%S"], **kwargs)

    def to_internal_value(self, value: Any) -> time:
        wall: time = super().to_internal_value(value)
        return wall


# Not OpenAPI's "time", which is a time with seconds and offset.
extend_schema_field({"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$", "example": "09:30"})(
    WallTime
)


class Instant(serializers.DateTimeField):
    """An instant in ISO 8601. Without an offset the clinic's clock is meant; answers carry the clinic's offset."""

    default_error_messages = {"years": _("Give a time between 1970 and 2200.")}

    def to_internal_value(self, value: Any) -> datetime:
        try:
            instant: datetime = super().to_internal_value(value)
        except OverflowError:
            self.fail("years")
        if not EARLIEST < instant.year < LATEST:
            self.fail("years")
        return instant

    def to_representation(self, value: Any) -> str:
        return clock.local(value).isoformat()
