"""Every route × everybody: what is somebody else's is answered exactly like what is not there, and stays as it is."""

from __future__ import annotations

from difflib import unified_diff

import pytest

from tests.api.everything import changed_since, everything
from tests.factories import Cast
from tests.security.sweep_table import ROWS, Naming, body_for
from tests.security.sweeping import EVERYBODY, Scene, Told, make_scene, told


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return make_scene(cast)


def ask(scene: Scene, row: Naming, who: str, method: str, thing: str) -> Told:
    path = row.filled(scene, scene.things[row.kind][thing])
    answer = scene.ask(who, method, path, body_for(scene, row.body))
    return told(answer, scene.things[row.kind][thing])


def difference(one: Told, other: Told) -> list[str]:
    """The lines of one answer that the other has otherwise."""
    lines = [
        [str(told.status), *map(str, told.headers + told.cookies), *told.body.splitlines()] for told in (one, other)
    ]
    return [line[:200] for line in unified_diff(*lines, n=0, lineterm="")][3:9]


def given_away(scene: Scene, row: Naming) -> list[str]:
    """Where a foreign thing is answered otherwise than a missing one, or touched."""
    owned, found = row.owned(scene), []
    before = everything()
    for number, who in enumerate(EVERYBODY):
        foreign = [name for name in scene.things[row.kind] if name not in (*owned.get(who, ()), "missing")]
        for method in row.methods if foreign else ():
            missing = ask(scene, row, who, method, "missing")
            # Two for each caller, others for the next, so that every one is asked for by several.
            for thing in {foreign[number % len(foreign)], foreign[(number + 1) % len(foreign)]}:
                answer = ask(scene, row, who, method, thing)
                if answer != missing:
                    found.append(f"{who} {method} {thing}: {difference(answer, missing)}")
    return found + [f"{table} was changed" for table in changed_since(before)]


def opened(scene: Scene, row: Naming) -> list[str]:
    """Who has a thing that is answered otherwise than a missing one, or is changed by it: a thing of their own for each,
    as far as there are any, since the one before may have removed theirs."""
    return [who for number, (who, things) in enumerate(row.owned(scene).items())
            if any(_opens(scene, row, who, thing) for thing in things[number % len(things):])]  # fmt: skip


def _opens(scene: Scene, row: Naming, who: str, thing: str) -> bool:
    for method in row.methods:
        before = everything() if row.answers_all_alike else {}
        if ask(scene, row, who, method, thing) != ask(scene, row, who, method, "missing"):
            return True
        if row.answers_all_alike and changed_since(before):
            return True
    return False


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_what_is_not_ones_own_is_as_if_it_were_not_there(scene: Scene, row: Naming) -> None:
    assert given_away(scene, row) == []
    assert opened(scene, row) == list(row.owned(scene))
