"""Talking with the chatbot in a terminal: what is typed is said, a number presses what stands beside it."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from chatbot.conversations import Told, begin, say
from clinic.accounts.models import User
from clinic.accounts.requests import actor_for
from clinic.core import db
from clinic.core.actor import ANONYMOUS, Actor


class Command(BaseCommand):
    help = "Talks with the chatbot; visits that it books are real. An empty line or the end of input ends it."
    requires_system_checks: list[str] = []  # web processes make them

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--language", default="", choices=["", *(code for code, _name in settings.LANGUAGES)], metavar="CODE"
        )
        parser.add_argument("--as", dest="email", default="", metavar="EMAIL", help="the account that talks")

    def handle(self, *args: Any, **options: Any) -> None:
        actor = _caller(options["email"])
        told = begin(actor, options["language"])
        while True:
            pressed = self._show(told)
            try:
                typed = input("> ").strip()
            except EOFError:
                return
            if not typed:
                return
            choice = pressed[int(typed) - 1] if typed.isdecimal() and 0 < int(typed) <= len(pressed) else ""
            told = say(actor, told.id, text=typed, choice=choice)

    def _show(self, told: Told) -> list[str]:
        """Prints the last message; gives the ids of what can be pressed, in the order of their numbers."""
        message = told.messages[-1]
        if told.urgency:
            self.stdout.write(f"[{told.urgency['label']}]")
        self.stdout.write(message["text"])
        buttons = [*message["slots"], *message["choices"]]
        for number, button in enumerate(buttons, 1):
            self.stdout.write(f"  {number}  {button['label']}")
        return [button["id"] for button in buttons]


def _caller(email: str) -> Actor:
    if not email:
        return ANONYMOUS.with_secret(secrets.token_urlsafe(24))
    with db.signing_in():
        account = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if account is None:
        raise CommandError(f"No active account has the email {email}.")
    return actor_for(account)
