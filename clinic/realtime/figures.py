"""What `/metrics` says of this process' hub and sockets. No label names anybody, nor any one's channel."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

SOCKETS = Gauge("clinic_sockets_open", "Open sockets of this process.")
EVENTS = Counter("clinic_hub_events", "Events that the hub of this process took, each once.")
TOLD = Counter("clinic_hub_told", "Events that it handed to subscriptions.")
GAPS = Counter("clinic_hub_gaps", "How often it missed events and read them from the database.")
REFETCHES = Counter("clinic_hub_refetch", "Subscriptions that were told to fetch anew.")
PAUSES = Counter("clinic_hub_paused", "Readers that did not keep up.")
