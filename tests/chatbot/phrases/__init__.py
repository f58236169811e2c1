"""Reads the phrase files next to it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
NONE = "none"


@dataclass(frozen=True)
class Line:
    """One line of a phrase file: what was written, and what should be made of it."""

    file: str
    number: int
    band: str
    expectations: tuple[str, ...]
    text: str

    def valued(self, key: str) -> str | None:
        return next((e.partition("=")[2] for e in self.expectations if e.startswith(f"{key}=")), None)

    def marked(self, mark: str) -> list[str]:
        return [e[1:] for e in self.expectations if e.startswith(mark)]

    @property
    def signs(self) -> list[str]:
        return [e for e in self.expectations if e[0].isalpha() and "=" not in e]

    @property
    def today(self) -> str:
        """The band that comes out: the right one, or the known over-triage."""
        return self.valued("over") or self.band

    @property
    def is_red(self) -> bool:
        return self.band.startswith("emergency")

    def __str__(self) -> str:
        return f"{self.file}:{self.number}"


def lines() -> list[Line]:
    """Every line of every file, in order."""
    return [line for path in sorted(FOLDER.glob("*.txt")) for line in _read(path)]


def _read(path: Path) -> list[Line]:
    found: list[Line] = []
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if raw and not raw.startswith("#"):
            band, expectations, text = (part.strip() for part in raw.split("|", 2))
            listed = () if expectations == "-" else tuple(e.strip() for e in expectations.split(","))
            found.append(Line(path.stem, number, band, listed, text))
    return found
