from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from clinic.accounts import second_factor, signed_in
from clinic.accounts.models import User
from clinic.core import db


class Command(BaseCommand):
    help = "Takes the second factor from an account whose owner lost phone and recovery codes, and signs it out everywhere."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        with db.signing_in():
            user = User.objects.filter(email=options["email"].strip().lower()).first()
        if user is None:
            raise CommandError("No account has this email.")
        second_factor.switch_off(user.pk)
        signed_in.end_others(user.pk, this="")
        self.stdout.write(
            f"{user.email} signs in without a second factor now. Make sure that it was its owner who asked."
        )
