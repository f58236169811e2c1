from tests.api.conftest import admin, ana, anyone, ben, desk, okafor, weber
from tests.chatbot.model_talk import fake, served

__all__ = ["admin", "ana", "anyone", "ben", "desk", "fake", "okafor", "served", "weber"]
