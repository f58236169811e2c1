"""Words that nobody has by chance, and every place of the database where one of them stands."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date

from clinic.core import db
from clinic.core.crypto import Unreadable, decrypt

NAME = "Quilla Canaryname"
CHILD = "Pixel Canarychild"
EMAIL = "quilla.canarymail@example.org"
CONTACT = "canarycontact@example.net"
PHONE = "+493055501987"
BORN = date(1903, 7, 19)
WORDS = (
    "quilla", "canaryname", "pixel", "canarychild", "canarymail", "canarycontact", "55501987", "1903-07-19", "canaryreason",
    "canaryage", "canarynew",
)  # fmt: skip
_TOKEN = re.compile(r"gAAAA[\w-]{60,}={0,2}")
_TABLES = (
    "SELECT format('%I.%I', nspname, relname), relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
    " WHERE relkind IN ('r', 'p', 'm') AND nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')"
)


def opened(text: str) -> str:
    """The text with what is encrypted in it beside it in the clear. What our keys do not open is none of ours."""

    def clear(found: re.Match[str]) -> str:
        try:
            return decrypt(found[0])
        except Unreadable:
            return ""

    return text + " ".join(clear(found) for found in _TOKEN.finditer(text))


def places(words: tuple[str, ...] = WORDS) -> dict[str, set[str]]:
    """The tables in which a word stands in any row and column, with the words that stand there."""
    found: dict[str, set[str]] = defaultdict(set)
    with db.as_owner():
        for table, name in db.rows(_TABLES):
            for (row,) in db.rows(f"SELECT row::text FROM {table} row"):
                text = opened(row).casefold()
                found[name].update(word for word in words if word in text)
    return {name: words for name, words in found.items() if words}
