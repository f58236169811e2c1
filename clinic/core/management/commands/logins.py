from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from clinic.core.roles import LOGINS
from clinic.environment import login_password


class Command(BaseCommand):
    help = "Prints the runtime logins and their passwords, which follow from IDENTITY_KEY."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        for login in LOGINS:
            self.stdout.write(f"{login}  {login_password(settings.IDENTITY_KEY, login)}")
