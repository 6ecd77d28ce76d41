"""What a message says, place by place."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from djmoney.money import Money

from billing_admin.documents.languages import money_in
from billing_admin.errors import BusinessError
from clients.selectors.mail_texts import Text

# The place of what staff typed: it is filled only when it is shown or sent, so that it stands in one column alone.
TYPED = "reason"
# The place of a link that lets whoever has it do something: only the letter itself ever holds it.
LINK = "link"


class Withheld(BusinessError):
    """The message is not to go out (any more); the text says why."""


@dataclass(frozen=True)
class Said:
    """What each place of the text says; `typed` is what staff typed, for the place `{reason}`.

    `text` is what to say where that is not what the kind says in the reader's language.
    """

    values: Mapping[str, str]
    typed: str = ""
    text: Text | None = None


def money(amount: Money, language: str) -> str:
    """`1,234.50 EUR`, as the reader writes it."""
    return money_in(Decimal(amount.amount), amount.currency.code, language)


def money_if_any(amount: Money, language: str) -> str:
    """The same, or nothing where it is zero: a line that says only this is then left out."""
    return money(amount, language) if amount.amount else ""
