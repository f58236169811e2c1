"""Forms of the dentist portal. Dates and times are the clinic's wall clock."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from availability.models import Access, Weekday
from availability.schedule import MANY, Interval, WeeklyInterval
from clinic.portals.forms import TellingForm
from clinic.portals.staff.forms import date_field, line, time_field

ROWS = 3  # intervals a day: a morning, an afternoon, an evening


class TimeOffForm(TellingForm):
    told_as = {"starts_at": "first_day", "ends_at": "last_day"}
    first_day = date_field(_("From"))
    first_time = time_field(_("At"), required=False)
    last_day = date_field(_("To"))
    last_time = time_field(_("Until"), required=False)
    reason = line(_("Reason"), 200, required=False, help_text=_("Only the practice sees it."))


class IntervalsForm(TellingForm):
    """Rows of from, to and whom they are for; a row left empty is none. `keys` names the groups of rows."""

    keys: list[str] = []

    def __init__(self, *args: Any, rows: dict[str, list[Any]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key in self.keys:
            known = (rows or {}).get(key, [])
            for number in range(min(MANY, max(ROWS, len(known) + 1, self._sent_rows(key)))):
                row = known[number] if number < len(known) else None
                name = f"{key}-{number}"
                self.fields[f"{name}-start"] = time_field(_("From"), required=False, initial=row and row.start_time)
                self.fields[f"{name}-end"] = time_field(_("To"), required=False, initial=row and row.end_time)
                self.fields[f"{name}-access"] = forms.ChoiceField(
                    label=_("For"),
                    choices=Access.choices,
                    required=False,
                    initial=row.access if row else Access.EVERYONE,
                )

    def _sent_rows(self, key: str) -> int:
        """How many rows of a group were sent: as many as were shown, which may be more than usual."""
        numbers = (name.removeprefix(f"{key}-").partition("-")[0] for name in self.data if name.startswith(f"{key}-"))
        # Python refuses to read a number of thousands of digits.
        known = (int(one) for one in numbers if len(one) <= 3 and one.isascii() and one.isdigit())
        return min(MANY, max(known, default=-1) + 1)

    def rows_of(self, key: str) -> list[dict[str, Any]]:
        """The bound fields of a group's rows."""
        names = [
            name.removesuffix("-start")
            for name in self.fields
            if name.startswith(f"{key}-") and name.endswith("-start")
        ]
        return [{part: self[f"{name}-{part}"] for part in ("start", "end", "access")} for name in names]

    def split(self, key: str) -> dict[str, list[dict[str, Any]]]:
        """A group's rows: those that say something, and the spare ones."""
        rows = self.rows_of(key)
        given = [row for row in rows if any(row[part].value() or row[part].errors for part in ("start", "end"))]
        return {"rows": given, "spare": [row for row in rows if row not in given]}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for key in self.keys:
            previous = None
            for row in sorted(self._given(data, key), key=lambda row: row[1]):
                name, start, end, _access = row
                if end <= start:
                    self.add_error(f"{name}-end", _("The end must come after the start."))
                elif previous is not None and start < previous:
                    self.add_error(f"{name}-start", _("These hours overlap others of the same day."))
                previous = max(previous, end) if previous is not None else end
        return data

    def _given(self, data: dict[str, Any], key: str) -> list[tuple[str, Any, Any, str]]:
        found = []
        for row in self.rows_of(key):
            name = row["start"].name.removesuffix("-start")
            start, end = data.get(f"{name}-start"), data.get(f"{name}-end")
            if (
                (start is None) != (end is None)
                and not self.errors.get(f"{name}-start")
                and not self.errors.get(f"{name}-end")
            ):
                self.add_error(f"{name}-{'end' if end is None else 'start'}", _("Give both times, or neither."))
            elif start is not None and end is not None:
                found.append((name, start, end, data.get(f"{name}-access") or Access.EVERYONE))
        return found


class WeekForm(IntervalsForm):
    keys = [f"day{day}" for day in Weekday.values]

    def days(self) -> list[dict[str, Any]]:
        return [{"name": label, "value": day, **self.split(f"day{day}")} for day, label in Weekday.choices]

    def intervals(self) -> list[WeeklyInterval]:
        return [
            WeeklyInterval(day, start, end, access)
            for day in Weekday.values
            for _name, start, end, access in self._given(self.cleaned_data, f"day{day}")
        ]


class DateForm(IntervalsForm):
    told_as = {"day": "date"}
    keys = ["date"]
    date = date_field(_("Date"))
    closed = forms.BooleanField(label=_("Closed all day"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not data.get("closed") and not self.errors and not self._given(data, "date"):
            self.add_error("closed", _("Give other hours, or say that the day is closed."))
        return data

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        return self.split("date")

    def intervals(self) -> list[Interval]:
        if self.cleaned_data["closed"]:
            return []
        return [Interval(start, end, access) for _name, start, end, access in self._given(self.cleaned_data, "date")]
