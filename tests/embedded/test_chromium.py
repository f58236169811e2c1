"""Which Chromium the browser tests take."""

from pathlib import Path

import pytest

from tests.chromium import find_chromium


def program(path: Path, exit_code: int) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\nexit {exit_code}\n")
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One without any browser."""
    monkeypatch.delenv("CHROMIUM_PATH", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "playwright"))
    return tmp_path


def test_a_machine_without_one_has_none(machine: Path) -> None:
    assert find_chromium() is None


def test_the_systems_comes_before_playwrights(machine: Path) -> None:
    playwrights = program(machine / "playwright/chromium-1200/chrome-linux/chrome", 0)
    assert find_chromium() == playwrights
    systems = program(machine / "bin/google-chrome", 0)
    assert find_chromium() == systems


def test_a_stand_in_that_does_not_start_is_passed_over(machine: Path) -> None:
    program(machine / "bin/chromium-browser", 1)
    chrome = program(machine / "bin/google-chrome", 0)
    assert find_chromium() == chrome


def test_the_one_that_the_environment_names_is_the_only_choice(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(machine / "bin/chromium", 0)
    named = program(machine / "elsewhere", 0)
    monkeypatch.setenv("CHROMIUM_PATH", named)
    assert find_chromium() == named
    monkeypatch.setenv("CHROMIUM_PATH", str(machine / "nowhere"))
    assert find_chromium() is None
