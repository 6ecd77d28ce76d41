"""The company's bank accounts as typed: one a currency, its IBAN and BIC checked."""

import re
from collections.abc import Iterable, Mapping

from stdnum import bic, iban
from stdnum.exceptions import ValidationError

from billing_admin.errors import BusinessError
from billing_admin.money.currencies import CURRENCIES
from invoices.models.seller import BankAccount

LONGEST_NAME = 200
LONGEST_ACCOUNT = 60

_FIELD = "bank_accounts"


def checked_accounts(typed: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    """The accounts as they are stored, by currency. A row in which nothing stands is none.

    Raises BusinessError, which names the account.
    """
    accounts: dict[str, dict[str, str]] = {}
    for row in typed:
        account = BankAccount(**{name: " ".join(value.split()) for name, value in row.items()})
        if not any(account):
            continue
        currency = account.currency.upper()
        if currency not in CURRENCIES:
            raise _refused(f"“{currency[:10]}” is no currency: say in which one invoices are paid into the account.")
        if currency in accounts:
            raise _refused(f"There are two accounts for {currency}. An invoice names one, so keep one of them.")
        accounts[currency] = _checked(account, currency)._asdict()
    return [accounts[currency] for currency in sorted(accounts)]


def _checked(account: BankAccount, currency: str) -> BankAccount:
    if not account.iban and not account.account:
        raise _refused(f"The account for {currency} needs an IBAN or a number.")
    for value, what, longest in (
        (account.account, "number", LONGEST_ACCOUNT),
        (account.name, "holder", LONGEST_NAME),
    ):
        if len(value) > longest:
            raise _refused(f"The {what} of the account for {currency} has {len(value)} characters; {longest} are kept.")
    return account._replace(currency=currency, iban=_iban(account.iban), bic=_bic(account.bic))


def _iban(typed: str) -> str:
    plain = iban.compact(typed)
    try:
        return str(iban.validate(plain)) if plain else ""
    except ValidationError:
        why = "a character is wrong or missing, or two are swapped."
    if not re.match(r"[A-Z]{2}[0-9]{2}", plain):
        why = "it begins with a country and two digits, as in DE02 1203 0000 0000 2020 51."
    raise _refused(f"“{typed[:40]}” is not an IBAN: {why}")


def _bic(typed: str) -> str:
    try:
        return str(bic.validate(typed)) if typed else ""
    except ValidationError:
        raise _refused(f"“{typed[:40]}” is not a BIC: it has 8 or 11 characters, as in BYLADEM1001.") from None


def _refused(text: str) -> BusinessError:
    return BusinessError(text, field=_FIELD)
