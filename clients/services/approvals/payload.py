"""What a service was asked with, as JSON, and back: money to the cent, and rows by what still leads to them later."""

import dataclasses
import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Model
from djmoney.money import Money

from billing_admin.errors import BusinessError
from clients.models import Client

GONE = "What this is about is no longer there; nothing was done. Refuse the request."


def pack(value: Any) -> Any:
    """A value as JSON. A client is its number, which also leads to the one that a merge kept."""
    match value:
        case Money():
            return {"money": [str(value.amount), value.currency.code]}
        case Decimal():
            return {"number": str(value)}
        case datetime.date():
            return {"day": value.isoformat()}
        case UUID():
            return {"id": str(value)}
        case Client():
            return {"client": value.number}
        case Model():
            return {"row": [value._meta.label_lower, value.pk]}
        case str():
            return str(value)
        case list() | tuple():
            return [pack(each) for each in value]
        case _ if dataclasses.is_dataclass(value):
            names = [field.name for field in dataclasses.fields(value)]
            return {"object": [type(value).__name__, {name: pack(getattr(value, name)) for name in names}]}
        case _:
            return value


def unpack(value: Any, types: Mapping[str, type[Any]]) -> Any:
    """The value again, its rows as they are now. `types`: what rows and objects of this name are.

    Raises BusinessError where one of its rows is gone.
    """
    if isinstance(value, list):
        return [unpack(each, types) for each in value]
    if not isinstance(value, dict):
        return value
    ((kind, packed),) = value.items()
    match kind:
        case "money":
            return Money(Decimal(packed[0]), packed[1])
        case "number":
            return Decimal(packed)
        case "day":
            return datetime.date.fromisoformat(packed)
        case "id":
            return UUID(packed)
        case "client":
            return _there(Client.objects.with_number(packed))
        case "row":
            return _there(types[packed[0]]._default_manager.filter(pk=packed[1]).first())
        case _:
            return types[packed[0]](**{name: unpack(each, types) for name, each in packed[1].items()})


def _there(row: Any) -> Any:
    if row is None:
        raise BusinessError(GONE)
    return row
