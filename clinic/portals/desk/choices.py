"""The dentists and treatments that the desk's forms offer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from clinic.portals.desk.forms import BookForm
from dentists.models import Dentist, Offer, Treatment


@dataclass(frozen=True, slots=True)
class Choices:
    dentists: list[Dentist]
    treatments: list[Treatment]
    offered: dict[UUID, set[UUID]]  # by dentist, the treatments

    @classmethod
    def read(cls) -> Choices:
        """Everybody active and every active treatment, by name: three queries. Call it while reading."""
        offered: dict[UUID, set[UUID]] = {}
        for dentist, treatment in Offer.objects.values_list("dentist_id", "treatment_id"):
            offered.setdefault(dentist, set()).add(treatment)
        dentists = list(Dentist.objects.filter(is_active=True))
        return cls(dentists, list(Treatment.objects.filter(is_active=True).order_by("name", "id")), offered)

    def dentist(self, key: str) -> Dentist | None:
        return next((one for one in self.dentists if key in (str(one.pk), one.slug)), None)

    def treatment(self, key: str) -> Treatment | None:
        return next((one for one in self.treatments if key in (str(one.pk), one.slug)), None)

    def offers(self, dentist: Dentist, treatment: Treatment) -> bool:
        return treatment.pk in self.offered.get(dentist.pk, set())

    def usual(self, dentist: Dentist | None) -> Treatment | None:
        """What most of the dentists offer, of this one when given: what a caller most likely wants."""
        counted = [
            (sum(one.pk in theirs for theirs in self.offered.values()), one)
            for one in self.treatments
            if dentist is None or self.offers(dentist, one)
        ]
        return max(counted, key=lambda pair: (pair[0], -pair[1].duration_minutes), default=(0, None))[1]

    def booking_form(self, *args: Any, **kwargs: Any) -> BookForm:
        return BookForm(
            *args,
            treatments=[(str(one.pk), one.name) for one in self.treatments],
            dentists=[(str(one.pk), one.name) for one in self.dentists],
            **kwargs,
        )
