"""A mail server on loopback that takes what it is given, or refuses as it is told. RFC 5321 as far as Django speaks it."""

from __future__ import annotations

import socketserver
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

# What the server answers to the recipient; to the end of the mail "" means that it takes it and hangs up without a word.
TAKE, REFUSE, LATER, TAKE_SILENTLY = "250 ok", "550 no such user", "451 try later", ""


class Sink(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.taken: list[EmailMessage] = []
        self.changed = threading.Condition()
        self.to_recipient = TAKE
        self.to_mail = TAKE
        self.on_taken: Callable[[], None] = lambda: None

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def ids(self) -> Counter[str]:
        """How often each Message-ID was taken."""
        with self.changed:
            return Counter(str(mail["Message-ID"]) for mail in self.taken)

    def wait_for(self, enough: Callable[[], bool], *, at_most: float) -> bool:
        """Until this holds, looked at with each mail; whether it does."""
        with self.changed:
            return self.changed.wait_for(enough, at_most)


class _Session(socketserver.StreamRequestHandler):
    server: Sink

    def handle(self) -> None:
        try:
            self._talk()
        except OSError:
            return  # the sender was killed

    def _talk(self) -> None:
        self._say("220 sink")
        while line := self.rfile.readline():
            word = line.split(b" ")[0].strip().upper()
            if word == b"DATA":
                self._say("354 go on")
                if not self._take():
                    return
            elif word == b"RCPT":
                self._say(self.server.to_recipient)
            elif word == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _take(self) -> bool:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return False  # the sender went away in the middle: nothing was handed over
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        if self.server.to_mail in (TAKE, TAKE_SILENTLY):
            mail = message_from_bytes(b"".join(lines), policy=policy.default)
            assert isinstance(mail, EmailMessage)
            with self.server.changed:
                self.server.taken.append(mail)
                self.server.changed.notify_all()
            self.server.on_taken()
        if self.server.to_mail == TAKE_SILENTLY:
            return False
        self._say(self.server.to_mail)
        return True

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def finish(self) -> None:
        try:
            super().finish()
        except OSError:
            return  # the sender was killed


@contextmanager
def running_sink() -> Iterator[Sink]:
    with Sink() as sink:
        thread = threading.Thread(target=sink.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield sink
        finally:
            sink.shutdown()
            thread.join()
