from __future__ import annotations

import asyncio
from typing import Any

from django.core.management.base import BaseCommand

from clinic.jobs.worker import work


class Command(BaseCommand):
    help = "Sends messages, sweeps and tidies up, until it is stopped. Several may run at once."

    def handle(self, *args: Any, **options: Any) -> None:
        asyncio.run(work())
