"""The forms of dentists and their offers in admin."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminPasswordWidget

from clinic.accounts.models import AccountRole, User
from dentists.errors import AccountNotFree
from dentists.models import LANGUAGE_NAMES, Dentist, Specialization

_TITLES = {"dr", "prof", "med", "dent"}


def page_address(name: str) -> str:
    """The address of a dentist's page, from the name without its titles."""
    return "-".join(word for word in slugify(name).split("-") if word not in _TITLES)[:140]


class DentistForm(forms.ModelForm):
    specializations = forms.MultipleChoiceField(
        label=_("Specializations"),
        choices=Specialization.choices,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages spoken"),
        choices=list(LANGUAGE_NAMES.items()),
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )

    class Meta:
        model = Dentist
        fields = (
            "name", "title", "email", "slug", "is_active", "tone", "practising_since", "specializations",
            "languages", "bio",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False
        self.fields["slug"].help_text = _("Follows from the name when left empty.")
        spoken = self.instance.languages or ()
        languages = cast("forms.MultipleChoiceField", self.fields["languages"])
        # A hundred of them: what is chosen stands first.
        languages.choices = sorted(LANGUAGE_NAMES.items(), key=lambda one: (one[0] not in spoken, str(one[1])))

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if not values.get("slug") and values.get("name"):
            values["slug"] = page_address(values["name"])
            if not values["slug"]:
                self.add_error("slug", forms.ValidationError(_("Give letters or digits for the page's address.")))
        return values


class NewDentistForm(DentistForm):
    """The account comes into being with the dentist; a password set here opens it at once."""

    password = forms.CharField(
        label=_("Initial password"),
        required=False,
        strip=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        help_text=_("Without one, the dentist signs in with a code by mail."),
    )

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).strip().lower()
        account = User.objects.filter(email=email).first()
        if account is not None:
            free = account.role in (AccountRole.PATIENT, AccountRole.DENTIST) and account.dentist_id is None
            if not free:
                raise forms.ValidationError(AccountNotFree.text)
        return email

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if password := values.get("password"):
            known = User(email=values.get("email", ""), name=values.get("name", ""))
            try:
                validate_password(password, known)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return values
