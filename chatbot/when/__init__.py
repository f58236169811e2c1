"""Dates and times in plain words: `understand` turns them into windows in the clinic's time zone."""

from chatbot.when.model import Exactness, Problem, When, Window
from chatbot.when.spans import remainder
from chatbot.when.stored import dump, load
from chatbot.when.understanding import exactly, understand

__all__ = ["Exactness", "Problem", "When", "Window", "dump", "exactly", "load", "remainder", "understand"]
