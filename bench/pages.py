"""What pages cost: time on the server, statements, and bytes of a first visit."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urljoin, urlsplit
from uuid import UUID

from django.conf import settings
from django.test import Client

from appointments.models import Appointment
from availability.queries import first_available
from availability.reservations import reserve
from bench.clinic_days import shortest_offers
from bench.figures import Figure, Spread, percentile
from bench.ground import Ground
from bench.replay import recorded
from bench.wire import Wire, address
from clinic.accounts.models import User
from clinic.core import clock, db
from clinic.core.actor import ANONYMOUS

VISITS = 150
WARM_UP = 10
SERVER_TIME = 60.0  # milliseconds, p95
FIRST_VISIT = 100 * 1024  # bytes
HOLDER = "a-secret-of-the-benchmark"
PART = re.compile(
    r"<(?:link[^>]+(?:stylesheet|modulepreload|icon)[^>]+href|script[^>]+src|img[^>]+src|use[^>]+href)=[\"']([^\"'#]+)"
)
INSIDE = re.compile(r"""(?:@import\s+(?:url\()?|url\(|import\s(?:[^"';]*\sfrom\s)?)["']?([^"')]+)""")


@dataclass(frozen=True)
class Page:
    name: str
    path: str
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def headers(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {}


def measure(ground: Ground) -> list[Figure]:
    pages = list(_pages())
    figures: list[Figure] = []
    with ground.daphne() as server, Wire(server.port) as wire:
        for page in pages:
            times: list[float] = []
            used = 0.0
            for number in range(-WARM_UP, ground.times(VISITS, least=20)):
                if number == 0:
                    used = server.cpu()
                answer = wire.send("GET", page.path, headers={**page.headers, **address(number & 0xFFFF)})
                assert answer.status == 200, (page, answer)
                if number >= 0:
                    times.append(answer.seconds * 1000)
            p95 = percentile(times, 95)
            spread = Spread(len(times), percentile(times, 50), percentile(times, 99))
            cpu = (server.cpu() - used) / len(times) * 1000
            told = f"{page.name} ({_statements(page)} statements, {cpu:.1f} ms of processor, p95 {p95:.1f} ms)"
            figures.append(Figure(told, "ms", spread, None, "p95 < 60 (25)", p95 < SERVER_TIME))
        figures += [_first_visit(wire, page) for page in pages if not page.cookies]
    return figures


def _pages() -> Iterator[Page]:
    offers, today = shortest_offers(), clock.today()
    one = offers[len(offers) // 2]
    week = f"/dentists/{one.dentist.slug}?treatment={one.treatment.slug}"
    yield Page("all dentists with their next free slot", "/")
    yield Page("a dentist with a week of times", f"{week}&day={today + timedelta(days=7)}")
    yield Page("a dentist, the first free day looked up", week)
    held = ANONYMOUS.with_secret(HOLDER)
    with db.reading(held):
        opening = first_available(held, offers, today + timedelta(days=1), 60)
    assert opening is not None
    what = opening.offered
    hold = reserve(held, dentist=what.dentist.pk, treatment=what.treatment.pk, start=opening.start)
    yield Page("the details of a held slot", f"/book/{hold.id}", {"holder": HOLDER})
    with db.as_owner():
        account = Appointment.objects.exclude(account=None).values_list("account_id", flat=True).first()
        admin = User.objects.filter(role="admin").values_list("pk", flat=True).first()
    yield Page("my visits, signed in", "/visits", _signed_in(account))
    yield Page("a dentist's day, signed in", "/dentist/", _signed_in(one.dentist.user_id))
    yield Page("appointments in admin", "/admin/appointments/appointment/", _signed_in(admin))


def _signed_in(user_id: UUID | None) -> dict[str, str]:
    client = Client()
    with db.signing_in():
        client.force_login(User.objects.get(pk=str(user_id)))
    return {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}


def _statements(page: Page) -> int:
    with recorded() as sent:
        client = Client(SERVER_NAME="127.0.0.1")
        for name, value in page.cookies.items():
            client.cookies[name] = value
        assert client.get(page.path).status_code == 200
    return len(sent)


def _first_visit(wire: Wire, page: Page) -> Figure:
    """Heads and bodies of a page and all that it pulls in, compressed as the proxy in front compresses them."""
    total, waiting, seen = 0, [page.path], set[str]()
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        answer = wire.send("GET", path)
        assert answer.status == 200, (path, answer.status)
        total += answer.size - len(answer.body) + len(gzip.compress(answer.body, 5))
        text = answer.body.decode(errors="replace")
        found = (PART if path == page.path else INSIDE).findall(text) if "svg" not in path else []
        waiting += [urlsplit(urljoin(path, part)).path for part in found if not part.startswith(("data:", "http", "#"))]
    size = Spread(len(seen), total / 1024, total / 1024)
    case = f"first visit to {page.name}, {len(seen)} requests"
    return Figure(case, "KB", size, None, "< 100", total < FIRST_VISIT)
