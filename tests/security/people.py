"""A clinic in which every table has rows of several owners, and everybody who could ask for them."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connections
from psycopg.conninfo import make_conninfo

from availability.models import Closure, DateOverride, TimeOff
from availability.reservations import reserve
from chatbot.models import Conversation
from clinic.accounts.models import RefreshFamily, Session, User
from clinic.core import db
from clinic.core.actor import ANONYMOUS, AUTH, HUB, SERVICE, Actor, Role
from clinic.core.models import IdempotencyKey
from tests.factories import Cast, make_user
from tests.factories.people import make_person
from tests.security.ownership import NEW_VISIT, Identity, World
from tests.security.probing import Stage

CALLERS = tuple(role.value for role in Role)


def furnish(cast: Cast) -> dict[str, uuid.UUID]:
    """Stores something of everybody; gives the visits by whose they are."""
    told = {"symptoms": "a dull ache"}
    visits = {
        "ana": cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz"), medical=told).appointment.pk,
        "ben": cast.booked(cast.as_ben, cast.at(10), dentist="chidi-okafor", contact=cast.guest("Ben Krause"),
                           medical=told).appointment.pk,
        "guest": cast.booked(cast.nobody(), cast.at(11), medical=told).appointment.pk,
    }  # fmt: skip
    # Dr. Okafor is a patient of Dr. Weber's.
    with db.as_owner():
        himself = make_person(User.objects.get(email=cast.okafor.email), phone="+4930123457")
    visits["okafor"] = cast.booked(
        cast.as_dentist(cast.okafor),
        cast.at(13),
        contact=cast.guest(himself.name, email=himself.email, patient_id=himself.pk),
        medical=told,
    ).appointment.pk
    # Somebody who has had themselves forgotten meanwhile.
    visits["erased"] = cast.booked(cast.as_ana, cast.at(16), contact=cast.guest("Ana Ruiz")).appointment.pk
    reserve(cast.as_ana, dentist=cast.weber.pk, treatment="check-up", start=cast.at(14))
    reserve(cast.nobody(), dentist=cast.weber.pk, treatment="check-up", start=cast.at(15))
    with db.as_owner():
        for number, dentist in enumerate((cast.weber, cast.okafor)):
            TimeOff.objects.create(
                dentist=dentist, starts_at=cast.at(12, days=number), ends_at=cast.at(13, days=number)
            )
            DateOverride.objects.create(dentist=dentist, date=cast.monday)
        Closure.objects.create(date=cast.monday, name="Spring cleaning")
        for user in (cast.ana, cast.ben):
            Session.objects.create(session_key=f"of {user.name}", expire_date=cast.at(9), user_id=user.pk)
            RefreshFamily.objects.create(user=user, newest="x", expires_at=cast.at(9))
        for actor in (cast.as_ana, cast.as_ben, cast.nobody()):
            IdempotencyKey.objects.create(id=uuid.uuid4(), scope=actor.holders[0], key="again", fingerprint="", body="")
            Conversation.objects.create(holder=actor.holders[0], state="{}", messages="[]")
        for statement in _REST:
            db.connection().cursor().execute(statement)
    return visits


_REST = (
    "UPDATE appointments_appointment SET erased_at = now() WHERE booking_reference ="
    " (SELECT booking_reference FROM appointments_appointment ORDER BY starts_at DESC LIMIT 1)",
    "DELETE FROM appointments_medicalrecord WHERE appointment_id IN"
    " (SELECT id FROM appointments_appointment WHERE erased_at IS NOT NULL)",
    "UPDATE notifications_message SET state = 'sent' WHERE id = (SELECT id FROM notifications_message LIMIT 1)",
    "INSERT INTO django_admin_log (action_time, object_repr, action_flag, change_message, user_id)"
    " SELECT now(), 'Ana Ruiz', 2, '', id FROM accounts_user WHERE role = 'admin'",
    "INSERT INTO accounts_secondfactor (user_id, secret, last_step) SELECT id, '', 0 FROM accounts_user WHERE role = 'patient'",
    "INSERT INTO accounts_recoverycode (user_id, digest) SELECT id, '' FROM accounts_user WHERE role = 'patient'",
    "INSERT INTO accounts_mailedcode (id, user_id, digest, tries_left, asked_at, expires_at)"
    " SELECT gen_random_uuid(), id, '', 5, now(), now() FROM accounts_user WHERE role = 'patient'",
    "INSERT INTO accounts_emailchange (user_id, email) SELECT id, 'new@example.org' FROM accounts_user WHERE role = 'patient'",
    "INSERT INTO procrastinate_workers DEFAULT VALUES",
    "INSERT INTO procrastinate_periodic_defers (task_name, defer_timestamp, periodic_id) VALUES ('sweep', 1, '')",
    "SELECT realtime_drain(1000)",
    "SELECT realtime_beat(gen_random_uuid(), true)",
)


def everybody(cast: Cast, visits: dict[str, uuid.UUID]) -> list[Identity]:
    """People with and without a private link, the identities that are no people, and roles without the right to them."""
    with db.as_owner():
        bot = Actor(Role.BOT, make_user("Bea Bot", "bot").pk)
    guests, new = visits["guest"], uuid.UUID(NEW_VISIT)
    callers: dict[str, Actor] = {
        "nobody": ANONYMOUS,
        "holder": cast.nobody(),
        "link": ANONYMOUS.with_visit(guests),
        "link of one erased": ANONYMOUS.with_visit(visits["erased"]),
        "guest booking": ANONYMOUS.with_visit(new),
        "ana": cast.as_ana,
        "ben": cast.as_ben,
        "ben, link": cast.as_ben.with_visit(guests),
        "ana booking": cast.as_ana.with_visit(new),
        "weber": cast.as_dentist(cast.weber),
        "okafor": cast.as_dentist(cast.okafor),
        "desk": cast.as_desk,
        "admin": cast.as_admin,
        "bot": bot,
        "bot, link": bot.with_visit(guests),
        "bot booking": bot.with_visit(new),
        "bot, link of one erased": bot.with_visit(visits["erased"]),
        "auth": AUTH,
        "service": SERVICE,
        "hub": HUB,
    }
    right = [Identity(name, actor.role.value, actor) for name, actor in callers.items()]
    without = [Identity(f"{role} without context", role) for role in CALLERS]
    ana, admin = cast.as_ana.with_visit(guests), cast.as_admin
    stolen = [Identity(f"ana as {role}", role, ana) for role in CALLERS if role not in ("patient", "service")]
    return [*right, *without, *stolen, Identity("admin as patient", "patient", admin), Identity("owner", "owner")]


def survey(tables: list[str]) -> World:
    """All rows of these tables, as their owner sees them."""
    with signed_in("clinic_owner") as stage:
        return World({table: stage.rows(table) for table in tables})


def tables_found() -> dict[str, dict[str, str]]:
    """Every table of the site, with the columns of its primary key and their types, from the catalogue."""
    with db.as_owner():
        found = db.rows(
            "SELECT c.relname, a.attname, t.typname FROM pg_class c JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary"
            " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey) JOIN pg_type t ON t.oid = a.atttypid"
            " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY c.relname, a.attnum"
        )
    keys: dict[str, dict[str, str]] = {}
    for table, column, kind in found:
        keys.setdefault(table, {})[column] = kind
    return keys


def connected(login: str) -> psycopg.Connection[Any]:
    """A connection of its own to this worker's database, under a login."""
    alias = {"clinic_web": "default", "clinic_service": "service"}.get(login, "owner")
    known = connections[alias].settings_dict
    parts = {"dbname": known["NAME"], "user": login, "password": known["PASSWORD"] or None, "host": known["HOST"] or None,
             "port": known["PORT"] or None}  # fmt: skip
    parts["host"] = parts["host"] or known["OPTIONS"].get("host")
    raw: psycopg.Connection[Any] = psycopg.connect(
        make_conninfo(**{name: value for name, value in parts.items() if value}),
        prepare_threshold=None,
        application_name=f"tests-{os.getpid()}",
    )
    return raw


@contextmanager
def signed_in(login: str) -> Iterator[Stage]:
    """A stage on a connection of this login; nothing that happens on it stays."""
    with connected(login) as raw:
        try:
            yield Stage(raw, tables_found(), changes_login=login == "postgres")
        finally:
            raw.rollback()
