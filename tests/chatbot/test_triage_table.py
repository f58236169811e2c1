"""The table that ships, and the refusal of tables that are not fit for use."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from chatbot.triage import Band, TableError, load, table
from chatbot.triage.loading import DATA

# Each hides a graver finding only where its own words include all of the other's.
COVERS_OF_GRAVER_FINDINGS = {
    ("baby_tooth_out", "tooth_knocked_out"),
    ("bad_breath", "breathing"),
    ("denture_problem", "face_injury"),
    ("gum_severe", "unstopped_bleeding"),
    ("lost_restoration", "tooth_knocked_out"),
    ("lump_or_patch", "spreading_swelling"),
    ("salivary_swelling", "spreading_swelling"),
    ("socket_bleeding", "heavy_bleeding"),
    ("socket_bleeding", "unstopped_bleeding"),
    ("appliance_cutting", "mouth_cut"),
    ("swallowed_object", "swallowing"),
    ("teething", "saliva"),
    ("swollen_glands", "swelling_eye_neck"),
}
DOSE = re.compile(r"\d+\s?(mg|ml|g|µg|mcg|tablets?|pills?|tabletten|tropfen|drops)\b", re.IGNORECASE)
MEDICINE = re.compile(
    r"paracetamol|ibuprofen|aspirin|amoxicillin|penicillin|metamizol|novalgin|codein|antibioti", re.IGNORECASE
)
DIAGNOSIS = re.compile(
    r"(?<!do )(?<!if )\byou have\b|\byou are suffering\b|\bSie haben\b|\bSie leiden\b|\bit is an? (abscess|infection)",
    re.IGNORECASE,
)


def all_texts() -> Iterator[tuple[str, str, str]]:
    """Every text that people can be shown: its owner, its language, itself."""
    shipped = table()
    for labelled in (shipped.findings, shipped.modifiers, shipped.rules):
        for row in labelled.values():
            yield from ((row.id, language, text) for language, text in row.label.items())
    for advice in shipped.advice.values():
        yield from ((advice.id, language, text) for language, text in advice.text.items())
    for question in shipped.questions.values():
        yield from ((question.id, language, text) for language, text in question.text.items())
        for choice in question.choices:
            yield from ((f"{question.id}.{choice.id}", language, text) for language, text in choice.label.items())


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "triage"))


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def problems_of(folder: Path) -> tuple[str, ...]:
    with pytest.raises(TableError) as refused:
        load(folder)
    return refused.value.problems


def test_the_shipped_table_loads_and_every_row_has_a_source() -> None:
    shipped = table()

    assert len(shipped.findings) >= 60
    for row in (*shipped.findings.values(), *shipped.modifiers.values(), *shipped.rules.values()):
        assert [shipped.sources[s].id for s in row.sources] == list(row.sources) != []


def test_the_bands_of_the_specified_findings() -> None:
    bands = {sign: finding.band for sign, finding in table().findings.items()}

    assert {s for s, band in bands.items() if band is Band.EMERGENCY_DENTAL} == {
        "tooth_knocked_out",
        "socket_bleeding",
        "tooth_displaced",
        "mouth_cut",
        "trismus",
    }
    expected = {
        "eye_shut": Band.EMERGENCY_MEDICAL,
        "heavy_bleeding": Band.EMERGENCY_MEDICAL,
        "face_injury": Band.EMERGENCY_MEDICAL,
        "head_injury_signs": Band.EMERGENCY_MEDICAL,
        "sepsis_signs": Band.EMERGENCY_MEDICAL,
        "dehydration": Band.EMERGENCY_MEDICAL,
        "saliva": Band.EMERGENCY_MEDICAL,
        "spreading_swelling": Band.EMERGENCY_MEDICAL,
        "floor_of_mouth": Band.EMERGENCY_MEDICAL,
        "severe_pain": Band.URGENT,
        "abscess": Band.URGENT,
        "dry_socket": Band.URGENT,
        "wisdom_tooth": Band.URGENT,
        "gum_severe": Band.URGENT,
        "appliance_cutting": Band.URGENT,
        "toothache": Band.SOON,
        "lost_restoration": Band.SOON,
        "lump_or_patch": Band.SOON,
        "ulcer_long": Band.SOON,
        "chipped_tooth": Band.ROUTINE,
        "checkup": Band.ROUTINE,
        "cosmetic": Band.ROUTINE,
        "planned_treatment": Band.ROUTINE,
    }
    assert {sign: bands[sign] for sign in expected} == expected


def test_sources_say_where_and_when_they_were_looked_up() -> None:
    for source in table().sources.values():
        assert source.title
        assert source.publisher
        assert source.url.startswith(("https://", "http://", "docs/"))
        assert source.seen in {"text", "reference"}
        assert source.checked >= date(2026, 1, 1)


def test_what_hides_a_graver_finding_is_known() -> None:
    shipped = table()

    def gravity(sign: str) -> Band:
        finding = shipped.findings.get(sign)
        return finding.band if finding else shipped.modifiers[sign].alone or Band.ROUTINE

    graver = {
        (finding.id, covered)
        for finding in shipped.findings.values()
        for covered in finding.covers
        if gravity(covered) > finding.band
    }
    emergencies = {pair for pair in graver if gravity(pair[1]) >= Band.EMERGENCY_DENTAL}
    assert emergencies == COVERS_OF_GRAVER_FINDINGS


def test_no_text_names_a_dose_a_medicine_or_a_diagnosis() -> None:
    for owner, language, text in all_texts():
        assert DOSE.search(text) is None, (owner, language)
        assert MEDICINE.search(text) is None, (owner, language)
        assert DIAGNOSIS.search(text) is None, (owner, language)


def test_the_checks_of_texts_can_fail() -> None:
    assert DOSE.search("Take 400 mg now")
    assert MEDICINE.search("Nehmen Sie Ibuprofen")
    assert DIAGNOSIS.search("You have an abscess.")
    assert DIAGNOSIS.search("Sie haben eine Entzündung.")
    assert DIAGNOSIS.search("Do you have a fever?") is None


def test_only_the_two_numbers_are_left_to_fill_in() -> None:
    placeholders = {p for _, _, text in all_texts() for p in re.findall(r"\{[^}]*\}", text)}
    assert placeholders == {"{emergency_number}", "{practice_phone}"}


def test_being_unsure_is_never_the_mildest_answer() -> None:
    shipped = table()

    def gravity(signs: frozenset[str]) -> int:
        bands = [shipped.findings[s].band if s in shipped.findings else Band.EMERGENCY_DENTAL for s in signs]
        return max(bands, default=Band.ROUTINE)

    for question in shipped.questions.values():
        ranked = sorted((gravity(c.adds) for c in question.choices if c.id != "unsure"), reverse=True)
        assert gravity(question.choice("unsure").adds) >= ranked[1 if len(ranked) > 2 else 0], question.id


def test_a_row_without_a_source_is_refused(copy: Path) -> None:
    change(copy / "findings" / "elective.toml", 'sources = ["rcdso"]', "sources = []")
    assert problems_of(copy) == ("checkup: no source",)


def test_a_source_that_is_not_listed_is_refused(copy: Path) -> None:
    change(copy / "findings" / "elective.toml", 'sources = ["rcdso"]', 'sources = ["hearsay"]')
    assert problems_of(copy) == ("checkup: unknown source hearsay",)


def test_a_text_in_one_language_only_is_refused(copy: Path) -> None:
    change(copy / "findings" / "elective.toml", ', de = "Kontrolluntersuchung"', "")
    assert problems_of(copy) == ("checkup: no text in de",)


def test_an_id_used_twice_is_refused(copy: Path) -> None:
    pain = tomllib.loads((copy / "findings" / "pain.toml").read_text(encoding="utf-8"))
    assert "toothache" in pain
    source = (copy / "findings" / "elective.toml").read_text(encoding="utf-8")
    (copy / "findings" / "extra.toml").write_text(source[source.index("[dry_mouth]") :], encoding="utf-8")

    assert "dry_mouth: the id is used twice" in problems_of(copy)


def test_an_unknown_band_is_refused(copy: Path) -> None:
    change(copy / "findings" / "elective.toml", 'band = "routine"', 'band = "whenever"')
    with pytest.raises(KeyError, match="WHENEVER"):
        load(copy)


def test_findings_of_different_bands_may_not_ask_for_the_same_words(copy: Path) -> None:
    change(copy / "findings" / "elective.toml", 'en = ["dry mouth"', 'en = ["toothache", "dry mouth"')
    assert problems_of(copy) == ("dry_mouth ('toothache') and toothache ('tooth tender') ask for the same words",)


def test_a_declared_cover_may_share_words(copy: Path) -> None:
    change(
        copy / "findings" / "elective.toml",
        'en = ["dry mouth"',
        'covers = ["toothache"]\nen = ["toothache", "dry mouth"',
    )
    assert "dry_mouth" in load(copy).findings


def test_a_phrase_that_would_fit_any_sentence_is_refused(copy: Path) -> None:
    change(copy / "findings" / "elective.toml", 'en = ["dry mouth"', 'en = ["it can not", "dry mouth"')
    assert problems_of(copy) == ("dry_mouth: 'it can not' would fit any sentence",)


def test_a_rule_about_something_unknown_is_refused(copy: Path) -> None:
    change(copy / "rules.toml", 'all = ["@swelling", "trismus"]', 'all = ["@swelling", "lockjaw"]')
    assert problems_of(copy) == ("swelling_and_trismus: unknown lockjaw",)


def test_a_question_without_an_answer_for_the_unsure_is_refused(copy: Path) -> None:
    change(
        copy / "questions.toml",
        "[lasting.choices.unsure]",
        "[lasting.choices.perhaps]\nlabel = { en = 'Perhaps', de = 'Kann sein' }",
    )
    assert problems_of(copy) == ("lasting: no answer for being unsure",)


def test_triage_needs_no_django() -> None:
    code = "import sys, chatbot.triage as t; t.understand('x'); print(sorted(m for m in sys.modules if m.startswith('django')))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
