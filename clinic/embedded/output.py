"""What the processes say, in one stream."""

import os
import selectors
import sys
from collections.abc import Callable
from typing import IO


class Output:
    """Reads many pipes, hands on whole lines, and prints them behind their process' name."""

    def __init__(self, names: list[str]) -> None:
        self._selector = selectors.DefaultSelector()
        self._width = max(map(len, names), default=0)
        self.gone = False  # nobody reads what is printed: the terminal was closed

    def say(self, text: str) -> None:
        try:
            print(text, flush=True)
        except OSError:
            self.gone = True
            # Else the interpreter complains once more when it closes the stream.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def printer(self, name: str) -> Callable[[str], None]:
        return lambda line: self.say(f"{name:<{self._width}} | {line}")

    def follow(self, stream: IO[bytes], take: Callable[[str], None]) -> None:
        self._selector.register(stream, selectors.EVENT_READ, _Lines(stream, take))

    def pump(self, seconds: float) -> None:
        """Hand on what there is; wait up to ``seconds`` for the first of it."""
        for key, _ in self._selector.select(seconds):
            chunk = os.read(key.fd, 65536)
            key.data.feed(chunk)
            if not chunk:
                self._selector.unregister(key.fd)
                key.data.stream.close()

    def drain(self) -> None:
        """Hand on what the processes wrote before they ended."""
        while self._selector.select(0):
            self.pump(0)


class _Lines:
    def __init__(self, stream: IO[bytes], take: Callable[[str], None]) -> None:
        self.stream = stream
        self._take = take
        self._rest = b""

    def feed(self, chunk: bytes) -> None:
        """An empty ``chunk`` is the end of the stream."""
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        if not chunk and self._rest:
            lines, self._rest = [self._rest], b""
        for line in lines:
            self._take(line.decode(errors="replace").rstrip("\r"))
