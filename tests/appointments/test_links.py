"""The private link of a visit: ours or nobody's."""

from __future__ import annotations

import base64
import uuid

import pytest
from pytest_django import Settings

from appointments.links import token_for, visit_of

VISIT = uuid.UUID("6f1f2a0e-30a5-4d9a-9a3c-0a3b8c1d2e3f")


def test_it_opens_its_visit_and_fits_into_an_address() -> None:
    token = token_for(VISIT)
    assert visit_of(token) == VISIT
    assert token.replace("-", "").replace("_", "").isalnum()
    assert token != token_for(uuid.uuid4())


def test_not_one_bit_may_differ() -> None:
    raw = base64.urlsafe_b64decode(token_for(VISIT) + "==")
    opened = {
        visit_of(base64.urlsafe_b64encode(raw[:place] + bytes([raw[place] ^ 1 << bit]) + raw[place + 1 :]).decode())
        for place in range(len(raw))
        for bit in range(8)
    }
    assert opened == {None}


@pytest.mark.parametrize("token", ["", "=", "a", "\0", "ä" * 46, "🦷", "A" * 45, "A" * 46, "A" * 10_000, "../../etc"])
def test_what_we_did_not_make_opens_nothing(token: str) -> None:
    assert visit_of(token) is None


def test_a_longer_or_shorter_one_opens_nothing() -> None:
    token = token_for(VISIT)
    assert [visit_of(token[:-1]), visit_of(token + "A"), visit_of(token + token)] == [None, None, None]


def test_links_outlive_a_change_of_the_secret_as_long_as_the_old_one_is_kept(settings: Settings) -> None:
    token, old = token_for(VISIT), settings.SECRET_KEY
    settings.SECRET_KEY = "another " * 10
    assert visit_of(token) is None
    settings.SECRET_KEY_FALLBACKS = ["a third " * 10, old]
    assert visit_of(token) == VISIT
    assert token_for(VISIT) != token
