"""The formats that are there without that anybody saved them."""

from .banks import BANKS
from .gateways import GATEWAYS
from .paypal import PAYPAL
from .ready_format import ReadyFormat

READY_FORMATS: tuple[ReadyFormat, ...] = (*GATEWAYS, *PAYPAL, *BANKS)

# What staff are told that is known by itself.
KNOWN_FILES = (
    "Stripe", "PayPal", "GoCardless", "Mollie", "Adyen", "SumUp", "Wise", "Revolut Business", "ING", "Sparkasse",
    "Deutsche Bank", "N26", "Barclays", "Xero", "CAMT.053", "MT940", "OFX",
)  # fmt: skip

_BY_CODE = {ready.code: ready for ready in READY_FORMATS}


def ready_format(code: str) -> ReadyFormat | None:
    """The ready format with this code."""
    return _BY_CODE.get(code)
