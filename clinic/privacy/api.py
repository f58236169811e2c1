"""One's own data, for programs."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.core.api import ClinicAPIView
from clinic.core.permissions import SignedIn
from clinic.privacy.exporting import export
from clinic.privacy.shapes import ExportOut


class ExportView(ClinicAPIView):
    permission_classes = (SignedIn,)

    @extend_schema(operation_id="export_my_data", responses={200: ExportOut})
    def get(self, request: Request) -> Response:
        """Everything that the clinic stores about my account and the people under it, medical text included, without
        secrets."""
        return Response(export(self.actor))
