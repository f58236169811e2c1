"""Prints the table as Markdown, for the dentist who reads it through: `python -m chatbot.triage`."""

from __future__ import annotations

from collections.abc import Iterator

from chatbot.triage.bands import Band
from chatbot.triage.loading import table as shipped_table
from chatbot.triage.table import ANY_TOPIC, Modifier, Raise, Rule, Table


def markdown(table: Table) -> Iterator[str]:
    """The lines of all findings, of what raises them, of what several mean together, and of the sources."""
    yield from ("| finding | band | sources |", "|---|---|---|")
    for finding in sorted(table.findings.values(), key=lambda f: -f.band):
        flags = "".join(f", {flag} flag" for flag in sorted(finding.flags))
        yield f"| {finding.label['en']} | {finding.band.code}{flags} | {', '.join(finding.sources)} |"
    yield from ("", "| circumstance | raises | sources |", "|---|---|---|")
    for modifier in table.modifiers.values():
        if modifier.raises:
            yield f"| {modifier.label['en']} | {'; '.join(_raised(modifier))} | {', '.join(modifier.sources)} |"
    yield from ("", "| together | mean | sources |", "|---|---|---|")
    for rule in table.rules.values():
        yield f"| {rule.label['en']} | {', '.join(_meaning(rule, table))} | {', '.join(rule.sources)} |"
    yield ""
    for source in table.sources.values():
        year = f", {source.year}" if source.year else ""
        read = "" if source.seen == "text" else "; not read"
        yield f"- `{source.id}`: {source.publisher}, [{source.title}]({source.url}){year}{read}"


def _raised(modifier: Modifier) -> Iterator[str]:
    if modifier.alone is not None:
        yield f"alone {modifier.alone.code}"
    yield from (_raise(entry) for entry in modifier.raises)


def _raise(entry: Raise) -> str:
    topics = "anything" if ANY_TOPIC in entry.topics else ", ".join(sorted(entry.topics)).replace("_", " ")
    if entry.to is not None:
        return f"{topics} to {entry.to.code}"
    least = f"at least to {entry.least.code}, " if entry.least > Band.ROUTINE else ""
    return f"{topics} by {entry.steps}, {least}at most to {entry.most.code}"


def _meaning(rule: Rule, table: Table) -> Iterator[str]:
    if rule.band is not None:
        yield rule.band.code
    if rule.adds is not None:
        yield f"“{table.label(rule.adds, 'en')}”"
    yield from (f"{flag} flag" for flag in sorted(rule.flags))


if __name__ == "__main__":
    print("\n".join(markdown(shipped_table())))
