"""The model's settings: none without an address, and none that sends what people say over an open network."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from clinic.language_model import LanguageModel, configured


def given(patch: pytest.MonkeyPatch, **variables: str) -> None:
    for name in ("URL", "NAME", "KEY", "SECONDS", "HEALTH", "PHRASES"):
        patch.delenv(f"MODEL_{name}", raising=False)
    for name, value in variables.items():
        patch.setenv(name, value)


def test_without_an_address_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, MODEL_NAME="some", MODEL_PHRASES="1")
    assert configured(production=True) is None


def test_what_is_set_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, MODEL_URL="https://models.example/v1", MODEL_NAME="some", MODEL_SECONDS="4", MODEL_HEALTH="1")
    assert configured(production=True) == LanguageModel("https://models.example/v1", "some", seconds=4, health=True)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080/v1", "http://[::1]/v1", "http://model:8000/v1"])
def test_beside_the_site_no_tls_is_needed(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    given(monkeypatch, MODEL_URL=url, MODEL_NAME="some")
    found = configured(production=True)
    assert found is not None
    assert found.url == url


@pytest.mark.parametrize(
    "url",
    ["http://models.example/v1", "http://10.0.0.5/v1", "ftp://models.example", "models.example", "https://u:p@models.example/v1",
     "https://models.example/v1?key=1", "https:///v1"],
)  # fmt: skip
def test_unsafe_addresses_stop_the_start(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    given(monkeypatch, MODEL_URL=url, MODEL_NAME="some")
    with pytest.raises(ImproperlyConfigured, match="MODEL_URL"):
        configured(production=True)


@pytest.mark.parametrize(
    ("name", "value"),
    [("MODEL_NAME", ""), ("MODEL_SECONDS", "0"), ("MODEL_SECONDS", "16"), ("MODEL_HEALTH", "perhaps")],
)
def test_wrong_values_stop_the_start(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    given(monkeypatch, **{"MODEL_URL": "https://models.example/v1", "MODEL_NAME": "some", name: value})
    with pytest.raises(ImproperlyConfigured, match=name):
        configured(production=True)
