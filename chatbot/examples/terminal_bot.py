"""An outside bot in a terminal: it speaks for a caller whom it names, over REST, and hears when an offered time is taken.

    BOT_EMAIL=bot@example.org BOT_PASSWORD=… python -m chatbot.examples.terminal_bot http://127.0.0.1:8000 --name "Mia Sample"

What is typed is said, a number presses what stands beside it, an empty line ends it. Needs Python 3.11, `websockets` and
`clinic/realtime/client`, which may be copied beside it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import urllib.error
import urllib.request
import uuid
from typing import Any

from clinic.realtime.client import Event, LiveClient

Told = dict[str, Any]


class Site:
    """The API under a bot's account; a token that has run out is renewed by signing in again."""

    def __init__(self, url: str, email: str, password: str) -> None:
        self.url, self._account, self._token = url.rstrip("/"), {"email": email, "password": password}, ""

    def post(self, path: str, body: dict[str, Any], key: str = "") -> Told:
        """The answer's JSON; with the same `key` what was sent twice counts once. Raises `HTTPError`, whose body says why."""
        try:
            return self._sent(path, body, {"Authorization": f"Bearer {self._token}", "Idempotency-Key": key})
        except urllib.error.HTTPError as error:
            if error.code != 401:
                raise
            error.close()
        return self._sent(path, body, {"Authorization": f"Bearer {self.token()}", "Idempotency-Key": key})

    def _sent(self, path: str, body: dict[str, Any], headers: dict[str, str]) -> Told:
        headers = {"Content-Type": "application/json"} | {name: value for name, value in headers.items() if value}
        asked = urllib.request.Request(f"{self.url}/api/{path}", json.dumps(body).encode(), headers)  # noqa: S310 - as told
        with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310 - the operator's own site
            told: Told = json.load(answer)
            return told

    def token(self) -> str:
        self._token = self._sent("auth/token", self._account, {})["access"]
        return self._token


class Talk:
    """One conversation: what is on show, and one request at a time."""

    def __init__(self, site: Site, begun: Told) -> None:
        self._site, self._path, self._line = site, f"chatbot/conversations/{begun['id']}", asyncio.Lock()
        self._slots: list[Told] = []
        self._buttons: list[Told] = []
        self.show(begun["messages"][-1], begun["urgency"])

    def show(self, message: Told, urgency: Told | None) -> None:
        self._slots = message["slots"]
        self._buttons = [*(one for one in self._slots if one["available"]), *message["choices"]]
        print(f"\n{message['text']}" if not urgency else f"\n[{urgency['label']}] {message['text']}", flush=True)
        for number, button in enumerate(self._buttons, 1):
            print(f"  {number}  {button['label']}", flush=True)

    async def say(self, typed: str) -> None:
        body = {"text": typed}
        if typed.isdecimal() and 0 < int(typed) <= len(self._buttons):
            body = {"choice": self._buttons[int(typed) - 1]["id"]}
        async with self._line:
            told = await asyncio.to_thread(self._site.post, f"{self._path}/messages", body, str(uuid.uuid4()))
            self.show(told["messages"][-1], told["urgency"])

    async def heard(self, event: Event) -> None:
        """Somebody else's booking may have taken what is on show here: others are put beside it."""
        async with self._line:
            before = {one["id"] for one in self._slots if one["available"]}
            if not before:
                return
            told = await asyncio.to_thread(self._site.post, f"{self._path}/offers", {})
            last = told["messages"][-1]
            gone = [
                one for one in self._slots if one["id"] in before - {s["id"] for s in last["slots"] if s["available"]}
            ]
            for one in gone:
                print(f"\n* {one['label']} was taken by somebody else.", flush=True)
            if gone:
                self.show(last, told["urgency"])


async def main() -> None:
    reading = argparse.ArgumentParser(description="An outside bot that books for a caller.")
    reading.add_argument("url")
    for name in ("name", "email", "phone", "language"):
        reading.add_argument(f"--{name}", default="")
    given = reading.parse_args()
    site = Site(given.url, os.environ["BOT_EMAIL"], os.environ["BOT_PASSWORD"])
    caller = {name: getattr(given, name) for name in ("name", "email", "phone") if getattr(given, name)}
    site.token()
    talk = Talk(site, site.post("chatbot/conversations", {"language": given.language, "caller": caller}))
    async with LiveClient(given.url, token=lambda: asyncio.to_thread(site.token)) as live:
        live.availability(changed=talk.heard)
        await live.connected()
        print("(listening)", flush=True)
        while typed := (await asyncio.to_thread(sys.stdin.readline)).strip():
            try:
                await talk.say(typed)
            except urllib.error.HTTPError as error:  # too many messages, or the one before is still being answered
                print(f"({json.load(error)['error']['message']})", flush=True)


if __name__ == "__main__":
    asyncio.run(main())
