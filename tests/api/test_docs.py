"""docs/api.md tells of every error that the API can answer, and of no other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from clinic.core.errors import ClinicError

PAGE = Path(__file__).resolve().parents[2] / "docs" / "api.md"
# Where the errors of the API come from.
MODULES = (
    "appointments.errors", "availability.errors", "dentists.errors", "clinic.patients.errors", "clinic.accounts.errors",
    "clinic.core.errors", "chatbot.errors", "clinic.core.api", "clinic.core.idempotency",
)  # fmt: skip
# Raised by pages alone, or only what more special errors are made of.
NOT_HERE = {
    "error", "conflict", "impossible", "has_visits", "already_listed", "too_many_people", "consent_missing",
    "outside_rules", "conversation_went_on",
}  # fmt: skip


def kinds(kind: type[ClinicError] = ClinicError) -> Iterator[type[ClinicError]]:
    yield kind
    for special in kind.__subclasses__():
        yield from kinds(special)


def found() -> list[type[ClinicError]]:
    for module in MODULES:
        import_module(module)
    return [one for one in kinds() if one.__module__ in MODULES]


def test_the_table_of_errors_is_that_of_the_code() -> None:
    told = {(int(status), code) for status, code in re.findall(r"^\| (\d+) \| `(\w+)` \|", PAGE.read_text(), re.M)}
    there = {(one.status, one.code) for one in found() if one.code not in NOT_HERE}
    assert told == there | {(500, "server_error")}


def test_no_code_has_two_statuses() -> None:
    codes = {(one.code, one.status) for one in found()}
    assert len({code for code, _status in codes}) == len(codes)
