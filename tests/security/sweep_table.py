"""What the sweep asks for. Two tables: paths that name a thing of somebody's, and all the others but admin's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import resolve

from tests.security.sweeping import EVERYBODY, Scene

# A path, whose the things are (`WHOSE`), and what a form or body says. In braces is the kind of thing that is swept; what
# else a path names is written out.
NAMING = """
visits/{visit}                                    account   -
visits/{visit}/move                               account   start
visits/{visit}/cancel                             account   reason
visits/{visit}/calendar.ics                       account   -
visit/{token}                                     token     -
visit/{token}/move                                token     start
visit/{token}/cancel                              token     reason
visit/{token}/again                               token     -
visit/{token}/calendar.ics                        token     -
book/{hold}                                       held      details
book/{hold}/release                               held      -
people/{person}                                   account   person
people/{person}/remove                            account   -
dentist/visits/{visit}                            schedule  -
dentist/visits/{visit}/confirm                    schedule  -
dentist/visits/{visit}/check-in                   schedule  -
dentist/visits/{visit}/complete                   schedule  -
dentist/visits/{visit}/no-show                    schedule  -
dentist/visits/{visit}/undo                       schedule  -
dentist/visits/{visit}/cancel                     schedule  reason
dentist/visits/{visit}/move                       schedule  wall
dentist/time-off/{away}/remove                    practice  -
desk/visits/{visit}                               desk      -
desk/visits/{visit}/confirm                       desk      -
desk/visits/{visit}/check-in                      desk      -
desk/visits/{visit}/complete                      desk      -
desk/visits/{visit}/no-show                       desk      -
desk/visits/{visit}/undo                          desk      -
desk/visits/{visit}/cancel                        desk      reason
desk/visits/{visit}/move                          desk      desk-wall
desk/people/{person}                              desk      -
desk/people/{person}/contact                      desk      called
desk/hold/{hold}/release                          nobody    -
accounts/security/{browser}/end                   self      -
accounts/security/{program}/end                   self      -
accounts/email/{address}                          self      -
accounts/confirm/{confirm}                        anybody   -
accounts/password/reset/{reset}                   anybody   password
dentists/{dentist}                                nobody    -
dentists/eva-weber?treatment={treatment}          nobody    -
api/appointments/{visit}                          api       contact
api/appointments/{visit}/confirm                  staff     -
api/appointments/{visit}/check-in                 staff     -
api/appointments/{visit}/complete                 staff     -
api/appointments/{visit}/no-show                  staff     -
api/appointments/{visit}/undo                     staff     -
api/appointments/{visit}/cancel                   api       reason
api/appointments/{visit}/reschedule               api       later
api/appointments/{visit}/calendar.ics             api       -
api/appointments?patient={person}                 listed    -
api/availability/reserve/{hold}                   held      -
api/availability/{dentist}                        admin     week
api/availability/{dentist}/slots?date={day}       nobody    -
api/availability/{dentist}/overrides              admin     -
api/availability/{dentist}/overrides/{day}        admin     morning
api/availability/{dentist}/time-off               admin     off
api/availability/eva-weber/time-off/{away}        weber     -
api/availability/chidi-okafor/time-off/{away}     okafor    -
api/availability/slots?treatment=check-up&dentist={dentist} nobody -
api/profiles/dentists/{dentist}                   admin     bio
api/treatments/{treatment}                        nobody    -
api/chatbot/conversations/{conversation}          held      -
api/chatbot/conversations/{conversation}/messages held      hello
api/chatbot/conversations/{conversation}/offers   held      -
chat/{conversation}                               held      hello
chat/{conversation}/offers                        held      -
"""

# The kind of thing is the first in braces; a day is nobody's.
_FIXED = ("day",)

_VISITS = {"ana", "ben", "guest", "gone"}
_ACCOUNT = {"ana": {"ana"}, "ben": {"ben"}}
_SCHEDULE = {"weber": {"ana", "guest"}, "okafor": {"ben", "gone"}}
_STAFF = _SCHEDULE | {"desk": _VISITS, "admin": _VISITS}

# Who gets to which things. What is not named here has to look like nothing.
WHOSE: dict[str, dict[str, set[str]]] = {
    "account": _ACCOUNT,
    "schedule": _SCHEDULE,
    "staff": _STAFF,
    "desk": {"desk": _VISITS, "admin": _VISITS},
    "api": _STAFF | _ACCOUNT | {"link": {"guest"}},
    "listed": {
        "ana": {"ana"},
        "ben": {"ben"},
        "weber": {"ana", "guest"},
        "okafor": {"ben", "gone"},
        "desk": _VISITS,
        "admin": _VISITS,
        "link": {"guest"},
    },
    # A dentist opens no private link of a colleague's patient: that is asked for in another browser.
    "token": {name: {"guest"} for name in EVERYBODY if name != "okafor"},
    "held": {"ana": {"ana"}, "ben": {"ben"}, "holder": {"holder"}},
    "practice": {"weber": {"weber", "weber too", "weber again"}, "okafor": {"okafor", "okafor too", "okafor again"}},
    "self": {name: {name} for name in EVERYBODY},
    "anybody": {name: {"ana"} for name in EVERYBODY},
    "admin": {"admin": {"retired"}},
    "weber": {name: {"weber", "weber too", "weber again"} for name in ("weber", "desk", "admin")},
    "okafor": {name: {"okafor", "okafor too", "okafor again"} for name in ("okafor", "desk", "admin")},
    "nobody": {},
}


@dataclass(frozen=True)
class Naming:
    """A path that names a thing."""

    path: str
    whose: str
    body: str

    @property
    def kind(self) -> str:
        return next(name for name in re.findall(r"{(\w+)}", self.path) if name not in _FIXED)

    @property
    def methods(self) -> tuple[str, ...]:
        """What the view answers; pages take GET and POST and refuse the rest before they look."""
        if not self.path.startswith("api/"):
            return ("get", "post")
        path = re.sub(r"{(day)}", "2027-01-04", self.path.partition("?")[0])
        view: Any = resolve("/" + re.sub(r"{\w+}", "1" if self.kind == "away" else str(UUID(int=1)), path)).func
        return tuple(one for one in ("get", "post", "put", "patch", "delete") if hasattr(view.cls, one))

    @property
    def answers_all_alike(self) -> bool:
        """What is ended or given back is gone in any case: only the tables show whose it was."""
        return self.kind in ("hold", "browser", "program")

    def __str__(self) -> str:
        return self.path

    def filled(self, scene: Scene, thing: str) -> str:
        return "/" + self.path.format(**{self.kind: thing, "day": scene.cast.monday.isoformat()})

    def owned(self, scene: Scene) -> dict[str, list[str]]:
        """By who asks, the names of the things that are theirs."""
        things = scene.things[self.kind]
        return {who: sorted(names & set(things)) for who, names in WHOSE[self.whose].items() if names & set(things)}


ROWS = [Naming(*line.split()) for line in NAMING.strip().splitlines()]


def body_for(scene: Scene, name: str) -> dict[str, Any]:
    """What a form or a body of the API says, right enough to be carried out for whoever may."""
    start = scene.cast.at(15, days=2)
    contact = {"patient_name": "Somebody Else", "patient_email": "other@example.net", "patient_phone": "030 7654321"}
    hours = {"start_time": "10:00", "end_time": "11:30"}
    bodies: dict[str, dict[str, Any]] = {
        "-": {},
        "reason": {"reason": "away"},
        "start": {"start": start.isoformat()},
        "wall": {"date": start.date().isoformat(), "time": f"{start:%H:%M}"},
        "desk-wall": {
            "date": start.date().isoformat(),
            "time": f"{start:%H:%M}",
            "dentist": str(scene.cast.weber.pk),
        },
        "called": {"name": "Somebody Else", "email": "other@example.net", "phone": "030 7654321"},
        "later": {"appointment_date": start.date().isoformat(), "appointment_time": f"{start:%H:%M}"},
        "contact": contact,
        "person": {"name": "Somebody Else", "relation": "child"},
        "details": contact | {"payment_method": "cash", "consent": "on"},
        "password": {"password": "another good password"},
        "week": {"hours": [hours | {"day_of_week": 2}]},
        "morning": {"intervals": [hours]},
        "off": {"starts_at": start.isoformat(), "ends_at": scene.cast.at(16, days=2).isoformat(), "reason": "a course"},
        "bio": {"bio": "Likes crowns."},
        "hello": {"text": "hello"},
    }
    return bodies[name]
