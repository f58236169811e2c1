"""The sample outside bot, run as its operator would: signed in, talking, and told when somebody else is faster."""

from __future__ import annotations

import json
import os
import queue
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from appointments.models import Appointment
from clinic.core import db
from clinic.core.crypto import decrypt
from tests.api.calling import Caller
from tests.factories import Cast, make_user
from tests.factories.people import PASSWORD
from tests.realtime.processes import PATIENCE, ROOT, relaying, serving


class Terminal:
    """The bot's process, as somebody sits before it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._keys, self._lines = process.stdin, queue.Queue[str]()
        self.seen: list[str] = []
        threading.Thread(target=self._read, args=(process.stdout,), daemon=True).start()

    def _read(self, out: IO[str]) -> None:
        for line in out:
            self._lines.put(line.rstrip())

    def type(self, text: str) -> None:
        self._keys.write(f"{text}\n")
        self._keys.flush()

    def until(self, pattern: str) -> str:
        """The line in which it says that; everything up to it has been seen."""
        while True:
            try:
                line = self._lines.get(timeout=PATIENCE)
            except queue.Empty:
                raise AssertionError(f"never said {pattern!r}: {self.seen}") from None
            self.seen.append(line)
            if re.search(pattern, line):
                return line

    def number(self, pattern: str) -> str:
        """The number of the button that comes next and says that."""
        return self.until(rf"^ +\d+  .*{pattern}").split()[0]


@contextmanager
def terminal(url: str, *options: str) -> Iterator[Terminal]:
    command = [sys.executable, "-m", "chatbot.examples.terminal_bot", url, "--language", "en", *options]
    environment = {"PATH": os.environ["PATH"], "BOT_EMAIL": "bot@example.org", "BOT_PASSWORD": PASSWORD}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Terminal(process)
            assert process.stdin is not None
            process.stdin.close()
            assert process.wait(PATIENCE) == 0
        finally:
            process.kill()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    with serving(tmp_path / "server") as (address, _), relaying(tmp_path / "relay"):
        yield address


def test_it_books_for_its_caller_although_somebody_takes_the_first_offer(cast: Cast, site: str) -> None:
    with db.as_owner():
        make_user("Bea Bot", "bot", email="bot@example.org")
    with terminal(site, "--name", "Mia Sample", "--email", "mia@example.org", "--phone", "030 7654321") as bot:
        bot.until("listening")
        bot.type("check-up next week with Dr. Weber, nothing hurts")
        first = bot.until(r"^ +1  ").split(maxsplit=1)[1]
        bot.number("Talk to a person")
        take_first_offer()
        assert bot.until("was taken") == f"* {first} was taken by somebody else."
        bot.type(bot.number("Dr. Eva Weber"))
        bot.type(bot.number("Yes"))
        bot.until("Booked: ")
    with db.as_owner():
        gus, mia = Appointment.objects.order_by("patient_name")
    assert (mia.booking_source, mia.patient_email, mia.account_id) == ("chatbot", "mia@example.org", None)
    assert (gus.patient_name, gus.starts_at < mia.starts_at) == ("Gus Guest", True)


def take_first_offer() -> None:
    """Somebody else books what the bot was offered first."""
    with db.as_owner():
        slot = json.loads(decrypt(db.value("SELECT messages FROM chatbot_conversation")))[-1]["slots"][0]
    wish = {"dentist_id": slot["dentist_id"], "treatment": "check-up", "appointment_date": slot["start"]}
    somebody = {"patient_name": "Gus Guest", "patient_email": "gus@example.net", "patient_phone": "030 1234567"}
    assert Caller().post("appointments", wish | somebody).status == 201
