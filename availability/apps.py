from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AvailabilityConfig(AppConfig):
    name = "availability"
    verbose_name = _("Hours and availability")

    def ready(self) -> None:
        from availability import errors

        errors.register()
