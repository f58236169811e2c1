"""Tables as CSV that a spreadsheet opens as text: what somebody typed is never taken for a formula.

Source of the rule: OWASP, "CSV Injection" (https://owasp.org/www-community/attacks/CSV_Injection).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from io import StringIO

BYTE_ORDER_MARK = "\ufeff"  # without it Excel takes UTF-8 for the alphabet of its own country
# With what a formula begins, full-width and small forms included: some spreadsheets take them for the plain ones.
_SIGNS = "=+@＝＋－＠﹢﹣﹦﹫⁺⁻₊₋₌⁼-"
# What is not seen before a formula, or does not keep it from being one.
_BEFORE = "\\s\"'\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\0"
# Where a cell can begin: also after the separators of another country's spreadsheet, which splits a quoted cell there.
_BEGINS = re.compile(rf"(\A|[,;|\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029])(?=[{_BEFORE}]*[{_SIGNS}])|\A(?=[\t\r\n])")


def as_text(cell: str) -> str:
    """The cell with an apostrophe before each place in it where a formula could begin."""
    return _BEGINS.sub(lambda found: f"{found[1] or ''}'", cell)


def csv_lines(batches: Iterable[Iterable[Iterable[str]]]) -> Iterator[bytes]:
    """UTF-8 with a byte order mark, every cell in quotes, lines ended as RFC 4180 says; one piece for each batch."""
    mark = BYTE_ORDER_MARK
    for rows in batches:
        piece = StringIO(newline="")
        csv.writer(piece, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(map(as_text, row) for row in rows)
        yield (mark + piece.getvalue()).encode()
        mark = ""
