"""Hours in admin's forms: intervals are held against those in the same form, as they will be when all is saved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable
from datetime import time
from typing import Any

from django import forms
from django.contrib.postgres.constraints import ExclusionConstraint
from unfold.forms import PaginationInlineFormSet

from availability.errors import HoursOverlap


class IntervalForm(forms.ModelForm):
    """One row among others. Whether it overlaps is not asked of the stored rows: they may change together with it."""

    def validate_constraints(self) -> None:
        exclude = self._get_validation_exclusions()  # type: ignore[attr-defined]  # Django's own step
        for constraint in self.instance._meta.constraints:
            if not isinstance(constraint, ExclusionConstraint):
                try:
                    constraint.validate(type(self.instance), self.instance, exclude=exclude)
                except forms.ValidationError as error:
                    self.add_error(None, error)


class IntervalFormSet(PaginationInlineFormSet):
    """Rows that may not overlap within their day. An empty bound reaches to the day's edge."""

    day_field: str

    def clean(self) -> None:
        super().clean()
        seen: dict[Hashable, list[tuple[time, time]]] = defaultdict(list)
        leaving = self.deleted_forms
        for form in self.forms:
            if form in leaving or form.errors or not form.cleaned_data:
                continue
            day, start, end = (form.cleaned_data.get(name) for name in (self.day_field, "start_time", "end_time"))
            begins, ends = start or time.min, end or time.max
            if any(begins < other_end and other_start < ends for other_start, other_end in seen[day]):
                form.add_error(None, forms.ValidationError(HoursOverlap.text, code=HoursOverlap.code))
            seen[day].append((begins, ends))

    def save_existing_objects(self, commit: bool = True) -> list[Any]:
        # The constraint looks at each row as it is written, so rows that make room for one another all leave first.
        moving = [form.instance.pk for form in self.initial_forms if form.has_changed() or form in self.deleted_forms]
        self.model.objects.filter(pk__in=moving).delete()
        saved: list[Any] = super().save_existing_objects(commit)
        return saved


class WeekFormSet(IntervalFormSet):
    day_field = "day_of_week"


class DatesFormSet(IntervalFormSet):
    day_field = "date"
