"""Where one is signed in: listed in plain words, and ended."""

from __future__ import annotations

import pytest
from django.test import Client

from clinic.accounts import signed_in
from clinic.accounts.models import Session
from clinic.core import db
from tests.accounts.conftest import Phone, SignIn, StillClock
from tests.api.calling import Caller, sign_in
from tests.factories import Cast
from tests.factories.people import PASSWORD

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148 Safari/604.1"
PAGE = "/accounts/security"


def is_in(client: Client) -> bool:
    return client.get("/visits").status_code == 200


def works(program: Caller) -> bool:
    return program.get("profiles/me").status == 200


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (PHONE, ("Safari", "iPhone")),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36", ("Chrome", "Windows")),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0", ("Edge", "Windows")),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:142.0) Gecko/20100101 Firefox/142.0", ("Firefox", "Mac")),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36", ("Chrome", "Android")),
        ("curl/8.5.0", ("", "")),
        ("", ("", "")),
    ],
)  # fmt: skip
def test_browsers_in_words(header: str, words: tuple[str, str]) -> None:
    assert signed_in.in_words(header) == words


def test_the_page_lists_browsers_and_programs_and_marks_this_one(
    cast: Cast, still: StillClock, comes_in: SignIn
) -> None:
    begun = still.instant.replace(microsecond=0)
    phone, here = comes_in(user_agent=PHONE), comes_in()
    sign_in(cast.ana)
    still.pass_by(minutes=20)
    is_in(phone)
    page = here.get(PAGE)
    listed = [(one.browser, one.system, one.since, one.last_seen, one.is_this) for one in page.context["browsers"]]
    assert listed == [
        ("", "", begun, still.instant, True),
        ("Safari", "iPhone", begun, still.instant, False),
    ]
    assert len(page.context["programs"]) == 1
    assert "Safari on iPhone" in page.content.decode()


def test_no_session_key_is_in_the_page(cast: Cast, comes_in: SignIn) -> None:
    comes_in(user_agent=PHONE)
    page = comes_in().get(PAGE).content.decode()
    with db.as_owner():
        keys = list(Session.objects.values_list("session_key", flat=True))
    assert len(keys) == 2
    assert not [key for key in keys if key in page]


def test_last_seen_is_written_every_few_minutes_only(cast: Cast, still: StillClock, comes_in: SignIn) -> None:
    ana, begun = comes_in(), still.instant

    def last_seen() -> object:
        with db.as_owner():
            return Session.objects.get().last_seen_at

    still.pass_by(minutes=4)
    is_in(ana)
    assert last_seen() == begun
    still.pass_by(minutes=2)
    is_in(ana)
    assert last_seen() == still.instant


def test_one_browser_is_ended(cast: Cast, comes_in: SignIn) -> None:
    phone, here = comes_in(user_agent=PHONE), comes_in()
    (other,) = [one for one in here.get(PAGE).context["browsers"] if not one.is_this]
    assert here.post(f"{PAGE}/{other.key}/end")["Location"] == PAGE
    assert (is_in(phone), is_in(here)) == (False, True)


def test_one_program_is_ended_with_its_access_token(cast: Cast, comes_in: SignIn) -> None:
    first, here = sign_in(cast.ana), comes_in()
    (listed,) = here.get(PAGE).context["programs"]
    second = sign_in(cast.ana)
    here.post(f"{PAGE}/{listed.key}/end")
    assert (works(first), works(second)) == (False, True)


def test_all_others_are_ended(cast: Cast, comes_in: SignIn) -> None:
    phone, here, program = comes_in(user_agent=PHONE), comes_in(), sign_in(cast.ana)
    here.post(f"{PAGE}/others/end")
    assert (is_in(phone), works(program), is_in(here)) == (False, False, True)


def test_nobody_ends_what_is_somebody_elses(cast: Cast, comes_in: SignIn) -> None:
    ana, program, ben = comes_in(), sign_in(cast.ana), comes_in(cast.ben.email)
    page = ana.get(PAGE)
    for one in (*page.context["browsers"], *page.context["programs"]):
        assert ben.post(f"{PAGE}/{one.key}/end").status_code == 302
    ben.post(f"{PAGE}/others/end")
    assert (is_in(ana), works(program)) == (True, True)
    assert len(ben.get(PAGE).context["browsers"]) == 1


@pytest.mark.parametrize("key", ["nothing", "0" * 36, "-" * 36, "x" * 200])
def test_what_is_not_there_is_ended_already(cast: Cast, comes_in: SignIn, key: str) -> None:
    ana = comes_in()
    assert ana.post(f"{PAGE}/{key}/end").status_code == 302
    assert is_in(ana)


def test_a_new_password_keeps_this_browser_alone(cast: Cast, comes_in: SignIn) -> None:
    elsewhere, here, program = comes_in(), comes_in(), sign_in(cast.ana)
    new = {"current": PASSWORD, "password": "quite another one"}
    assert here.post("/accounts/password", new)["Location"] == PAGE
    assert (is_in(elsewhere), works(program), is_in(here)) == (False, False, True)
    assert not is_in(comes_in())


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"current": "wrong", "password": "quite another one"}, "current"),
        ({"current": PASSWORD, "password": "short"}, "password"),
        ({"current": PASSWORD, "password": ""}, "password"),
    ],
)
def test_a_password_that_is_refused_changes_nothing(
    cast: Cast, comes_in: SignIn, given: dict[str, str], field: str
) -> None:
    elsewhere, here = comes_in(), comes_in()
    answer = here.post("/accounts/password", given)
    assert list(answer.context["form"].errors) == [field]
    assert (is_in(elsewhere), is_in(comes_in())) == (True, True)


def test_a_new_password_does_not_lose_the_second_factor(phone: Phone, comes_in: SignIn) -> None:
    here = comes_in(code=phone.recovery[0])
    here.post("/accounts/password", {"current": PASSWORD, "password": "quite another one"})
    assert here.get(PAGE).context["second_factor"] is True
