from tests.api.conftest import admin, ana, anyone, ben, desk, okafor, weber

__all__ = ["admin", "ana", "anyone", "ben", "desk", "okafor", "weber"]
