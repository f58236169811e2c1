"""Holds what PostgreSQL does for an identity against what the matrix says, verb by verb."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.security.matrix import Cell, read_matrix
from tests.security.ownership import KEY, Identity, Row, World
from tests.security.probing import ACCEPTED, DENIED, HANDED, REFUSED, Outcome, Stage

TABLES = read_matrix()
# The owner acts under policies too: of everything everything, only that history is not rewritten.
_OWNERS = Cell(("open",))
# What comes before the policies are asked: a trigger's own change of something that is watched.
_UNKNOWN = "who changes this must be known"
_STANDS = "history stands as it was written"


def cell(who: Identity, table: str, verb: str) -> Cell:
    return _OWNERS if who.is_owner else TABLES[table][verb][who.role]


def differences(stage: Stage, world: World, who: Identity, table: str) -> Iterator[str]:
    """Each verb that does for this identity what the matrix does not say, in words."""
    with stage.acting(who):
        for what, expected, outcome in _asked(stage, world, who, table):
            if not _agree(expected, outcome):
                yield f"{who.name}: {what} {table}: expected {_short(expected)}, was {_short(outcome)}"


def _asked(stage: Stage, world: World, who: Identity, table: str) -> Iterator[tuple[str, Outcome, Outcome]]:
    rows = world.rows[table]
    seen = cell(who, table, "select")
    yield "select", _reached(world, who, seen, table), stage.select(table, seen.columns)

    for template in templates(table, rows)[: None if cell(who, table, "insert") else 1]:
        copy = stage.copied(table, template)
        yield f"insert like {template[KEY]}", _inserted(world, who, table, copy), stage.insert(table, copy)

    changes = cell(who, table, "update")
    column = (changes.columns or tuple(name for name in rows[0] if name != KEY))[-1]
    keys = [row[KEY] for row in rows]
    expected = _reached(world, who, changes, table)
    if who.is_owner and table == "history_change":
        expected = _STANDS
    yield f"update ({column})", expected, stage.update(table, column, keys)
    if changes and not who.is_owner:
        for column in HANDED.get(table, ()):
            for value in _values(table, column, rows):
                given = _given(world, who, table, column, value)
                yield f"update ({column}: {value})", given, stage.hand_over(table, column, value)

    gone = cell(who, table, "delete")
    of_those_seen, blindly = stage.delete(table)
    expected = _reached(world, who, gone, table)
    yield "delete", expected, of_those_seen
    yield "delete unseen", len(expected) if isinstance(expected, frozenset) else expected, blindly


def _reached(world: World, who: Identity, of: Cell, table: str) -> Outcome:
    if not of:
        return DENIED
    return frozenset(row[KEY] for row in world.rows[table] if world.allows(who, of, table, row))


def _inserted(world: World, who: Identity, table: str, copy: Row) -> Outcome:
    of = cell(who, table, "insert")
    if not of:
        return DENIED
    return ACCEPTED if world.allows(who, of, table, copy) else REFUSED


def _given(world: World, who: Identity, table: str, column: str, value: Any) -> Outcome:
    """What becomes of writing this value into the column of all rows that the identity may change."""
    of = cell(who, table, "update")
    if not of or (of.columns and column not in of.columns):
        return DENIED
    mine = [row for row in world.rows[table] if any(world.owns(who, word, table, row) for word in of.words)]
    if all(world.allows(who, of, table, row, then=row | {column: value}) for row in mine):
        return len(mine)
    return REFUSED


def _agree(expected: Outcome, outcome: Outcome) -> bool:
    """Rows that a constraint stops were let through by the policies."""
    if expected == ACCEPTED:
        return outcome in (ACCEPTED, 1)
    if outcome == ACCEPTED:
        return isinstance(expected, int) and expected > 0
    if expected == REFUSED and outcome == _UNKNOWN:
        return True
    # None of several rows may be written as it is: the statement is refused.
    return outcome == expected or (outcome == REFUSED and expected == frozenset())


def templates(table: str, rows: list[Row]) -> list[Row]:
    """One row of each owner: copies of the others would tell nothing more."""
    by = [name for name in rows[0] if name in HANDED.get(table, ()) or (name in _LINKED and table not in _MANY)]
    found: dict[tuple[str, ...], Row] = {}
    for row in rows:
        found.setdefault(tuple(str(row[name]) for name in by), row)
    return list(found.values())


_LINKED = ("account_id", "dentist_id", "holder", "scope", "user_id", "appointment_id", "state", "erased_at")
_MANY = ("history_change",)


def _values(table: str, column: str, rows: list[Row]) -> list[Any]:
    if column == "state":
        return ["queued", "sent"]
    return sorted({row[column] for row in rows}, key=str)


def _short(outcome: Outcome) -> str:
    return str(sorted(outcome)) if isinstance(outcome, frozenset) else str(outcome)
