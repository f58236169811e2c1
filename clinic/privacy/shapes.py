"""The export as the API's document describes it. Rows come whole, so what a row holds is described by its table."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


def _rows() -> serializers.ListField:
    return serializers.ListField(child=serializers.DictField())


class ExportOut(serializers.Serializer[Any]):
    """`visits` have `medical` text and `messages`; `hold_attempts` are instants; `conversations` have `messages`, each with
    `role`, `text` and `at`."""

    made_at = serializers.DateTimeField()
    clinic = serializers.DictField()
    consents = _rows()
    account = serializers.DictField()
    people = _rows()
    visits = _rows()
    holds = _rows()
    hold_attempts = serializers.ListField(child=serializers.DateTimeField())
    kept_answers = _rows()
    sessions = _rows()
    programs = _rows()
    ways_in = serializers.DictField()
    history = _rows()
    conversations = _rows()
