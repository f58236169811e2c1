from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import connections

from clinic.core import db, roles


class Command(DjangoMigrate):
    help = "Migrates as the owner of the database, with its roles and the signing key in place."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database=db.OWNER)

    def handle(self, *args: Any, **options: Any) -> None:
        if db.OWNER not in connections.databases:
            raise CommandError("Migrating needs the owner's login: set DATABASE_URL.")
        with db.as_owner():
            roles.ensure_roles()
            super().handle(*args, **options)
            roles.install_signing_key()
