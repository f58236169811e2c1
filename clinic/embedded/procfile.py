import re
from pathlib import Path

from clinic.embedded.errors import EmbeddedError

LINE = re.compile(r"([A-Za-z0-9_-]+):\s*(\S.*)")


def read_procfile(path: Path) -> dict[str, str]:
    """Command by process name, in the file's order. Raises EmbeddedError for a line of another form."""
    commands = {}
    for line in path.read_text().splitlines():
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        if not (found := LINE.fullmatch(text)):
            raise EmbeddedError(f"{path}: expected 'name: command', found: {text}")
        commands[found[1]] = found[2]
    return commands
