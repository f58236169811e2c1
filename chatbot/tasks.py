"""What workers do for conversations, by the clock."""

from __future__ import annotations

from chatbot import conversations
from clinic.jobs.rounds import every

every(3600, conversations.forget_old)
