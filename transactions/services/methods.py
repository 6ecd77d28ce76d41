"""Payment methods: adding, renaming, switching off."""

from django.db import transaction as db_transaction

from billing_admin.actor import Actor
from billing_admin.db.locks import lock_key
from billing_admin.errors import BusinessError, require_length
from clients.models import Activity
from transactions.models import PaymentMethod

LONGEST_NAME = 100


@db_transaction.atomic
def add_payment_method(*, name: str, by: Actor) -> PaymentMethod:
    """Add a way to pay; it is offered at once."""
    name = _good_name(name)
    method = PaymentMethod.objects.create(name=name)
    _record(method, "payment_method.added", f"Payment method {name} added", by)
    return method


@db_transaction.atomic
def rename_payment_method(*, method: PaymentMethod, name: str, by: Actor) -> PaymentMethod:
    """Give a payment method another name, which its past transactions show too."""
    method = PaymentMethod.objects.select_for_update().get(pk=method.pk)
    if " ".join(name.split()) == method.name:
        raise BusinessError(f"The payment method is called {method.name} already; nothing was changed.", field="name")
    name = _good_name(name, but=method)
    before = method.name
    method.name = name
    method.save(update_fields=["name"])
    _record(method, "payment_method.renamed", f"Payment method {before} renamed {name}", by, before=before, after=name)
    return method


@db_transaction.atomic
def switch_payment_method(*, method: PaymentMethod, active: bool, by: Actor) -> PaymentMethod:
    """Offer a payment method, or offer it no longer; its transactions stay."""
    method = PaymentMethod.objects.select_for_update().get(pk=method.pk)
    word = "on" if active else "off"
    if method.active == active:
        raise BusinessError(f"{method} is switched {word} already; nothing was changed.")
    method.active = active
    method.save(update_fields=["active"])
    verb, what = f"payment_method.switched_{word}", f"Payment method {method} switched {word}"
    _record(method, verb, what, by, before=not active, after=active)
    return method


def _good_name(name: str, but: PaymentMethod | None = None) -> str:
    name = " ".join(name.split())
    if not name:
        raise BusinessError("Give the payment method a name.", field="name")
    require_length(name, "name", LONGEST_NAME)
    lock_key("payment method names")
    taken = PaymentMethod.objects.filter(name__iexact=name)
    if (other := (taken.exclude(pk=but.pk) if but else taken).first()) is not None:
        off = "" if other.active else ", which is switched off"
        raise BusinessError(f"There is a payment method {other} already{off}.", field="name")
    return name


def _record(method: PaymentMethod, verb: str, summary: str, by: Actor, **change: object) -> None:
    data = {"payment_method": method.pk, **change}
    Activity.objects.record(by=by, client=None, verb=verb, summary=summary, data=data)
