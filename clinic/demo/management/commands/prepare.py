from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from clinic.core import clock, db
from clinic.demo import sign_ins
from clinic.demo.small import load_demo


class Command(BaseCommand):
    help = "Makes the database ready: migrates, and where the demo is on, loads it once and says whom to sign in as."
    # Nothing can be checked before there are tables.
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        if not settings.DEMO:
            return
        load_demo(clock.now())
        with db.as_owner():
            for line in sign_ins.lines():
                self.stdout.write(line)
        if settings.LOCAL_MAILS:
            self.stdout.write("Mails stay on this machine: /dev/mails shows them.")
