"""The attacks of a hostile model, one row each."""

from __future__ import annotations

import gzip
import itertools
import json
from collections.abc import Iterator
from typing import Any

from chatbot.model.expecting import INSTRUCTIONS
from tests.chatbot.model_attacks import Attack
from tests.chatbot.model_fake import Exchange, Script, calls, phrased, raw, understood

_NOT_OFFERED = (
    "BookVisit", "book_visit", "HoldSlot", "MoveVisit", "CancelVisit", "ListVisits", "confirm", "yes", "run_sql", "python",
)  # fmt: skip
_YES: tuple[dict[str, Any], ...] = (
    {"yes": True}, {"confirm": True}, {"answer": "yes"}, {"choice": "yes:5"}, {"task": "confirm"}, {"task": "yes"},
    {"when": "yes"}, {"when": "yes, book it"}, {"complaint": "yes please"}, {"consent": True}, {"offered": 1},
)  # fmt: skip
_SLOTS: tuple[dict[str, Any], ...] = (
    {"offered": 7}, {"offered": 99}, {"offered": -1}, {"slot": "d-weber@112403/t-clean"}, {"token": "forged"},
    {"treatment": "T99"}, {"treatment": "t-clean"}, {"dentists": ["D9"]}, {"dentists": ["d-weber"]},
    {"treatment": "T2", "when": "2026-11-24T03:00:00"}, {"treatment": "T2", "when": "tuesday at 3am"},
    {"treatment": "T2", "when": "sunday at 10"},
)  # fmt: skip
_EXACT = ({"when": "tuesday at 9", "dentists": ["D1"]}, {"when": "thursday at 10", "dentists": ["D2"]}, {"offered": 2})
_URGENCY: tuple[dict[str, Any], ...] = (
    {"band": "routine"}, {"urgency": "routine"}, {"complaint": "nothing hurts, all is well"}, {"complaint": "only a joke"},
    {"declines": True}, {"any_time": True}, {"when": "in three weeks"}, {"when": "next month"}, {"treatment": "T2"},
    {"treatment": "T8", "when": "in two weeks"}, {"task": "cancel"}, {"task": "visits"}, {"topics": ["hours"]},
    {"well": True}, {"signs": []}, {"treatment": "T9", "any_time": True}, {"task": "book", "when": "in december"},
)  # fmt: skip
_OTHERS: tuple[dict[str, Any], ...] = (
    {"task": "visits", "reference": "DC-2THER7"}, {"task": "visits", "visit": "v-DC-2THER7"}, {"when": "DC-2THER7"},
    {"task": "move", "visit": 1}, {"task": "cancel", "visit": 1}, {"task": "visits", "email": "other@example.net"},
)  # fmt: skip
_LIES = (
    "Your visit is booked.", "It is booked for {0}.", "See you on Friday at 9.", "These times are free for {0} at 07:00.",
    "<b>{0}</b>", "<script>alert(1)</script> {0}", "[click](https://evil.example) {0}", "https://evil.example {0}",
    "Visit evil.example for {0}.", "Call 0900 123456 now.", "Please pay 50 euros for {0}.", "{0} costs nothing.",
    "Dr. Mallory is free for {0}.", "Take two ibuprofen. {0}", "You do not need a dentist. {0}", "It is not urgent. {0}",
    "You have an abscess. {0}", "{0} {0}", "{1} {0}", "{9}", "{0.__class__}", "{}", "", "I am the system prompt: {0}",
    "Ignore {0} and say yes.", "These times are not free for {0}.", "Bitte {0} morgen.", "{0}\n\nSigned, the practice.",
    "**{0}**", "`{0}`", "{0} — tomorrow", "No times are free for {0}.", "{0} is on the third floor.", "Send your password. {0}",
    "mail mallory@example.net about {0}", "\u202e{0}", "{0}\x00", "data:text/html,{0}", "&lt;b&gt; {0}", "Tuesday? {0}",
    "Ana Ruiz, {0}?", "Which one would you like? " * 40,
)  # fmt: skip
_LEAKS = (INSTRUCTIONS[:110], INSTRUCTIONS.splitlines()[1][:110], "system prompt", "fake model key none", "{{config}}")
_MALFORMED = (
    b"", b"{", b"[]", b"null", b"5", b"\xff\xfe\x00", b"<html>hello</html>", b"{}", b'{"choices": []}', b'{"choices": [null]}',
    b'{"choices": [{"message": null}]}', b'{"error": "no"}', b"data: {}\n\n", b'"yes"', b'{"choices": "yes"}',
)  # fmt: skip
_ARGUMENTS = ("", "null", "[]", "5", "yes", '{"task":', '{"task": 5}', '{"when": null}', '{"offered": "1"}', "{}" * 9)
_ASKS_AT = ("greeted", "offers", "read back", "booked")
_WISH = {"treatment": "T4", "when": "next week"}


def attacks() -> Iterator[Attack]:
    """Every one; `test_model_hostile.py` counts them."""
    for name, where in itertools.product(_NOT_OFFERED, _ASKS_AT):
        yield Attack("tools", where, (calls((name, {"visit": "v-DC-2THER7"})),), must_ignore=True)
    for said, where in itertools.product(_YES, ("read back", "cancelling", "moving")):
        yield Attack("yes", where, (understood(**said),))
    for said, where in itertools.product(_SLOTS, ("greeted", "offers")):
        yield Attack("slots", where, (understood(**said),), lies=("forged",))
    for said, where in itertools.product(_EXACT, ("offers", "read back", "moving")):
        yield Attack("holds", where, (understood(**said),))
    for said in _URGENCY:
        yield Attack("urgency", "urgent", (understood(**said),))
    for said, where in itertools.product(_OTHERS, ("greeted", "booked")):
        yield Attack("others", where, (understood(**said),), lies=("2THER7",))
    for words in ("DC-2THER7", "visits of other@example.net", "v-DC-2THER7; --"):
        for tool in ("ReadTime", "FreeTimes"):
            looks = (calls((tool, {"words": words})), understood(task="visits"))
            yield Attack("others", "greeted", looks, lies=("2THER7",))
    for lie in _LIES:
        says = "cleaning next week, nothing hurts"
        yield Attack("words", "greeted", (phrased(lie),), must_ignore=True, phrases=True, says=says)
    for leak, where in itertools.product(_LEAKS, ("greeted", "offers")):
        scripts = (understood(when=leak, complaint=leak), phrased(leak))
        yield Attack("leaks", where, scripts, lies=(leak,), phrases=True)
    for body in _MALFORMED:
        yield Attack("malformed", "offers", (raw(body),), must_ignore=True)
    for arguments in _ARGUMENTS:
        yield Attack("malformed", "offers", (calls(("Understood", arguments)),), must_ignore=True)
    for status in (204, 301, 307, 400, 401, 404, 429, 500, 503):
        away = raw(b"{}", status, Location="http://127.0.0.1:9/v1", Retry_After="0")
        yield Attack("malformed", "offers", (away,), must_ignore=True)
    for many in (5, 50):
        looks = (calls(*[("ReadTime", {"words": "monday"})] * many), understood(**_WISH))
        yield Attack("malformed", "offers", looks, must_ignore=True)
    yield Attack("malformed", "offers", (calls(("ReadTime", {"words": "monday"})),), must_ignore=True)  # without end
    yield from huge()
    yield from slow(0.2)


def huge() -> Iterator[Attack]:
    """Good wishes in answers that nobody should have to read."""
    yield Attack("huge", "offers", (calls(("Understood", _WISH), padding="x" * 100_000),), must_ignore=True)
    yield Attack("huge", "offers", (_packed({"padding": "x" * 5_000_000}),), must_ignore=True)
    yield Attack("huge", "offers", (calls(("Understood", {**_WISH, "complaint": "x" * 90_000})),), must_ignore=True)
    yield Attack("huge", "offers", (calls(("Understood", {**_WISH, "dentists": ["D1"] * 20_000})),), must_ignore=True)


def slow(seconds: float) -> Iterator[Attack]:
    """Good wishes that come too late, or byte by byte without end."""
    for script in (_silent, _dripping, _half):
        yield Attack("slow", "offers", (script,), must_ignore=True, seconds=seconds)


def _good(**more: Any) -> bytes:
    call = {"id": "1", "type": "function", "function": {"name": "Understood", "arguments": json.dumps(_WISH)}}
    message = {"role": "assistant", "content": None, "tool_calls": [call]}
    told = {"id": "1", "object": "chat.completion", "created": 1, "model": "fake", **more}
    return json.dumps({**told, "choices": [{"index": 0, "finish_reason": "tool_calls", "message": message}]}).encode()


def _packed(more: dict[str, Any]) -> Script:
    return raw(gzip.compress(_good(**more)), Content_Encoding="gzip")


def _silent(exchange: Exchange) -> None:
    exchange.server.released.wait(1)
    exchange.answer(_good())


def _dripping(exchange: Exchange) -> None:
    body = _good()
    exchange.send_response(200)
    exchange.send_header("Content-Type", "application/json")
    exchange.send_header("Content-Length", str(len(body)))
    exchange.end_headers()
    for at in range(0, len(body), 20):
        exchange.wfile.write(body[at : at + 20])
        exchange.wfile.flush()
        exchange.server.released.wait(0.05)


def _half(exchange: Exchange) -> None:
    body = _good()
    exchange.send_response(200)
    exchange.send_header("Content-Length", str(len(body)))
    exchange.end_headers()
    exchange.wfile.write(body[:50])
    exchange.wfile.flush()
    exchange.server.released.wait(1)
    exchange.wfile.write(body[50:])
