"""What the words of the matrix mean: which rows of a table are somebody's, told without the database's help."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from clinic.core.actor import Actor
from tests.security.matrix import Cell

# A row as JSON, by column; under `KEY` stands what names it.
Row = dict[str, Any]
KEY = "its key"
# A visit that does not exist yet: callers show its link while they store it.
NEW_VISIT = "0aaaaaaa-0000-4000-8000-000000000001"
OF_PEOPLE = {"appointments_appointment", "appointments_medicalrecord", "patients_patient"}
# A visit whose person was erased is opened by no account and no link, only by the practice.
ERASED_CLOSED_TO = ("anonymous", "patient", "bot")


@dataclass(frozen=True)
class Identity:
    """A database role, and the caller whose signed context goes with it (None: no context at all)."""

    name: str
    role: str
    actor: Actor | None = None

    @property
    def is_owner(self) -> bool:
        return self.role == "owner"

    @property
    def login(self) -> str:
        return {"owner": "clinic_owner", "service": "clinic_service"}.get(self.role, "clinic_web")

    @property
    def signed(self) -> Actor | None:
        """The caller, unless the context was signed for another role than this one."""
        return self.actor if self.actor is not None and self.actor.role.value == self.role else None

    @property
    def user(self) -> str | None:
        return str(self.signed.user_id) if self.signed and self.signed.user_id else None

    @property
    def dentist(self) -> str | None:
        return str(self.signed.dentist_id) if self.signed and self.signed.dentist_id else None

    @property
    def visit(self) -> str | None:
        return str(self.signed.visit_id) if self.signed and self.signed.visit_id else None

    @property
    def holders(self) -> tuple[str, ...]:
        return self.actor.holders if self.actor else ()


@dataclass
class World:
    """Every row of every table, as its owner reads it."""

    rows: dict[str, list[Row]] = field(default_factory=dict)

    def visit(self, key: str | None) -> Row:
        """The visit of this id, an empty one when there is none."""
        found = [row for row in self.rows["appointments_appointment"] if row["id"] == key]
        return found[0] if found else {"id": None, "account_id": None, "dentist_id": None}

    def owns(self, who: Identity, word: str, table: str, row: Row) -> bool:
        closed = who.role in ERASED_CLOSED_TO and row.get("erased_at") is not None and table != "patients_patient"
        return RULES[word](self, who, table, row) and not closed

    def allows(self, who: Identity, cell: Cell, table: str, row: Row, *, then: Row | None = None) -> bool:
        """Whether one of the cell's words gives this row to the caller, and leaves it so as it is `then`."""
        is_then = row if then is None else then
        return any(self.owns(who, word, table, row) for word in cell.words) and any(
            self.owns(who, word, table, is_then) and KEPT_SO.get(word, _anything)(is_then) for word in cell.words
        )


Rule = Callable[[World, Identity, str, Row], bool]


def same(one: str | None, other: str | None) -> bool:
    """Equal as SQL has it: nothing equals nothing."""
    return one is not None and one == other


def _anything(row: Row) -> bool:
    return True


def _open(world: World, who: Identity, table: str, row: Row) -> bool:
    return True


def _all(world: World, who: Identity, table: str, row: Row) -> bool:
    return who.signed is not None


def _own(world: World, who: Identity, table: str, row: Row) -> bool:
    match table:
        case "accounts_user":
            return same(row["id"], who.user)
        case "patients_patient" | "appointments_appointment":
            return same(row["account_id"], who.user)
        case "appointments_medicalrecord":
            return same(world.visit(row["appointment_id"])["account_id"], who.user)
        case "dentists_dentist":
            return same(row["id"], who.dentist)
        case "availability_reservation" | "chatbot_conversation":
            return row["holder"] in who.holders
        case "core_idempotencykey":
            return row["scope"] in who.holders
    return same(row["dentist_id"], who.dentist)


def _link(world: World, who: Identity, table: str, row: Row) -> bool:
    return same(row["appointment_id" if table == "appointments_medicalrecord" else "id"], who.visit)


def _link_for_guests(world: World, who: Identity, table: str, row: Row) -> bool:
    return _link(world, who, table, row) and row["account_id"] is None


def _schedule(world: World, who: Identity, table: str, row: Row) -> bool:
    match table:
        case "appointments_medicalrecord":
            return same(world.visit(row["appointment_id"])["dentist_id"], who.dentist)
        case "history_change" if row["visit_id"] is not None:
            return same(world.visit(row["visit_id"])["dentist_id"], who.dentist)
    return same(row["dentist_id"], who.dentist)


def _their_patients(world: World, who: Identity, table: str, row: Row) -> bool:
    visits = world.rows["appointments_appointment"]
    return any(same(one["dentist_id"], who.dentist) and one["patient_id"] == row["id"] for one in visits)


def _visits_and_people(world: World, who: Identity, table: str, row: Row) -> bool:
    return who.signed is not None and row["table_name"] in OF_PEOPLE


RULES: dict[str, Rule] = {
    "open": _open,
    "all": _all,
    "own": _own,
    "link": _link,
    "link for guests": _link_for_guests,
    "schedule": _schedule,
    "their patients": _their_patients,
    "visits and people": _visits_and_people,
    "into the queue": _all,
}
# What a changed row has to be, where that is more than to stay within the rule.
KEPT_SO: dict[str, Callable[[Row], bool]] = {"into the queue": lambda row: bool(row["state"] == "queued")}
