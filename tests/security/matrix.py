"""Who may do what with which rows: the table of docs/identity.md as data. What a word means stands in `ownership`.

A line names tables, verbs, and one cell for each role in the order of `ROLES`. Where a verb of a table has no line, nobody
but the owner has it. Brackets name the columns (`COLUMNS`) when it is not all of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

ROLES = ("anonymous", "patient", "dentist", "desk", "admin", "bot", "auth", "service", "hub")
VERBS = ("select", "insert", "update", "delete")

MATRIX = """
accounts_user | select | - | own | own | own | all | own | all | - | -
accounts_user | insert | - | - | - | - | all | - | all | - | -
accounts_user | update | - | own (self) | own (self) | own (self) | all | - | all | - | -
accounts_user | delete | - | - | - | - | all | - | - | - | -
accounts_session | select, delete | - | - | - | - | - | - | all | all | -
accounts_session | insert, update | - | - | - | - | - | - | all | - | -
accounts_refreshfamily | select, insert, update, delete | - | - | - | - | - | - | all | - | -
accounts_secondfactor | select, insert, delete | - | - | - | - | - | - | all | - | -
accounts_secondfactor | update | - | - | - | - | - | - | all (step) | - | -
accounts_recoverycode | select, insert, delete | - | - | - | - | - | - | all | - | -
accounts_mailedcode | select, insert, update, delete | - | - | - | - | - | - | all | - | -
accounts_emailchange | select, insert, delete | - | - | - | - | - | - | all | - | -
django_admin_log | select, insert | - | - | - | - | all | - | - | - | -
patients_patient | select | - | own | own, their patients | all | all | - | - | all | -
patients_patient | insert, update | - | own | own | all | all | - | - | - | -
patients_patient | delete | - | own | own | own | all | - | - | - | -
dentists_dentist | select | open | open | open | open | open | open | open | open | -
dentists_dentist | insert, delete | - | - | - | - | all | - | - | - | -
dentists_dentist | update | - | - | own (profile) | - | all | - | - | - | -
dentists_treatment | select | open | open | open | open | open | open | open | open | -
dentists_treatment | insert, update, delete | - | - | - | - | all | - | - | - | -
dentists_offer | select | open | open | open | open | open | open | open | open | -
dentists_offer | insert, update, delete | - | - | own | - | all | - | - | - | -
availability_workinghours, availability_dateoverride | select | open | open | open | open | open | open | - | open | -
availability_workinghours, availability_dateoverride | insert, update, delete | - | - | own | all | all | - | - | - | -
availability_timeoff | select, insert, update, delete | - | - | own | all | all | - | - | - | -
availability_closure | select | open | open | open | open | open | open | - | open | -
availability_closure | insert, update, delete | - | - | - | all | all | - | - | - | -
core_clinicsettings | select | open | open | open | open | open | open | open | open | -
core_clinicsettings | update | - | - | - | - | all | - | - | - | -
availability_reservation | select | own | own | own | own | own, all | own | - | all | -
availability_reservation | insert | own | own | own | own | own | own | - | - | -
availability_reservation | update, delete | own | own | own | own | own | own | - | all | -
availability_occupancy | select | open (when) | open (when) | open (when) | open (when) | open (when) | open (when) | - | open (when) | -
availability_holdattempt | select, delete | - | - | - | - | - | - | - | all | -
appointments_appointment | select | link | own, link | own, schedule | all | all | link | - | all | -
appointments_appointment | insert | link for guests | own, link for guests | own, schedule | all | all | link for guests | - | - | -
appointments_appointment | update | link (course) | own, link (course) | own, schedule | all | all | link (course) | - | all | -
appointments_appointment | delete | - | - | - | - | all | - | - | - | -
appointments_medicalrecord | select | link | own, link | - | - | - | link | - | - | -
appointments_medicalrecord | insert | link | own, link | own, schedule | all | all | link | - | - | -
appointments_medicalrecord | update | link | own, link | - | - | - | link | - | - | -
chatbot_conversation | select, insert, update | own | own | own | own | own | own | - | - | -
history_change | select | - | - | schedule | visits and people | all | - | - | - | -
notifications_message | select | - | - | - | - | all | - | - | all | -
notifications_message | update | - | - | - | - | into the queue (queue) | - | - | all | -
notifications_message | delete | - | - | - | - | - | - | - | all | -
core_idempotencykey | select | own | own | own | own | own | own | - | all | -
core_idempotencykey | insert, update | own | own | own | own | own | own | - | - | -
core_idempotencykey | delete | - | - | - | - | - | - | - | all | -
procrastinate_jobs, procrastinate_events | select, insert, update, delete | - | - | - | - | - | - | - | open | -
procrastinate_periodic_defers, procrastinate_workers | select, insert, update, delete | - | - | - | - | - | - | - | open | -
realtime_events | select | - | - | - | - | all | - | - | - | -
realtime_channels, realtime_state, realtime_relays | select, insert, update, delete | - | - | - | - | - | - | - | - | -
"""  # noqa: E501 - a table is read line by line

COLUMNS: dict[str, tuple[str, ...]] = {
    "self": ("language", "name"),
    "profile": ("title", "specializations", "languages", "bio", "practising_since"),
    "when": ("dentist_id", "starts_at", "ends_at"),
    "course": (
        "status", "confirmed_at", "checked_in_at", "completed_at", "no_show_at", "cancelled_at", "cancellation_reason",
        "cancelled_by", "cancelled_by_user_id", "sequence", "dentist_id", "starts_at", "ends_at", "outside_rules",
        "patient_name", "patient_email", "patient_phone", "patient_birth_date",
    ),
    "step": ("last_step",),
    "queue": ("state", "round", "attempts", "last_error"),
}  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """What one role may do with one verb on one table: rows by any of the words, in these columns (empty: in all)."""

    words: tuple[str, ...]
    columns: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.words)


def lines() -> list[list[str]]:
    """The written lines, cell by cell."""
    return [line.split(" | ") for line in MATRIX.strip().splitlines()]


def read_cell(text: str) -> Cell:
    found = re.fullmatch(r"([a-z, ]+?|-)(?: \((\w+)\))?", text)
    if found is None:
        raise ValueError(f"no cell: {text!r}")
    words = () if found[1] == "-" else tuple(found[1].split(", "))
    return Cell(words, COLUMNS[found[2]] if found[2] else ())


def read_matrix() -> dict[str, dict[str, dict[str, Cell]]]:
    """The cells by table, verb and role; every table has every verb and role."""
    matrix: dict[str, dict[str, dict[str, Cell]]] = {}
    for tables, verbs, *cells in lines():
        for table in tables.split(", "):
            of_table = matrix.setdefault(table, {verb: dict.fromkeys(ROLES, Cell(())) for verb in VERBS})
            for verb in verbs.split(", "):
                of_table[verb] = dict(zip(ROLES, map(read_cell, cells), strict=True))
    return matrix
