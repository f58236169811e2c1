"""The cast: one clinic, two dentists, a patient, another patient, the front desk, an admin, and nobody."""

from tests.factories.cast import Cast, make_cast
from tests.factories.people import make_dentist, make_treatment, make_user

__all__ = ["Cast", "make_cast", "make_dentist", "make_treatment", "make_user"]
