"""The API's description: for programs as OpenAPI, for people as a page."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from csp.decorators import csp_replace
from django.conf import settings
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.negotiation import DefaultContentNegotiation

from clinic import content_policy
from clinic.core.permissions import Anyone


@lru_cache(maxsize=len(settings.LANGUAGES) + 1)
def _document(language: str) -> Any:
    return SchemaGenerator().get_schema(public=True)


class OnceGenerated(SchemaGenerator):
    """The document is the same for everybody, and takes half a second to write."""

    def get_schema(self, request: Any = None, public: bool = False) -> Any:
        return _document(get_language() or "")


class SchemaView(SpectacularAPIView):
    """OpenAPI 3, as YAML or JSON."""

    permission_classes = (Anyone,)
    content_negotiation_class = DefaultContentNegotiation
    generator_class = OnceGenerated


@method_decorator(csp_replace(content_policy.API_DOCS), name="dispatch")
class DocsView(SpectacularSwaggerSplitView):
    """The page to read it on and try it; its scripts and styles come from here."""

    permission_classes = (Anyone,)
    url_name = "api-schema"
    template_name = "api/docs.html"
