"""One's own data: seen, taken along."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.views.decorators.http import require_safe

from appointments import medical
from appointments.models import Status
from clinic.accounts.requests import caller, page
from clinic.patients.models import Relation
from clinic.privacy.exporting import export


@require_safe
def shown(request: HttpRequest) -> HttpResponseBase:
    """Everything that is stored about the account, to be read."""
    found = export(caller(request))
    return page(
        request, "account/data.html", {"data": readable(found), "is_patient": caller(request).role == "patient"}
    )


@require_safe
def download(request: HttpRequest) -> HttpResponseBase:
    """The same as a file."""
    headers = {"Content-Disposition": 'attachment; filename="my-data.json"', "Cache-Control": "private, no-store"}
    return JsonResponse(
        export(caller(request)), headers=headers, json_dumps_params={"indent": 2, "ensure_ascii": False}
    )


@require_safe
def erased(request: HttpRequest) -> HttpResponseBase:
    return page(request, "account/erased.html")


def readable(data: dict[str, Any]) -> dict[str, Any]:
    """The export for a page: instants as such, stored values in words, texts under the names that people read."""
    relations, statuses = dict(Relation.choices), dict(Status.choices)
    labels = medical.labels()
    return data | {
        "made_at": _instant(data["made_at"]),
        "account": _with_instants(data["account"]),
        "people": [_with_instants(person) | {"relation": relations[person["relation"]]} for person in data["people"]],
        "visits": [
            _with_instants(visit)
            | {
                "status_label": statuses[visit["status"]],
                "told": [(label, visit["medical"][name]) for name, label in labels if name in visit["medical"]],
                "messages": [_with_instants(message) for message in visit["messages"]],
            }
            for visit in data["visits"]
        ],
        "holds": [_with_instants(hold) for hold in data["holds"]],
        "sessions": [_with_instants(session) for session in data["sessions"]],
        "programs": [_with_instants(program) for program in data["programs"]],
    }


def _with_instants(row: dict[str, Any]) -> dict[str, Any]:
    return {name: _read(name, value) for name, value in row.items()}


def _read(name: str, value: Any) -> Any:
    if name.endswith(("_at", "expire_date")):
        return _instant(value)
    return date.fromisoformat(value) if name.endswith("birth_date") and value else value


def _instant(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None
