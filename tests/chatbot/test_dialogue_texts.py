"""What the dialogue says is there in every language, whole, and with nothing over."""

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

import chatbot.dialogue
from chatbot.dialogue.english import TEXTS as ENGLISH
from chatbot.dialogue.wording import TEXTS
from tests.chatbot.dialogue_figures import counts, played
from tests.chatbot.dialogue_play import scripts

SOURCES = sorted(Path(chatbot.dialogue.__file__).parent.glob("*.py"))
PAGE = Path(__file__).parents[2] / "docs" / "dialogue.md"


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", TEXTS)
def test_all_languages_have_the_same_texts_and_placeholders(language: str) -> None:
    texts = TEXTS[language]
    assert texts.keys() == ENGLISH.keys()
    assert {key: placeholders(text) for key, text in texts.items()} == {
        key: placeholders(text) for key, text in ENGLISH.items()
    }


def test_no_text_is_left_over() -> None:
    """Every key occurs in the code, whole or as the beginning that it is put together from."""
    code = [ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES if path.stem not in ("english", "german")]
    strings = {
        node.value
        for tree in code
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    built = tuple(one for one in strings if re.fullmatch(r"(ask|band|choice|problem|why|bad)_", one))
    assert [key for key in ENGLISH if key not in strings and not key.startswith(built)] == []


def test_the_documented_figures_are_those_of_the_scripts() -> None:
    page = PAGE.read_text(encoding="utf-8").splitlines()
    assert [row for row in counts([played(script) for script in scripts()]) if row not in page] == []
