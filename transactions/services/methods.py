"""Payment methods: adding, renaming, switching off."""

from typing import TYPE_CHECKING

from django.db import transaction as db_transaction

from billing_admin.idempotency import one_at_a_time
from billing_admin.refusals import Refused, require_length
from clients.models import Activity
from transactions.models import PaymentMethod

if TYPE_CHECKING:
    from django.contrib.auth.models import User

LONGEST_NAME = 100


class MethodWithoutName(Refused):
    """A payment method has a name."""


class MethodNameTaken(Refused):
    """Another payment method has this name."""


class MethodUnchanged(Refused):
    """The payment method is as it was to become."""


@db_transaction.atomic
def add_payment_method(*, name: str, by: "User | None") -> PaymentMethod:
    """Add a way to pay; it is offered at once.

    Raises MethodWithoutName, MethodNameTaken, TextTooLong.
    """
    name = _good_name(name)
    method = PaymentMethod.objects.create(name=name)
    _record(method, "payment_method.added", f"Payment method {name} added", by)
    return method


@db_transaction.atomic
def rename_payment_method(*, method: PaymentMethod, name: str, by: "User | None") -> PaymentMethod:
    """Give a payment method another name, which its past transactions show too.

    Raises MethodWithoutName, MethodNameTaken, MethodUnchanged, TextTooLong.
    """
    method = PaymentMethod.objects.select_for_update().get(pk=method.pk)
    if " ".join(name.split()) == method.name:
        raise MethodUnchanged(f"The payment method is called {method.name} already; nothing was changed.")
    name = _good_name(name, but=method)
    before = method.name
    method.name = name
    method.save(update_fields=["name"])
    _record(method, "payment_method.renamed", f"Payment method {before} renamed {name}", by)
    return method


@db_transaction.atomic
def switch_payment_method(*, method: PaymentMethod, active: bool, by: "User | None") -> PaymentMethod:
    """Offer a payment method, or offer it no longer; its transactions stay.

    Raises MethodUnchanged.
    """
    method = PaymentMethod.objects.select_for_update().get(pk=method.pk)
    word = "on" if active else "off"
    if method.active == active:
        raise MethodUnchanged(f"{method} is switched {word} already; nothing was changed.")
    method.active = active
    method.save(update_fields=["active"])
    _record(method, f"payment_method.switched_{word}", f"Payment method {method} switched {word}", by)
    return method


def _good_name(name: str, but: PaymentMethod | None = None) -> str:
    name = " ".join(name.split())
    if not name:
        raise MethodWithoutName("Give the payment method a name.")
    require_length(name, "name", LONGEST_NAME)
    one_at_a_time("payment method names")
    taken = PaymentMethod.objects.filter(name__iexact=name)
    if (other := (taken.exclude(pk=but.pk) if but else taken).first()) is not None:
        off = "" if other.active else ", which is switched off"
        raise MethodNameTaken(f"There is a payment method {other} already{off}.")
    return name


def _record(method: PaymentMethod, verb: str, summary: str, by: "User | None") -> None:
    Activity.objects.record(by=by, client=None, verb=verb, summary=summary, data={"payment_method": method.pk})
