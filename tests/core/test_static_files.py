"""In production, scripts have names that follow from their content; so have the scripts that they import."""

from __future__ import annotations

import re
from pathlib import Path

from django.contrib.staticfiles import finders
from django.core.files.storage import FileSystemStorage

from clinic.core.static_files import StaticFiles

SCRIPTS = Path(str(finders.find("clinic")))
IMPORT = re.compile(r'^import .* from "\./(.+)";$', re.MULTILINE)


def test_modules_import_each_other_under_the_names_of_their_content(tmp_path: Path) -> None:
    storage = StaticFiles(location=tmp_path, base_url="/static/")
    source = FileSystemStorage(location=SCRIPTS)
    names = [path.name for path in SCRIPTS.glob("*.js")]
    for name in names:
        with source.open(name) as script:
            storage.save(f"clinic/{name}", script)
    paths = {f"clinic/{name}": (storage, f"clinic/{name}") for name in names}
    failed = [result for *_, result in storage.post_process(paths) if isinstance(result, Exception)]
    assert failed == []
    imports = 0
    for name in names:
        stored = tmp_path / storage.stored_name(f"clinic/{name}")
        assert stored.name != name
        for imported in IMPORT.findall(stored.read_text()):
            imports += 1
            assert imported not in names
            assert (stored.parent / imported).is_file()
    assert imports == sum(len(IMPORT.findall((SCRIPTS / name).read_text())) for name in names) > 10
