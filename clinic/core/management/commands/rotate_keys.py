from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from clinic.core.crypto import Unreadable
from clinic.core.rotation import encrypted_tables, rotate


class Command(BaseCommand):
    help = (
        "Re-encrypts everything that is encrypted with the newest of FIELD_KEYS. It may be broken off and begun again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", type=int, default=500, help="rows of one transaction")

    def handle(self, *args: Any, **options: Any) -> None:
        for table in encrypted_tables():
            seen = written = 0
            try:
                for some, changed in rotate(table, options["batch"]):
                    seen, written = seen + some, written + changed
                    self.stdout.write(f"{table.table}: {seen} rows, {written} re-encrypted")
                    self.stdout.flush()
            except Unreadable as error:
                raise CommandError(
                    f"{table.table} holds text that none of FIELD_KEYS opens. Keep the older keys in the list."
                ) from error
        self.stdout.write("Everything is under the newest key now.")
