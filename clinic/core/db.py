"""The one way to the database: a transaction under its caller's identity.

`with transaction(actor):` for a verb, `with reading(actor):` for a page. Inside, Django's ORM and `connection()` use
the login that belongs to the caller; outside, the web login may do nothing at all, so that a forgotten identity fails
loudly. The identity is signed and lasts until the transaction ends (docs/identity.md).
"""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, LiteralString

import psycopg
from django.conf import settings
from django.db import DatabaseError, connections
from django.db import transaction as django_transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from .actor import AUTH, SERVICE, Actor, Role
from .memory import lasting
from .violations import refuse_as as refuse_as  # a verb's module says how its constraints are told
from .violations import told_as

OWNER = "owner"
_login: ContextVar[str] = ContextVar("database_login", default="default")
# Who is acting, and in which thread: context variables travel to other threads, connections do not.
_acting: ContextVar[tuple[Actor, int] | None] = ContextVar("database_actor", default=None)
_enclosed: ContextVar[bool] = ContextVar("database_enclosed", default=False)
# Temporary tables come last in the search path, so that none can stand before a real one.
_BECOME: LiteralString = (
    "SELECT set_config('role', %s, true), set_config('clinic.context', %s, true),"
    " set_config('search_path', 'public, pg_temp', true)"
)
_BECOME_READER: LiteralString = _BECOME + ", set_config('transaction_read_only', 'on', true)"


class CallerRouter:
    """Sends every query to the login of whoever is acting; only the owner migrates."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return _login.get()

    def db_for_write(self, model: Any, **hints: Any) -> str:
        return _login.get()

    def allow_relation(self, obj1: Any, obj2: Any, **hints: Any) -> bool:
        return True  # the logins are three ways into one database

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == OWNER


def connection() -> BaseDatabaseWrapper:
    """The connection of whoever is acting."""
    return connections[_login.get()]


def acting() -> Actor | None:
    """Who is acting in the transaction that is open in this thread, if one is."""
    state = _acting.get()
    return state[0] if state and state[1] == threading.get_ident() else None


def answers() -> bool:
    """Whether a query can be asked now: somebody is acting, and nothing has failed in the open transaction."""
    if acting() is None:
        return False
    return bool(connection().connection.info.transaction_status != psycopg.pq.TransactionStatus.INERROR)


def rows(sql: str, params: Any = None) -> list[tuple[Any, ...]]:
    """The rows of one query, under the identity of whoever is acting."""
    with connection().cursor() as cursor:
        cursor.execute(sql, params)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def bound(sql: LiteralString, params: Any = None) -> list[tuple[Any, ...]]:
    """`rows` for a statement whose parameters the server binds, and whose results come in binary: cheaper for many rows.

    The type of each parameter must follow from its place. Instants come in UTC. No plan is kept: a connection goes back
    to the pool as new, so that nobody finds a statement that somebody else prepared.
    """
    wrapper = connection()
    wrapper.ensure_connection()
    raw: psycopg.Connection[Any] = wrapper.connection
    bare: Any = psycopg.Cursor(raw)
    bare.format = psycopg.pq.Format.BINARY
    with wrapper.make_debug_cursor(bare) if wrapper.queries_logged else wrapper.make_cursor(bare) as cursor:
        cursor.execute(sql, params)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def value(sql: str, params: Any = None) -> Any:
    """The first column of the first row, None without one."""
    found = rows(sql, params)
    return found[0][0] if found else None


def signed_context(actor: Actor, backend_pid: int, key: bytes) -> str:
    """What tells PostgreSQL who asks: good in this one backend, and only with the signing key of the clinic."""
    body = "|".join(
        (
            actor.role.value,
            str(actor.user_id or ""),
            str(actor.dentist_id or ""),
            ",".join(actor.holders),
            str(actor.visit_id or ""),
            actor.source.value,
        )
    )
    signature = hmac.new(key, f"{body}|{backend_pid}".encode(), hashlib.sha256).hexdigest()
    return f"{body}|{signature}"


def _become(wrapper: BaseDatabaseWrapper, actor: Actor, *, read_only: bool = False) -> None:
    raw: psycopg.Connection[Any] = wrapper.connection
    context = signed_context(actor, raw.info.backend_pid, settings.IDENTITY_KEY)
    sql = _BECOME_READER if read_only else _BECOME
    # Straight through psycopg: parameters travel apart from the text, so no view of running queries shows a context.
    with psycopg.Cursor(raw) as cursor:
        cursor.execute(sql, (f"app_{actor.role.value}", context))


def _alias_for(actor: Actor) -> str:
    return "service" if actor.role == Role.SERVICE else "default"


@contextmanager
def _scope(alias: str, actor: Actor) -> Iterator[None]:
    login, state = _login.set(alias), _acting.set((actor, threading.get_ident()))
    try:
        yield
    finally:
        _acting.reset(state)
        _login.reset(login)


@contextmanager
def transaction(actor: Actor) -> Iterator[None]:
    """A verb's own transaction under its caller's identity: all of it is committed, or nothing.

    Raises the typed error of a violated constraint (see `refuse_as`), and `Busy` after a deadlock or a lock that did not
    come in time. Inside `enclosing` it becomes a savepoint of that transaction; inside another transaction it is a
    mistake and says so.
    """
    if _enclosed.get() and acting() is not None:
        with _narrowed(actor):
            yield
        return
    if acting() is not None:
        raise RuntimeError("A verb owns its transaction: it cannot begin inside another one.")
    alias = _alias_for(actor)
    try:
        with lasting(), _scope(alias, actor), django_transaction.atomic(using=alias, durable=True):
            connections[alias].ensure_connection()
            _become(connections[alias], actor)
            yield
    except DatabaseError as error:
        if (told := told_as(error)) is None:
            raise
        raise told from error


@contextmanager
def _narrowed(actor: Actor) -> Iterator[None]:
    """A savepoint inside an enclosing transaction, for a caller who is the same person."""
    outer = acting()
    alias = _login.get()
    if outer is None or (outer.role, outer.user_id) != (actor.role, actor.user_id):
        raise RuntimeError("An enclosing transaction serves one caller.")
    try:
        with django_transaction.atomic(using=alias), _scope(alias, actor):
            _become(connections[alias], actor)
            yield
            _become(connections[alias], outer)
    except DatabaseError as error:
        if (told := told_as(error)) is None:
            raise
        raise told from error


@contextmanager
def savepoint() -> Iterator[None]:
    """An attempt inside a verb's transaction: what it did is undone when it raises, and a violated constraint is told
    as its typed error."""
    try:
        with django_transaction.atomic(using=_login.get()):
            yield
    except DatabaseError as error:
        if (told := told_as(error)) is None:
            raise
        raise told from error


@contextmanager
def enclosing(actor: Actor) -> Iterator[None]:
    """A transaction that verbs may join: for what must be stored together with a verb's outcome (an idempotent answer,
    Django admin's form and its log entry)."""
    with transaction(actor):
        token = _enclosed.set(True)
        try:
            yield
        finally:
            _enclosed.reset(token)


@contextmanager
def reading(actor: Actor, *, records: bool = False) -> Iterator[None]:
    """One read-only transaction under the caller's identity, for a page from its first query to its last line.

    Inside a transaction of the same caller it joins that one. With `records` it may write, for pages whose reading is
    itself written down.
    """
    if (outer := acting()) is not None:
        if (outer.role, outer.user_id) != (actor.role, actor.user_id):
            raise RuntimeError("A page is read under one identity.")
        if actor == outer:
            yield
            return
        # The same caller who has shown more meanwhile, such as the private link of a visit.
        login = _login.get()
        with _scope(login, actor), _stepping_back(connections[login], outer):
            _become(connections[login], actor)
            yield
        return
    alias = _alias_for(actor)
    try:
        with lasting(), _scope(alias, actor), django_transaction.atomic(using=alias, durable=True):
            connections[alias].ensure_connection()
            _become(connections[alias], actor, read_only=not records)
            yield
    except DatabaseError as error:
        if (told := told_as(error)) is None:
            raise
        raise told from error


@contextmanager
def signing_in() -> Iterator[None]:
    """Under the identity that resolves sessions and passwords; steps back to the caller's when one is acting."""
    outer = acting()
    if outer is None:
        with transaction(AUTH):
            yield
        return
    alias = _login.get()
    if alias == OWNER:
        yield
        return
    with _scope(alias, AUTH), _stepping_back(connections[alias], outer):
        _become(connections[alias], AUTH)
        yield


@contextmanager
def _stepping_back(wrapper: BaseDatabaseWrapper, outer: Actor) -> Iterator[None]:
    """Gives the transaction back to whom it belongs, also after an error; one that is broken ends by itself."""
    try:
        yield
    finally:
        if wrapper.connection.info.transaction_status != psycopg.pq.TransactionStatus.INERROR:
            _become(wrapper, outer)


@contextmanager
def as_owner() -> Iterator[None]:
    """As the owner of the tables: for migrations, set-up and the demo clinic, never for a request."""
    with _scope(OWNER, SERVICE):
        yield
