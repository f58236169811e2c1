from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PatientsConfig(AppConfig):
    name = "clinic.patients"
    label = "patients"
    verbose_name = _("Patients")

    def ready(self) -> None:
        from clinic.patients import errors

        errors.register()
