"""What the model may answer, and nothing else: codes of what is there, words for a time, marks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

TreatmentCode = Annotated[str, StringConstraints(pattern=r"^T[1-9][0-9]{0,2}$")]
DentistCode = Annotated[str, StringConstraints(pattern=r"^D[1-9][0-9]{0,2}$")]
Topic = Literal["hours", "prices", "address", "insurance", "treatments", "dentists", "human"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Understood(_Strict):
    """What the message asks for. Leave out whatever it does not say."""

    task: Literal["book", "visits", "move", "cancel"] | None = Field(
        None, description="book a new visit, see one's own visits, move one, cancel one"
    )
    treatment: TreatmentCode | None = Field(None, description="code of the treatment that is wished for")
    dentists: list[DentistCode] = Field([], max_length=4, description="codes of dentists that are wished for")
    not_dentists: list[DentistCode] = Field([], max_length=4, description="codes of dentists that are ruled out")
    any_dentist: bool = Field(False, description="no matter with whom")
    when: str = Field("", max_length=120, description="the time that is wished for, in plain words")
    any_time: bool = Field(False, description="no matter when")
    offered: int | None = Field(None, ge=1, le=9, description="number of the offered time that is meant")
    topics: list[Topic] = Field([], max_length=3, description="questions about the practice")
    declines: bool = Field(False, description="does not want what was just asked to be confirmed")
    complaint: str = Field("", max_length=200, description="what is wrong, in plain words")


class Phrased(_Strict):
    """The text said differently."""

    text: str = Field(max_length=2000)


class ReadTime(_Strict):
    """Whether words for a time are understood, and as what."""

    words: str = Field(max_length=120)


class FreeTimes(_Strict):
    """The next free times, as the clinic offers them to this caller."""

    treatment: TreatmentCode | None = Field(None, description="left out: the one that is talked about")
    dentist: DentistCode | None = None
    words: str = Field("", max_length=120, description="within this time, in plain words")


Tools = dict[type[BaseModel], Callable[[Any], str]]
"""What the model may look up: the shape of what it says, and the function that answers, called in the asking thread."""
