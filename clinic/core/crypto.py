"""Personal text at rest: encrypted with the first of `FIELD_KEYS`, readable with any of them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models


class Unreadable(Exception):
    """Stored text that none of the keys opens. Never shown as empty: that would invite overwriting it."""


@lru_cache(maxsize=4)
def _keyring(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def _ring() -> MultiFernet:
    return _keyring(tuple(settings.FIELD_KEYS))


def encrypt(text: str) -> str:
    return _ring().encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """The text. Raises `Unreadable` for what was not encrypted with one of our keys."""
    try:
        return _ring().decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise Unreadable from error


def rotated(token: str) -> str:
    """The same text under the newest key."""
    try:
        return _ring().rotate(token.encode()).decode()
    except InvalidToken as error:
        raise Unreadable from error


class EncryptedTextField(models.TextField):
    """Text that the database holds only encrypted; the empty text stays empty, which says that nothing was told."""

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        return encrypt(text) if text else text

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return decrypt(value) if value else value
