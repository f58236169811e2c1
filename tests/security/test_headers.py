"""What browsers are told with every answer: no page of anybody's, no file, no refusal goes without it."""

from __future__ import annotations

from typing import Any

from django.test import Client

from clinic.core.response_headers import FEATURES
from tests.admin.conftest import signed_in
from tests.factories import Cast
from tests.security.site_pages import visitors

ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": FEATURES,
}
DATA = {"default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"}
PAGE = {
    "default-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'", "object-src 'none'",
    "script-src 'self'", "style-src 'self'", "img-src 'self'", "font-src 'self'", "connect-src 'self'",
}  # fmt: skip
API_DOCS = PAGE - {"img-src 'self'"} | {"img-src 'self' data:"}
ADMIN = PAGE - {"script-src 'self'", "style-src 'self'"} | {
    "script-src 'self' 'unsafe-eval'", "style-src 'self' 'unsafe-inline'", "style-src-attr 'unsafe-inline'",
    "style-src-elem 'self' 'nonce-…'",
}  # fmt: skip
ADMIN_BARE = ADMIN - {"style-src-elem 'self' 'nonce-…'"} | {"style-src-elem 'self'"}  # parts of pages, and redirects


def policy(headers: Any, nonce: str = "") -> set[str]:
    """The directives; a nonce is written as three dots."""
    told = headers["content-security-policy"]
    if nonce:
        told = told.replace(nonce, "…")
    return set(told.split("; "))


def always(headers: Any) -> dict[str, str | None]:
    return {name: headers.get(name) for name in ALWAYS}


def nonce_of(page: str) -> str:
    """The nonce that the page's one style element carries; empty when there is none."""
    _, found, rest = page.partition('<style nonce="')
    return rest.partition('"')[0] if found else ""


def test_every_page_of_everybody_carries_the_policy(cast: Cast) -> None:
    seen: dict[str, set[int]] = {}
    for visitor in visitors(cast):
        client = signed_in(visitor.account) if visitor.account else Client()
        for address in visitor.paths:
            answer = client.get(address)
            seen.setdefault(visitor.name, set()).add(answer.status_code)
            text = answer.content.decode()
            nonce = nonce_of(text)
            inside = address.startswith("/admin/") and nonce != ""
            if not answer.headers["Content-Type"].startswith("text/html"):
                wanted = DATA
            elif address == "/api/docs":
                wanted = API_DOCS
            elif inside:
                wanted = ADMIN
            else:
                in_admin = address.startswith("/admin/") and answer.status_code in (200, 302)
                wanted = ADMIN_BARE if in_admin else PAGE
            where = (visitor.name, address, answer.status_code)
            assert (*where, policy(answer.headers, nonce)) == (*where, wanted)
            assert (*where, always(answer.headers)) == (*where, ALWAYS)
            assert (*where, " style=" in text and not inside, "javascript:" in text) == (*where, False, False)
            assert (*where, text.count("<style"), text.count("<script>")) == (*where, int(inside), 0)
    assert seen == {
        "anonymous": {200, 404}, "patient": {200, 302, 403, 404}, "dentist": {200}, "desk": {200, 302},
        "admin": {200, 302, 403, 404},
    }  # fmt: skip


def test_an_admin_page_has_another_nonce_each_time(cast: Cast) -> None:
    office = signed_in(cast.ada)
    nonces = [nonce_of(office.get("/admin/").content.decode()) for _ in range(3)]
    assert (len(set(nonces)), {len(nonce) for nonce in nonces}) == (3, {24})
