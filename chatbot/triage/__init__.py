"""Triage by rules: from what a person writes to how soon they should be seen. Pure: no Django, no clock, no network."""

from chatbot.triage.amounts import Duration, Severity
from chatbot.triage.answers import read_answer
from chatbot.triage.assessment import Assessment, Reason, assess, safety_questions
from chatbot.triage.bands import Band
from chatbot.triage.loading import load, table
from chatbot.triage.people import Subject, Who
from chatbot.triage.scope import State
from chatbot.triage.table import Advice, Choice, Finding, Modifier, Question, Rule, Source, Table
from chatbot.triage.understanding import Mention, Understanding, understand
from chatbot.triage.validation import TableError

__all__ = [
    "Advice",
    "Assessment",
    "Band",
    "Choice",
    "Duration",
    "Finding",
    "Mention",
    "Modifier",
    "Question",
    "Reason",
    "Rule",
    "Severity",
    "Source",
    "State",
    "Subject",
    "Table",
    "TableError",
    "Understanding",
    "Who",
    "assess",
    "load",
    "read_answer",
    "safety_questions",
    "table",
    "understand",
]
