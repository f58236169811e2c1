"""Fields of admin's forms that ask more than Django's, or bear more."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from clinic.core.texts import is_name


def readable_name(name: str) -> None:
    """The rule for names that every other way in has: something to read, and nothing that is not seen."""
    if not is_name(name):
        raise ValidationError(_("Please give a name of up to 120 letters."), code="unreadable")


class KnownAutocomplete(AutocompleteSelect):
    """Shows a form again in which something stands that cannot be a key: the field's error says so, the page works."""

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        remote = self.field.remote_field
        key = remote.model._meta.get_field(getattr(remote, "field_name", None) or remote.model._meta.pk.name)
        return super().optgroups(name, [one for one in value if can_be(key, one)], attr)


def can_be(key: Any, value: Any) -> bool:
    """Whether a field can hold what a browser sent."""
    try:
        key.to_python(value)
    except ValidationError:
        return False
    return True
