"""A language model that helps to understand and to phrase, where a clinic has set one up (docs/chatbot.md)."""
