"""The page of one row that admin only shows. The theme's own asks an admin's method for what it says up to seven times (the
history of a visit is three statements), and fills two templates for every field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django import template
from django.contrib.admin.helpers import AdminForm
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from unfold.fields import UnfoldAdminReadonlyField

register = template.Library()


@dataclass(frozen=True, slots=True)
class Told:
    """One field by `name`: what it is called, what it says, and what explains it."""

    name: str
    label: str
    contents: SafeString
    help: str


class _Field(UnfoldAdminReadonlyField):
    def _resolve_field(self) -> bool:
        return False  # asked for files and JSON by the theme's template, which is not used here


@register.filter
def told(form: AdminForm) -> Iterator[tuple[str | None, list[list[Told]]]]:
    """The parts of a page: the heading, and the lines with the fields that stand beside each other."""
    for (name, _), part in zip(form.fieldsets, form, strict=True):
        lines = [[_told(_Field(line.form, field, False, line.model_admin)) for field in line.fields] for line in part]
        yield name, lines


def _told(field: _Field) -> Told:
    said = field.field
    return Told(said["name"], capfirst(str(said["label"])), field.contents(), str(said["help_text"] or ""))
