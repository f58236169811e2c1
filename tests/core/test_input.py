"""Bodies and query strings, checked by shapes that are made once."""

from __future__ import annotations

import pytest
from django.utils import translation
from rest_framework.exceptions import ValidationError

from clinic.core.pagination import PageQuery


def complaint(language: str) -> str:
    with translation.override(language), pytest.raises(ValidationError) as refused:
        PageQuery.read({"page": "0"})
    detail = refused.value.detail
    assert isinstance(detail, dict)
    return str(detail["page"][0])


def test_everybody_is_answered_in_their_own_language_whoever_asked_first() -> None:
    german, english = complaint("de"), complaint("en")
    assert english == "Ensure this value is greater than or equal to 1."
    assert german not in ("", english)
    assert (complaint("de"), complaint("en")) == (german, english)


def test_what_was_read_is_not_kept() -> None:
    assert PageQuery.read({"page": "3"}) == {"page": 3, "page_size": 20}
    assert PageQuery.read({}) == {"page": 1, "page_size": 20}
