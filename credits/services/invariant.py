"""What a rule of the books is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

# What breaks a rule: the id of it, and the two figures or sentences that its words name.
type Row = tuple[int, str, str]


@dataclass(frozen=True)
class Invariant:
    """One rule. `sql` gives (id, stored, computed) of each row that breaks it; `words` say what the two figures are.

    What no SQL can find, `find` does. `shown`: what staff read of the rule where its words come with what is found.
    """

    code: str
    subject: str
    words: str
    sql: str = ""
    find: Callable[[], Iterable[Row]] | None = None
    shown: str = ""

    @property
    def about(self) -> str:
        """What staff call its subject."""
        return {"credit account": "credit balance", "credit grant": "credit"}.get(self.subject, self.subject)

    @property
    def in_words(self) -> str:
        """What a discrepancy of this rule looks like."""
        return self.shown or self.words.format(stored="X", computed="Y")
