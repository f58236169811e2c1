import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from clinic.embedded.place import place_for


def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="clinic-") as name:
        yield Path(name)
        place_for(Path(name), durable=True).erase()


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder like a project's `var`; what belongs to it elsewhere goes with it."""
    yield from _folder()


@pytest.fixture(scope="module")
def used_folder() -> Iterator[Path]:
    """One that the tests of a module use one after the other, with the cluster that the first one makes."""
    yield from _folder()
