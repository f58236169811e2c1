"""Recorded statements of one booking as a pgbench script that books something else each time it runs.

pgbench signs no context, so the script runs as the owner of the tables: the floor pays for triggers and constraints, not
for the caller's identity.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from bench.replay import Statement
from clinic.embedded.account import server_account
from clinic.embedded.binaries import postgres_bin
from clinic.embedded.place import ROOT_STATE

PROGRAM = postgres_bin(ROOT_STATE if server_account() else None) / "pgbench"

# Counts the bookings of a client (:n) and numbers those of a whole run (:id), so that up to 8 rounds of up to 16 clients fit
# into 8 octal digits. A round has room for 5.7 years of hours, longer than any model visit with its buffers.
HEAD = r"""\set n :n + 1
\set id :round * 2097152 + :client_id * 131072 + :n
\set hour :round * 50000 + :n
BEGIN;
"""
NUMBER = "lpad(:id::bigint::text, 12, '0')"


def script(statements: Sequence[Statement], booked: Mapping[str, Any], owner: psycopg.Connection[Any]) -> str:
    """Every statement with its own values, but for what makes a booking: who, when, with whom and under which reference.

    Needs the variable `round`, and `n` set to 0.
    """
    dentists = owner.execute("SELECT array_agg(id ORDER BY id)::text FROM dentists_dentist").fetchone() or ("{}",)
    start, end = (datetime.fromisoformat(booked[name]) for name in ("start", "end"))
    instead = {
        UUID(booked["id"]): f"('00000000-0000-4000-8000-' || {NUMBER})::uuid",
        UUID(booked["patient_id"]): f"('00000000-0000-4000-9000-' || {NUMBER})::uuid",
        UUID(booked["dentist_id"]): f"('{dentists[0]}'::uuid[])[1 + :client_id::int]",
        booked["booking_reference"]: "('DC-' || translate(lpad(to_oct(:id::bigint), 8, '0'), '01234567', 'ABCDEFGH'))",
        booked["patient_name"]: f"('Guest ' || {NUMBER})",
        booked["patient_email"]: f"({NUMBER} || '@example.net')",
        start: "('2035-01-01 00:00+00'::timestamptz + :hour::int * interval '1 hour')",
        end: f"('2035-01-01 00:00+00'::timestamptz + :hour::int * interval '1 hour' + interval '{end - start}')",
    }
    return HEAD + "".join(_told(one, instead, owner) + ";\n" for one in statements) + "END;\n"


def _told(statement: Statement, instead: Mapping[Any, str], owner: psycopg.Connection[Any]) -> str:
    def value(param: Any) -> str:
        if isinstance(param, list):
            return f"ARRAY[{', '.join(map(value, param))}]"
        if isinstance(param, (UUID, str, datetime)) and param in instead:
            return instead[param]
        return sql.Literal(param).as_string(owner)

    params = statement.params
    if isinstance(params, dict):
        return re.sub(r"%\((\w+)\)s", lambda found: value(params[found[1]]), statement.sql)
    given = iter(params)
    return re.sub("%s", lambda _: value(next(given)), statement.sql).replace("%%", "%")
