"""The documented table is the one in use."""

from __future__ import annotations

from pathlib import Path

from chatbot.triage import table
from chatbot.triage.__main__ import markdown

PAGE = Path(__file__).parents[2] / "docs" / "triage.md"


def test_the_documented_table_is_the_one_in_use() -> None:
    _, documented = PAGE.read_text(encoding="utf-8").split("## The table\n\n")
    assert documented.splitlines() == list(markdown(table()))
