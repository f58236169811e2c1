"""What demo patients told before their visit, by treatment."""

from __future__ import annotations

from random import Random

_TOLD: dict[str, tuple[dict[str, str], ...]] = {
    "toothache": (
        {
            "chief_complaint": "Throbbing pain, lower left",
            "symptoms": "Since Tuesday, worse at night, a little swollen. Ibuprofen helps for some hours.",
        },
        {
            "chief_complaint": "Broken front tooth",
            "symptoms": "Fell off the bicycle yesterday. A corner is missing, sensitive to cold, no bleeding.",
        },
        {"chief_complaint": "Lost filling", "symptoms": "Came out while eating. Sharp edge, hurts with sweets."},
    ),
    "root-canal": (
        {
            "chief_complaint": "Pain when biting, upper right",
            "symptoms": "Warm drinks hurt for minutes. My last dentist spoke of a root canal.",
        },
    ),
    "gum-treatment": (
        {
            "chief_complaint": "Bleeding gums",
            "symptoms": "Bleeds whenever I brush, some teeth feel longer than before.",
        },
    ),
    "children": (
        {
            "chief_complaint": "First check-up",
            "symptoms": "None. A bit afraid of the chair.",
            "notes": "Likes dinosaurs.",
        },
        {"chief_complaint": "Dark spot on a molar", "symptoms": "No pain, seen while brushing."},
    ),
    "wisdom-tooth": (
        {
            "chief_complaint": "Wisdom tooth lower right",
            "symptoms": "Presses now and then. Referral and pictures are here.",
        },
    ),
    "orthodontics": (
        {
            "chief_complaint": "Crowded lower front",
            "symptoms": "No pain. Would like to know whether aligners would do.",
        },
    ),
}
_ANYTHING = (
    {"chief_complaint": "Regular visit", "symptoms": "Nothing in particular."},
    {"chief_complaint": "Sensitive neck of a tooth", "symptoms": "Cold water, upper left, for about two weeks."},
    {"chief_complaint": "Would like a second opinion", "symptoms": "Was told that a crown is due."},
)
_HISTORY: tuple[dict[str, str], ...] = (
    {},
    {},
    {"allergies": "Penicillin"},
    {"allergies": "Latex", "medical_history": "Hay fever"},
    {"medications": "Ramipril 5 mg in the morning", "medical_conditions": "High blood pressure"},
    {"medications": "L-thyroxine 75 µg", "medical_conditions": "Underactive thyroid"},
    {"medical_history": "Heart valve replaced in 2019", "medications": "Phenprocoumon",
     "notes": "Please think of antibiotics beforehand."},
    {"medical_conditions": "Type 2 diabetes", "medications": "Metformin 1000 mg twice a day"},
)  # fmt: skip


def told_for(treatment: str, chance: Random) -> dict[str, str]:
    """The medical texts of one visit, by field name."""
    return {**chance.choice(_HISTORY), **chance.choice(_TOLD.get(treatment, _ANYTHING))}
