from __future__ import annotations

from typing import Any

from django.contrib.auth.management.commands.createsuperuser import Command as DjangoCreateSuperuser
from django.core.management.base import CommandParser

from clinic.core import db


class Command(DjangoCreateSuperuser):
    help = "Makes an admin, as the owner of the database."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database=db.OWNER)

    def handle(self, *args: Any, **options: Any) -> None:
        with db.as_owner():
            super().handle(*args, **options)
