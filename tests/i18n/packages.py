"""What packages say on our pages without German of their own, or in one that says "du": our catalogue says it for them."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo

# The theme of Django admin has no translations, those of the phone numbers are not loaded, Django's are not complete, and
# those of the REST framework do not address grown-ups; they would even cover Django's, where both say the same.
PACKAGES = ("django/contrib/admin", "django/contrib/auth", "phonenumber_field", "rest_framework", "unfold")
# Parts of them that are not installed here, the pages of the REST framework, which nobody gets, and where Django looks up
# what it has marked elsewhere.
LEFT_OUT = (
    "authtoken", "django/contrib/admin/models.py", "locale", "migrations", "rest_framework/templates", "static",
    "unfold/contrib", "unfold_crispy",
)  # fmt: skip
# Whose German is good, and loaded.
LOADED = ("django/conf", "django/contrib/admin", "django/contrib/auth")


def folder(package: str) -> Path:
    spec = find_spec(package.replace("/", "."))
    assert spec is not None, package
    assert spec.origin is not None, package
    return Path(spec.origin).parent


def package_files() -> list[tuple[Path, str]]:
    """The files that may hold messages, and their names as they are written down."""
    found = []
    for package in PACKAGES:
        for file in sorted(folder(package).rglob("*")):
            name = f"{package}/{file.relative_to(folder(package))}"
            if file.suffix in (".py", ".html") and not any(f"/{part}/" in f"/{name}/" for part in LEFT_OUT):
                found.append((file, name))
    return found


def known_already() -> set[tuple[str, str | None]]:
    """Text, in its singular form, and context of each message that Django brings German for."""
    known = set()
    for package in LOADED:
        with (folder(package) / "locale" / "de" / "LC_MESSAGES" / "django.mo").open("rb") as file:
            catalogue: Catalog = read_mo(file)
        known |= {
            (one.id if isinstance(one.id, str) else one.id[0], _text(one.context)) for one in catalogue if one.string
        }
    return known


def _text(context: str | bytes | None) -> str | None:
    # Read from an .mo, Babel's contexts are bytes.
    return context.decode() if isinstance(context, bytes) else context
