"""How a row stores money: several amounts, one currency column (docs/decisions/0001-one-currency-per-row.md)."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self, overload

from django.db import models
from django.db.models.expressions import Combinable
from django.db.models.lookups import Exact, GreaterThan, GreaterThanOrEqual, In, LessThan, LessThanOrEqual, Range
from django.db.models.signals import class_prepared
from django.dispatch import receiver
from djmoney.models.fields import MoneyField as DjMoneyField
from djmoney.models.fields import MoneyFieldProxy, patch_managers
from djmoney.money import Money


class CurrencyMismatch(ValueError):
    """Money of one currency was put into a row of another."""


class OneCurrencyPerRow(MoneyFieldProxy):
    """Refuses what django-money's own descriptor does: silently re-denominating the row to the Money assigned last."""

    def __get__(self, obj: models.Model | None, owner: type | None = None) -> Any:
        """The amount as Money; loads what was deferred (django-money's own descriptor fails with a KeyError there)."""
        if obj is None:
            return self
        if self.field.name not in obj.__dict__:
            obj.refresh_from_db(fields=[self.field.name, self.currency_field_name])
        present = obj.__dict__[self.field.name]
        return present if type(present) is Money else super().__get__(obj, owner)

    def __set__(self, obj: models.Model, value: Any) -> None:
        """Take a plain number, as it comes from the database, without asking what else it could be."""
        if type(value) is Decimal and value.is_finite() and not self.field.null:
            obj.__dict__[self.field.name] = value
        else:
            super().__set__(obj, value)

    def _money_from_obj(self, obj: models.Model) -> Any:
        getattr(obj, self.currency_field_name)  # loads a deferred currency
        return super()._money_from_obj(obj)

    def set_currency(self, obj: models.Model, value: str) -> None:
        """Give a new row its currency; refuse to change one that it already has.

        Raises CurrencyMismatch.
        """
        present = obj.__dict__.get(self.currency_field_name)
        if present and present != value:
            raise CurrencyMismatch(f"{self.field} is kept in {present}; it cannot take an amount in {value}.")
        super().set_currency(obj, value)


class CurrencyField(models.CharField):
    """The one currency of a row (ISO 4217 code). Declare it before the row's money fields, which all share it.

    It has no choices: the codes are checked where they are entered and by the database function `minor_units`, and
    migrations stay free of a list that changes with the world.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 3)
        super().__init__(**kwargs)


class MoneyField(DjMoneyField):
    """An amount in the row's currency: numeric(18, 3), read and written as `Money`."""

    if TYPE_CHECKING:  # what django-stubs asks of a field: the types that it takes and gives
        _pyi_private_set_type: Money | Decimal | int | Combinable  # type: ignore[assignment]
        _pyi_private_get_type: Money  # type: ignore[assignment]

        @overload  # type: ignore[override]
        def __get__(self, instance: None, owner: Any) -> Self: ...
        @overload
        def __get__(self, instance: models.Model, owner: Any) -> Money: ...
        def __get__(self, instance: Any, owner: Any) -> Any: ...

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 18)
        kwargs.setdefault("decimal_places", 3)
        kwargs.setdefault("currency_field_name", "currency")
        kwargs.setdefault("default_currency", None)
        kwargs.setdefault("money_descriptor_class", OneCurrencyPerRow)
        super().__init__(*args, **kwargs)

    def setup_default(self, default: Any, default_currency: Any, nullable: bool) -> Any:
        """Leave a default such as 0 a bare number: it takes the row's currency."""
        return default


# django-money has each queryset rewrite the arguments of every filter, misses the managers that a model declares, and
# wraps seven methods of each queryset for it. What is needed of that is done here, once for each model and lookup.
class_prepared.disconnect(patch_managers)


class _TakesMoney(models.QuerySet[Any]):
    """`update(total=Money(10, "EUR"))` writes the currency too: that of a row never changes, so another is refused."""

    def update(self, **values: Any) -> int:
        for name, value in list(values.items()):
            if isinstance(value, Money):
                field: Any = self.model._meta.get_field(name)
                values |= {name: value.amount, field.currency_field_name: value.currency.code}
        return super().update(**values)


@receiver(class_prepared)
def _take_money_in_updates(sender: type[models.Model], **kwargs: Any) -> None:
    if hasattr(sender._meta, "has_money_field"):
        for manager in sender._meta.local_managers:
            kind: Any = manager.__class__
            rows = type(kind._queryset_class.__name__, (_TakesMoney, kind._queryset_class), {})
            manager.__class__ = type(kind.__name__, (kind,), {"_queryset_class": rows})
        sender._meta._expire_cache(reverse=False)  # type: ignore[attr-defined]  # it has copies of the managers


class _WithCurrency:
    """A comparison with Money compares the currency too: no 10 EUR is found among 10 USD."""

    def __init__(self, lhs: Any, rhs: Any) -> None:
        self.currency = rhs.currency.code if isinstance(rhs, Money) else None
        super().__init__(lhs, rhs.amount if isinstance(rhs, Money) else rhs)  # type: ignore[call-arg]

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        sql, parameters = super().as_sql(compiler, connection)  # type: ignore[misc]
        if self.currency is None:
            return sql, parameters
        money = self.lhs.target  # type: ignore[attr-defined]
        column = money.model._meta.get_field(money.currency_field_name).get_col(self.lhs.alias)  # type: ignore[attr-defined]
        currency, _ = compiler.compile(column)
        return f"({sql} AND {currency} = %s)", (*parameters, self.currency)


class _WithoutMoney:
    """Several values to compare with are plain numbers: their currencies would be passed over in silence."""

    def __init__(self, lhs: Any, rhs: Any) -> None:
        if isinstance(rhs, list | tuple | set) and any(isinstance(value, Money) for value in rhs):
            raise TypeError("Compare with one amount at a time, or with numbers and the currency beside them.")
        super().__init__(lhs, rhs)  # type: ignore[call-arg]


for lookup in (Exact, GreaterThan, GreaterThanOrEqual, LessThan, LessThanOrEqual):
    MoneyField.register_lookup(type(lookup.__name__, (_WithCurrency, lookup), {}))
for refusing in (In, Range):
    MoneyField.register_lookup(type(refusing.__name__, (_WithoutMoney, refusing), {}))
