from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from clinic.core import clock, db
from clinic.demo import sign_ins
from clinic.demo.large import Size, load_large
from clinic.demo.small import load_demo


class Command(BaseCommand):
    help = "Loads the demo clinic, or with --dentists and --appointments a large one, into a database without dentists."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dentists", type=int, help="how many, for a large clinic")
        parser.add_argument("--appointments", type=int, help="how many, past and coming together")
        parser.add_argument("--days-ahead", type=int, default=60, help="how many days from today on are filled (60)")
        parser.add_argument("--seed", type=int, default=20, help="another number gives another clinic")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo clinic is not for production: its passwords are public. Set DEMO=1 elsewhere.")
        large = options["dentists"], options["appointments"]
        if (large[0] is None) != (large[1] is None):
            raise CommandError("A large clinic needs both, --dentists and --appointments.")
        if large[0] is None:
            loaded = load_demo(clock.now(), seed=options["seed"])
        else:
            if min(*large, options["days_ahead"]) < 1:
                raise CommandError("--dentists, --appointments and --days-ahead must be at least 1.")
            size = Size(
                dentists=large[0], appointments=large[1], days_ahead=options["days_ahead"], seed=options["seed"]
            )
            begun = time.monotonic()
            loaded = load_large(size, clock.now(), lambda text: self._say(f"{time.monotonic() - begun:6.1f} s  {text}"))
        if not loaded:
            raise CommandError("This database has a clinic already: nothing was changed.")
        with db.as_owner():
            for line in sign_ins.lines():
                self._say(line)

    def _say(self, text: str) -> None:
        self.stdout.write(text)
