"""Who asks: the caller under whose identity queries run."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """A caller's role. Each has a database role of its own, `app_<value>`."""

    ANONYMOUS = "anonymous"
    PATIENT = "patient"
    DENTIST = "dentist"
    DESK = "desk"
    ADMIN = "admin"
    BOT = "bot"
    # Not people: resolving a sign-in, and the services that sweep, send and relay.
    AUTH = "auth"
    SERVICE = "service"
    # What a server process reads for all of its open sockets: events, which name nobody.
    HUB = "hub"


STAFF = frozenset({Role.DENTIST, Role.DESK, Role.ADMIN})


class Source(StrEnum):
    """Through what the caller came."""

    PORTAL = "portal"
    API = "api"
    ADMIN = "admin"
    CHATBOT = "chatbot"
    SERVICE = "service"


def holder_of(secret: str) -> str:
    """The name under which an anonymous secret holds a slot; the secret itself is never stored."""
    return "a:" + hashlib.sha256(secret.encode()).hexdigest()[:40] if secret else ""


@dataclass(frozen=True, slots=True)
class Actor:
    """A caller. `holder` is an anonymous hold's key, `visit_id` the one visit that a private link opened."""

    role: Role
    user_id: UUID | None = None
    dentist_id: UUID | None = None
    holder: str = ""
    visit_id: UUID | None = None
    source: Source = Source.PORTAL
    address: str = ""

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF

    @property
    def is_anonymous(self) -> bool:
        return self.role == Role.ANONYMOUS

    @property
    def holders(self) -> tuple[str, ...]:
        """Every key under which this caller may hold a slot; new holds are kept under the first."""
        own = (f"u:{self.user_id}",) if self.user_id else ()
        return own + ((self.holder,) if self.holder else ())

    def with_visit(self, visit_id: UUID) -> Actor:
        """The same caller, who has also shown the private link of this visit."""
        return replace(self, visit_id=visit_id)

    def with_secret(self, secret: str) -> Actor:
        """The same caller, who also holds what was held under this secret."""
        return replace(self, holder=holder_of(secret))


ANONYMOUS = Actor(Role.ANONYMOUS)
AUTH = Actor(Role.AUTH, source=Source.SERVICE)
SERVICE = Actor(Role.SERVICE, source=Source.SERVICE)
HUB = Actor(Role.HUB, source=Source.SERVICE)
