"""What the API's description says of the API as a whole: the settings of the generator (docs/api.md)."""

from __future__ import annotations

SPECTACULAR_SETTINGS = {
    "TITLE": "Dental clinic",
    "DESCRIPTION": "Find a free time, hold it, book it, and look after the visit. `docs/api.md` walks through it with curl.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["clinic.core.permissions.Anyone"],
    "SERVE_AUTHENTICATION": [],
    "SCHEMA_PATH_PREFIX": "/api",
    "COMPONENT_SPLIT_REQUEST": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "persistAuthorization": False},
    "ENUM_NAME_OVERRIDES": {
        "SpecializationEnum": "dentists.models.Specialization",
        "BookingSourceEnum": "appointments.models.BookingSource",
        "CallersBookingSourceEnum": [("manual", "manual"), ("chatbot", "chatbot")],
        "StatusEnum": "appointments.models.Status",
        "LiveSyncHealthEnum": "clinic.realtime.shapes.HEALTH",
        "LiveSyncListeningEnum": "clinic.realtime.shapes.LISTENING",
        "LiveSyncPartEnum": "clinic.realtime.shapes.THERE",
    },
    "PREPROCESSING_HOOKS": ["clinic.core.openapi.once_without_slash"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "clinic.core.openapi.with_errors",
    ],
}
