"""Letters that a person sent to who may hold their data."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class SentLetter:
    """A letter that was sent, and by when an answer is due.

    ``letter_id``: random; ``recipient``: who it went to, as the person wrote it; ``kind``: of ``advice.letters``;
    ``answered_on``: None while there is no answer.
    """

    letter_id: str
    person_id: str
    recipient: str = field(repr=False)
    kind: str
    sent_on: date
    due_on: date
    answered_on: date | None = None
