from __future__ import annotations

import asyncio
import signal
from typing import Any

from django.core.management.base import BaseCommand

from clinic.realtime.relay import Relay


class Command(BaseCommand):
    help = "Publishes what happened to all server processes, until it is stopped. Run two: one stands by for the other."
    requires_system_checks: list[str] = []  # web processes make them

    def handle(self, *args: Any, **options: Any) -> None:
        asyncio.run(_relay())


async def _relay() -> None:
    relay = Relay()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, relay.stop)
    await relay.run()
