"""Where mails go is read from the environment, and what is missing or unsafe is refused."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from clinic.email_url import mail_settings, sender, site_url


@pytest.mark.parametrize(
    ("url", "port", "starttls", "tls"),
    [
        ("smtp://mail.example", 25, False, False),
        ("smtp+tls://mail.example", 587, True, False),
        ("smtps://mail.example", 465, False, True),
        ("smtps://mail.example:2465", 2465, False, True),
    ],
)
def test_smtp(monkeypatch: pytest.MonkeyPatch, url: str, port: int, starttls: bool, tls: bool) -> None:
    monkeypatch.setenv("EMAIL_URL", url)
    found = mail_settings(production=True)
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"]) == ("mail.example", port)
    assert (found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (starttls, tls)


def test_user_and_password_may_hold_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMAIL_URL", "smtp+tls://me%40clinic.example:p%2Fw%3Ad@mail.example")
    found = mail_settings(production=True)
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("me@clinic.example", "p/w:d")


def test_a_mail_service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMAIL_URL", "anymail:postmark")
    monkeypatch.setenv("ANYMAIL", '{"POSTMARK_SERVER_TOKEN": "token"}')
    assert mail_settings(production=True) == {
        "EMAIL_BACKEND": "anymail.backends.postmark.EmailBackend",
        "ANYMAIL": {"REQUESTS_TIMEOUT": 15, "POSTMARK_SERVER_TOKEN": "token"},
    }


def test_without_a_word_mails_stay_here_but_not_in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EMAIL_URL", raising=False)
    assert mail_settings(production=False) == {"EMAIL_BACKEND": "clinic.notifications.local_mail.LocalBackend"}
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL"):
        mail_settings(production=True)


@pytest.mark.parametrize(
    "url", ["local:", "smtp:", "http://mail.example", "mail.example", "anymail:nobody", "anymail:os.path"]
)
def test_production_refuses(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("EMAIL_URL", url)
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL"):
        mail_settings(production=True)


@pytest.mark.parametrize("options", ["nonsense", "[]"])
def test_settings_of_a_mail_service_are_an_object(monkeypatch: pytest.MonkeyPatch, options: str) -> None:
    monkeypatch.setenv("EMAIL_URL", "anymail:postmark")
    monkeypatch.setenv("ANYMAIL", options)
    with pytest.raises(ImproperlyConfigured, match="ANYMAIL"):
        mail_settings(production=True)


@pytest.mark.parametrize(
    "value", ["", "clinic", "@clinic.example", "Clinic <a@clinic.example>", "a@b.example\nBcc: c@d.example"]
)
def test_the_sender_is_one_bare_address(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("MAIL_FROM", value)
    with pytest.raises(ImproperlyConfigured, match="MAIL_FROM"):
        sender(production=True)


@pytest.mark.parametrize(
    "value",
    ["", "clinic.example", "http://clinic.example", "https://clinic.example/", "https://", "https://c.example?x"],
)
def test_the_site_is_a_bare_https_address_in_production(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("SITE_URL", value)
    with pytest.raises(ImproperlyConfigured, match="SITE_URL"):
        site_url(production=True)


def test_on_this_machine_the_site_is_where_it_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SITE_URL", raising=False)
    monkeypatch.setenv("PORT", "8123")
    assert site_url(production=False) == "http://127.0.0.1:8123"
