"""Every string of every body that the API describes: a text that means more is kept as it was typed, or refused with a type."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.test import Client

from clinic.core import db
from tests.api.calling import sign_in
from tests.api.test_schema import document, fitting, real_ids
from tests.factories import Cast
from tests.security.injection_corpus import FORMULAS, LINES, MARKUP, SQL, UNSEEN

TEXTS = (MARKUP[0], MARKUP[4], FORMULAS[0], UNSEEN[0], UNSEEN[1], LINES[0], SQL[2], "\ud800 half a letter", "9" * 400)
Path = tuple[str, ...]
# What ends things, or signs everybody out, is asked last; so is what makes the fields of others fail.
LAST = ("set_hours", "set_override", "add_closure", "add_time_off", "cancel", "complete", "no_show", "replace_dentist")


def strings(schemas: dict[str, Any], shape: dict[str, Any], path: Path = ()) -> Iterator[Path]:
    """Where in a body of this shape a string may stand; "[]" is an item of a list."""
    if "$ref" in shape:
        yield from strings(schemas, schemas[shape["$ref"].rpartition("/")[2]], path)
    for one in [*shape.get("allOf", ()), *shape.get("oneOf", ()), *shape.get("anyOf", ())]:
        yield from strings(schemas, one, path)
    if shape.get("type") == "string" or "string" in (shape.get("type") or ()):
        yield path
    for name, inner in shape.get("properties", {}).items():
        if not inner.get("readOnly"):
            yield from strings(schemas, inner, (*path, name))
    if "items" in shape:
        yield from strings(schemas, shape["items"], (*path, "[]"))


def typed(body: Any, path: Path, text: str) -> Any:
    """The body with this text at the path."""
    if not path:
        return text
    if path[0] == "[]":
        return [typed(body[0] if isinstance(body, list) and body else None, path[1:], text)]
    whole = body if isinstance(body, dict) else {}
    return {**whole, path[0]: typed(whole.get(path[0]), path[1:], text)}


def operations() -> list[tuple[str, str, str, list[Path]]]:
    """Name, method, path and places for strings of everything that takes a body."""
    described = document()
    schemas = described["components"]["schemas"]
    found = [
        (str(one["operationId"]), method, path,
         sorted(set(strings(schemas, one["requestBody"]["content"]["application/json"]["schema"]))))
        for path, methods in described["paths"].items()
        for method, one in methods.items()
        if "requestBody" in one
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one[0] in LAST, one[0]))


def values(answer: Any, name: str) -> Iterator[Any]:
    """What stands under this name, wherever in the answer."""
    if isinstance(answer, dict):
        for key, value in answer.items():
            if key == name:
                yield value
            yield from values(value, name)
    elif isinstance(answer, list):
        for one in answer:
            yield from values(one, name)


def wrongs(cast: Cast, access: str, asked: list[tuple[str, str, str, list[Path]]]) -> tuple[list[str], set[str]]:
    """What was answered with no type or otherwise than typed; and in which fields a text was taken."""
    ids, fit, client = real_ids(cast), fitting(cast), Client(raise_request_exception=False)
    found, taken = [], set()
    bearer = {"Authorization": f"Bearer {access}"}
    begun: Any = client.post("/api/chatbot/conversations", "{}", content_type="application/json", headers=bearer)
    assert begun.status_code in (200, 201), begun.content
    ids["conversation_id"] = [next(values(begun.json(), "id"))]
    for name, method, path, places in asked:
        for place in places:
            for number, text in enumerate(TEXTS):
                url = path.format(**{key: some[number % len(some)] for key, some in ids.items()})
                body = json.dumps(typed(fit.get(name, {}), place, text))
                answer: Any = getattr(client, method)(url, data=body, content_type="application/json", headers=bearer)
                where = f"{name} {'.'.join(place)} {text[:30]!a}: {answer.status_code}"
                told = answer.json() if answer.content else {}
                if answer.status_code >= 500 or (answer.status_code >= 400 and not told["error"]["code"]):
                    found.append(where)
                elif answer.status_code < 300 and place:
                    kept = [one for one in values(told, place[-1]) if isinstance(one, str)]
                    if any(one == text for one in kept):
                        taken.add(f"{name} {'.'.join(place)}")
                    if any(
                        "Zed" in one and one not in (text, " ".join(text.split()))
                        for one in kept
                        if text.startswith("Zed")
                    ):
                        found.append(f"{where} {kept}")
    return found, taken


def test_every_string_of_every_body_is_kept_as_typed_or_refused(cast: Cast) -> None:
    admins = "SELECT count(*) FROM accounts_user WHERE role = 'admin'"
    with db.as_owner():
        before = db.rows(admins)
    found, taken = wrongs(cast, sign_in(cast.ada).access, operations())
    assert sorted(found) == []
    # The tables are still there, and nobody has become more than they were.
    with db.as_owner():
        assert db.rows(admins) == before
    # The walk reached what is stored.
    stored = {"change_appointment patient_name", "change_dentist bio", "add_time_off reason", "add_closure name"}
    assert stored <= taken, sorted(taken)


def test_what_dentists_write_about_themselves_is_kept_as_typed(cast: Cast) -> None:
    own = [one for one in operations() if one[0] == "change_my_profile"]
    found, taken = wrongs(cast, sign_in(cast.weber).access, own)
    assert sorted(found) == []
    assert "change_my_profile dentist.bio" in taken, sorted(taken)
