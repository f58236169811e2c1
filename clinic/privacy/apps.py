from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    name = "clinic.privacy"
    label = "privacy"
    verbose_name = _("Personal data")

    def ready(self) -> None:
        from clinic.privacy import errors

        errors.register()
