"""What a rule of the books is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Invariant:
    """One rule. `sql` gives (id, stored, computed) of each row that breaks it; `words` say what the two figures are."""

    code: str
    subject: str
    words: str
    sql: str

    @property
    def about(self) -> str:
        """What staff call its subject."""
        return {"credit account": "credit balance", "credit grant": "credit"}.get(self.subject, self.subject)

    @property
    def in_words(self) -> str:
        """What a discrepancy of this rule looks like."""
        return self.words.format(stored="X", computed="Y")
