from django.apps import AppConfig


class PortalsConfig(AppConfig):
    name = "clinic.portals"
    label = "portals"
