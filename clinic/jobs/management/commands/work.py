from __future__ import annotations

import asyncio
from typing import Any

from django.core.management.base import BaseCommand

from clinic.jobs.worker import work


class Command(BaseCommand):
    help = "Sends messages, sweeps and tidies up, until it is stopped. Several may run at once."
    requires_system_checks: list[str] = []  # web processes make them, and a worker that need not starts a second sooner

    def handle(self, *args: Any, **options: Any) -> None:
        asyncio.run(work())
