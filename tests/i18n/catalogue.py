"""The catalogue of messages: what the source says, and its translations, brought together by `make messages`.

All of it in Python with Babel, so that neither translators nor tests need GNU gettext on their machine.
"""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from tests.i18n.packages import known_already, package_files

ROOT = Path(__file__).resolve().parent.parent.parent
TRANSLATIONS = ROOT / "locale" / "de" / "LC_MESSAGES" / "django.po"
ROOMS = ("appointments", "availability", "chatbot", "clinic", "dentists", "templates")
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    **{f"{name}_lazy": DEFAULT_KEYWORDS[name] for name in ("gettext", "ngettext", "pgettext", "npgettext")},
    "gettext_noop": None,
    "_said": None,  # gettext() in modules whose _ is gettext_lazy()
}


@lru_cache
def source_messages(root: Path = ROOT) -> Catalog:
    """Every message that is marked in the project's Python and templates, with the files that it stands in; and those of
    packages that have no German of their own."""
    found = Catalog(locale="de", fuzzy=False)
    for room in ROOMS:
        for file in sorted((root / room).rglob("*")):
            if file.suffix in (".py", ".html", ".txt") and not {"migrations", "static"} & set(file.parts):
                _collect(found, file, str(file.relative_to(root)))
    theirs = Catalog(locale="de", fuzzy=False)
    for file, name in package_files():
        _collect(theirs, file, name)
    known = known_already()
    for message in theirs:
        covered = any(file.startswith("rest_framework/") for file, _line in message.locations)
        if message.id and (covered or (forms(message.id)[0], message.context) not in known):
            found.add(message.id, locations=message.locations, context=message.context)
    return found


def _collect(found: Catalog, file: Path, name: str) -> None:
    source = file.read_text(encoding="utf-8")
    if file.suffix != ".py":
        # Templatized, a template is Python but for its indentation, which says nothing within brackets.
        source = f"({templatize(source, origin=name)})"
    for _line, said, comments, context in extract("python", BytesIO(source.encode()), KEYWORDS, ["Translators:"]):
        found.add(said, locations=[(name, 1)], auto_comments=comments, context=context)


def translations(file: Path = TRANSLATIONS) -> Catalog:
    with file.open("rb") as po:
        return read_po(po, locale="de")


def bring_up_to_date(file: Path = TRANSLATIONS) -> Catalog:
    """Adds to the translations what the source says newly, drops what it says no more, and compiles them. Guesses nothing:
    a new message is empty until somebody translates it."""
    source = source_messages()
    catalogue = translations(file) if file.exists() else source
    if catalogue is not source:
        catalogue.update(source, no_fuzzy_matching=True, update_creation_date=False)
    with file.open("wb") as po:
        write_po(po, catalogue, width=0, sort_by_file=True, ignore_obsolete=True, include_lineno=False)
    with file.with_suffix(".mo").open("wb") as mo:
        write_mo(mo, catalogue)
    return catalogue


def untranslated(catalogue: Catalog) -> list[str]:
    """The messages, singular form, that have no translation or an incomplete or a fuzzy one."""
    return [
        forms(message.id)[0]
        for message in catalogue
        if message.id and (message.fuzzy or not all(forms(message.string)))
    ]


def forms(text: str | tuple[str, ...] | None) -> tuple[str, ...]:
    """One for most messages, two where a number decides."""
    return (text,) if isinstance(text, str) else tuple(text or ("",))


if __name__ == "__main__":
    missing = untranslated(bring_up_to_date())
    print("\n".join(f"not translated: {text}" for text in missing) or "Every message has its translation.")
