from __future__ import annotations

import logging
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import Error, connections

from availability import reservations

log = logging.getLogger(__name__)
FORGET_EVERY = 30


class Command(BaseCommand):
    help = "Takes away holds that ran out, every other second, until it is stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="Sweep once and end.")
        parser.add_argument("--every", type=float, default=2.0, help="Seconds between two sweeps.")

    def handle(self, *args: Any, **options: Any) -> None:
        pause, rounds = threading.Event(), 0
        while True:
            try:
                if swept := reservations.sweep():
                    log.info("swept %d holds", swept)
                if rounds % FORGET_EVERY == 0:
                    reservations.forget_old()
            except Error:
                # The database is away: say so and try again, on a fresh connection.
                log.warning("the database did not answer; the sweep goes on when it does")
                connections.close_all()
            if options["once"]:
                return
            rounds += 1
            pause.wait(options["every"])
