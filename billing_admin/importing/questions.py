"""What staff decide about an import: a question each, with an answer that is taken where nobody gives another."""

from dataclasses import dataclass

from billing_admin.models import SystemImport

LEAVE_OUT = "leave out"


@dataclass(frozen=True)
class Question:
    """`key` is `subject:what`, as in `method:paypal`. `choices` are (answer, how it reads); without any, a text.

    `rows` is how many staged rows wait for it or follow it.
    """

    key: str
    text: str
    default: str
    choices: tuple[tuple[str, str], ...] = ()
    rows: int = 0

    def answer(self, run: SystemImport) -> str:
        """What was decided, or the default."""
        return str(run.answers.get(self.key, self.default))

    def is_answered(self, run: SystemImport) -> bool:
        """Whether somebody decided it."""
        return self.key in run.answers
