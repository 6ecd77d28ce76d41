"""The currencies of another system: which of ours each of its ids means."""

from billing_admin.errors import BusinessError
from billing_admin.models import SystemImport
from billing_admin.money.amounts import minor_units

from .questions import LEAVE_OUT


def currency_codes(run: SystemImport) -> dict[str, str]:
    """Id there → our code, by what staff answered (`currency:97`), else its own code where we know it."""
    told = {str(id_): str(code) for id_, code in run.facts.get("currencies", {}).items()}
    answered = {key.removeprefix("currency:"): str(answer) for key, answer in run.answers.items()
                if key.startswith("currency:")}  # fmt: skip
    return {id_: code for id_, code in (told | answered).items() if code != LEAVE_OUT and is_currency(code)}


def is_currency(code: str) -> bool:
    """Whether it is the code of a currency that is in use."""
    try:
        minor_units(code)
    except (BusinessError, KeyError, ValueError):
        return False
    return True
