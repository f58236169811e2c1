"""What every form of the portals shares: saying a typed error where it belongs."""

from __future__ import annotations

from django import forms

from clinic.core.errors import ClinicError


class TellingForm(forms.Form):
    """A form that can say a verb's typed error. `told_as` maps a verb's field to the form's own name for it."""

    told_as: dict[str, str] = {}

    def tell(self, error: ClinicError) -> None:
        """Puts a typed error next to the fields that it concerns, or above the form."""
        placed = False
        for name, texts in error.fields.items():
            own = self.told_as.get(name, name)
            if own in self.fields and not self.fields[own].widget.is_hidden:
                self.add_error(own, [str(text) for text in texts])
                placed = True
        if not placed:
            self.add_error(None, str(error.message))
