"""What somebody may type who means harm, and how to see in an output that it was taken for more than text."""

from __future__ import annotations

from html.parser import HTMLParser

MARKUP = (
    'Zed "><script>window.__pwned()</script>',
    "Zed <img src=x onerror=window.__pwned()>",
    "Zed' onmouseover='window.__pwned()",
    "Zed </textarea></title><svg/onload=window.__pwned()>",
    "Zed {{7*7}}{% debug %}${7*7}",
    'Zed <a href="javascript:window.__pwned()">a</a>',
    'Zed <!--<math><style><!--</style><img title="--&gt;&lt;img src=1 onerror=window.__pwned()&gt;">',
)
FORMULAS = ("=1+1 Zed", "+1 Zed", "-1 Zed", "@SUM(A1) Zed", "＝1+1 Zed", "＠SUM Zed")
# What no name may hold: what is not seen, ends a line, or turns the writing round.
UNSEEN = ("Zed\0Null", "Zed\u202egnp.exe", "Zed\u2066x\u2069", "Zed\u200bSpace", "Zed\x1b[31mRed", "\u202e\u202d")
LINES = (
    "Zed\r\nBcc: evil@example.net", "Zed\nBcc: evil@example.net", "Zed\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:evil",
    "Zed;X-EVIL=1:x\\nATTACH:evil", "Zed\u2028Bcc: evil@example.net", "Zed\x85Bcc: evil@example.net", "Zed\x0bBcc: evil",
    "Zed =?utf-8?q?=0D=0ABcc:_evil=40example.net?=",
)  # fmt: skip
SQL = (
    "'; DROP TABLE appointments_appointment; --", "1) OR 1=1 --", "' UNION SELECT password FROM accounts_user --",
    "start; SELECT pg_sleep(3)", "-start,(SELECT 1)", "account__password", "patient__account__password__startswith",
    "%27%20OR%201=1", "\\", "%", "_", "$$", "{}", "9" * 400, "\u0000", "\ud7ff", "1e999", "-1", "NaN",
)  # fmt: skip
ELSEWHERE = (
    "//evil.example/", "///evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example/", "http:evil.example",
    "javascript:alert(1)", "data:text/html,x", "/\t/evil.example", "https://testserver@evil.example/", " //evil.example",
    "https://testserver.evil.example/", "//testserver:80@evil.example", "/\r\nSet-Cookie: a=b", "x:/evil",
    "//evil%E3%80%82example",
)  # fmt: skip


class _Taken(HTMLParser):
    """Collects what a browser would run, or go to, by the word that stands in every text of the corpus that means to run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.in_script = tag == "script"
        for name, value in attrs:
            if name.startswith("on") or (value or "").strip().lower().startswith(("javascript:", "data:text")):
                self.found.append(f"<{tag} {name}={value}>")

    def handle_endtag(self, tag: str) -> None:
        self.in_script = False

    def handle_data(self, data: str) -> None:
        if self.in_script and "__pwned" in data:
            self.found.append(f"<script>{data}")


def taken_for_markup(page: str) -> list[str]:
    """What of a page was taken for markup that runs; and sums that a template did."""
    parser = _Taken()
    parser.feed(page)
    return parser.found + (["a template's sum"] if "Zed 49" in page else [])
