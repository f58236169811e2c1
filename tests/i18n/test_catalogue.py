"""The German catalogue: it has all that the source says, nothing is guessed, and what is compiled is what is written."""

from __future__ import annotations

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo

from tests.i18n.catalogue import TRANSLATIONS, bring_up_to_date, forms, source_messages, translations, untranslated


def messages(catalogue: Catalog) -> dict[tuple[tuple[str, ...], str | None], tuple[str, ...]]:
    return {
        (forms(one.id), one.context.decode() if isinstance(one.context, bytes) else one.context): forms(one.string)
        for one in catalogue
        if one.id
    }


def test_every_message_of_the_source_is_in_the_catalogue() -> None:
    """`make messages` adds what is new, and drops what is said no more."""
    assert sorted(messages(source_messages()).keys() - messages(translations()).keys(), key=str) == []


def test_every_message_has_its_translation_and_none_is_a_guess() -> None:
    assert untranslated(translations()) == []


def test_placeholders_and_plurals_agree() -> None:
    german = translations()
    assert [(one.id, str(wrong)) for one in german if one.id for wrong in one.check(german)] == []


def test_what_is_compiled_is_what_is_written() -> None:
    with TRANSLATIONS.with_suffix(".mo").open("rb") as file:
        assert messages(read_mo(file)) == messages(translations())


def test_a_new_a_changed_and_a_guessed_message_are_noticed(tmp_path: Path) -> None:
    """The control."""
    room = tmp_path / "templates"
    room.mkdir()
    (room / "new.html").write_text(
        "{% load i18n %}<p>{% translate 'Entirely new' %}</p>"
        "{% blocktranslate count n=n trimmed %}{{ n }} tooth\n{% plural %}{{ n }} teeth{% endblocktranslate %}"
    )
    (tmp_path / "clinic").mkdir()
    (tmp_path / "clinic" / "new.py").write_text('TEXT = pgettext_lazy("verb", "book")\n')
    new = messages(source_messages(tmp_path)).keys() - messages(source_messages()).keys()
    assert new == {(("Entirely new",), None), (("%(n)s tooth", "%(n)s teeth"), None), (("book",), "verb")}

    file = tmp_path / "django.po"
    file.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n#, fuzzy\nmsgid "Cancel"\nmsgstr "Weg"\n'
    )
    assert untranslated(translations(file)) == ["Cancel"]
    brought = bring_up_to_date(file)
    assert brought.get("Cancel").string == "Weg"
    assert "Find a dentist" in untranslated(brought)
