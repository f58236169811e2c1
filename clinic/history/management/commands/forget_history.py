from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models.expressions import RawSQL

from clinic.core import db
from clinic.history.models import Change


class Command(BaseCommand):
    help = "Deletes lines of the history that are older than so many years. Needs the owner's login."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--years", type=int, required=True, help="How many years are kept; at least 1.")

    def handle(self, *args: Any, years: int, **options: Any) -> None:
        if years < 1:
            raise CommandError("Keep at least one year.")
        with db.as_owner():
            old = RawSQL("clock_timestamp() - make_interval(years => %s)", [years])
            count, _ = Change.objects.filter(at__lt=old).delete()
        self.stdout.write(f"{count} lines forgotten")
