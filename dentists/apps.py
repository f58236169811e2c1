from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DentistsConfig(AppConfig):
    name = "dentists"
    verbose_name = _("Dentists and treatments")

    def ready(self) -> None:
        from dentists import errors

        errors.register()
