"""The arithmetic, against the vectors of the standards themselves."""

from __future__ import annotations

import base64
from urllib.parse import parse_qs, urlsplit

import pytest

from clinic.accounts import totp

SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_rfc_6238_appendix_b(seconds: int, code: str) -> None:
    assert totp.code_of(SECRET, totp.step_at(seconds), digits=8) == code
    assert totp.code_of(SECRET, totp.step_at(seconds)) == code[2:]


def test_rfc_4226_appendix_d() -> None:
    codes = [totp.code_of(SECRET, count) for count in range(10)]
    assert codes == ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"]


def test_a_clock_may_be_one_step_off_and_no_more() -> None:
    found = [totp.matching_step(SECRET, totp.code_of(SECRET, 100 + off), 100, after=-1) for off in range(-2, 3)]
    assert found == [None, 99, 100, 101, None]


def test_a_step_that_was_used_and_those_before_it_are_over() -> None:
    found = [totp.matching_step(SECRET, totp.code_of(SECRET, step), 100, after=100) for step in (99, 100, 101)]
    assert found == [None, None, 101]


@pytest.mark.parametrize("code", ["", "0", "١٢٣٤٥٦", "7552240"])
def test_what_is_no_code_matches_nothing(code: str) -> None:
    assert totp.matching_step(SECRET, code, 1, after=-1) is None


def test_the_link_survives_every_name() -> None:
    link = urlsplit(totp.link(SECRET, account="a&b@example.org", issuer="Dr. Weiß: Zähne & Co"))
    assert (link.scheme, link.netloc) == ("otpauth", "totp")
    assert parse_qs(link.query) == {"secret": [SECRET], "issuer": ["Dr. Weiß: Zähne & Co"]}


def test_secrets_have_160_bits_and_differ() -> None:
    made = {totp.new_secret() for _ in range(50)}
    assert len(made) == 50
    assert {len(base64.b32decode(secret)) for secret in made} == {20}
