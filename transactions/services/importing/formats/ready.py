"""The formats that are there without that anybody saved them."""

from .banks import BANKS
from .gateways import GATEWAYS
from .paypal import PAYPAL
from .ready_format import ReadyFormat

READY_FORMATS: tuple[ReadyFormat, ...] = (*GATEWAYS, *PAYPAL, *BANKS)

_BY_CODE = {ready.code: ready for ready in READY_FORMATS}


def ready_format(code: str) -> ReadyFormat | None:
    """The ready format with this code."""
    return _BY_CODE.get(code)
