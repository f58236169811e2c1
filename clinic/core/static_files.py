"""Static files under names that change with what is in them."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]  # it has no types


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Also the paths by which JavaScript modules import each other are replaced: a page never mixes old ones with new."""

    support_js_module_import_aggregation = True
