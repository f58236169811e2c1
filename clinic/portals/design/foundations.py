"""Colour, type, space and drawings: what components are made of."""

from __future__ import annotations

from clinic.portals.design import tokens
from clinic.portals.design.made_up import dentist
from clinic.portals.design.specimens import Section, Specimen


def foundations() -> list[Section]:
    by_scheme = {scheme: tokens.swatches(scheme) for scheme in tokens.SCHEMES}
    plain = {scheme: [one for one in found if not one.tone] for scheme, found in by_scheme.items()}
    toned = {
        scheme: [one for one in found if one.tone and one.ink == "tone-ink"] for scheme, found in by_scheme.items()
    }
    return [
        Section(
            "colour",
            "Colour",
            "Each pair with its contrast: text needs 4.5, borders, focus and dots need 3.",
            [
                Specimen("What may stand on what", "design/_colours.html", {"swatches": plain}, wide=True),
                Specimen("Tones of dentists and treatments", "design/_tones.html", {"swatches": toned}),
            ],
        ),
        Section(
            "type",
            "Type and space",
            "System fonts in seven sizes; gaps, corners and shadows from tokens.",
            [
                Specimen("Type", "design/_type.html", {"sizes": tokens.sizes("text-")[::-1]}),
                Specimen("Space, corners, shadows", "design/_space.html", {
                    "spaces": tokens.sizes(r"s\d"), "radii": tokens.sizes("radius-"), "shadows": tokens.sizes("shadow-"),
                }),
            ],
        ),
        Section(
            "drawings",
            "Drawings",
            "Icons on a grid of 24, drawn in strokes; portraits from initials and tone.",
            [
                Specimen("Icons", "design/_icons.html", {"names": tokens.icon_names()}),
                Specimen("Portraits", "design/_portraits.html", {
                    "dentists": [dentist(1), dentist(2, "Dr. Chidi Okafor"), dentist(3, "Lena Ito"), dentist(4, "Omar Sy")],
                }),
                Specimen("The start page's scene", "patient/_scene.html"),
            ],
        ),
    ]  # fmt: skip
