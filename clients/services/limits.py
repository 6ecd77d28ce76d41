"""Setting limits of roles and people, and switching them on and off."""

from collections.abc import Collection, Mapping
from decimal import Decimal

from django.contrib.auth.models import Group, User
from django.db import transaction as db_transaction
from djmoney.money import Money

from billing_admin.db.locks import lock_key
from billing_admin.errors import BusinessError
from billing_admin.money.amounts import money_text, plain_amount, require_places
from billing_admin.seen import Seen, changes_to_store
from clients.models import Activity, Limit, LimitKind, LimitSettings
from clients.models.limits import RIGHTS, Allowed, Scope, most_in
from clients.selectors.limits import Amounts, approvers, limits_of

# As long as fewer can approve, what is above a limit would wait for nobody.
LEAST_APPROVERS = 2
# Kind → the rights that it is done with beside the usual one.
_ALSO_BY = {
    LimitKind.GIVEN.value: ("credits.reverse_credit",),
    LimitKind.REFUNDED.value: ("transactions.reverse_payment",),
    LimitKind.WRITTEN_OFF.value: ("invoices.cancel_invoice",),
}


@db_transaction.atomic
def switch_limits(*, on: bool, by: User) -> None:
    """Put all limits in force, or out of it. Who waits for approval then waits on.

    Raises BusinessError where fewer than two can approve, or they are so already, and to who would lift their own.
    """
    lock_key("limits")
    if LimitSettings.objects.are_on() == on:
        raise BusinessError(f"Limits are {'on' if on else 'off'} already; nothing was changed.")
    if on and (count := approvers().count()) < LEAST_APPROVERS:
        who = "one person" if count else "nobody"
        raise BusinessError(
            f"Two people have to be able to approve, since nobody approves their own; {who} can now. Give the right "
            "“Approve what is above somebody’s limit” first. Nothing was changed."
        )
    if not on and (kind := _limited_in(by)):
        raise BusinessError(
            f"{LimitKind(kind).label}: you have a limit yourself, and nobody lifts their own; somebody without limits "
            "has to switch them off. Nothing was changed."
        )
    LimitSettings.objects.update_or_create(pk=1, defaults={"is_on": on})
    Activity.objects.record(
        by=by, client=None, verb=f"limits.switched_{'on' if on else 'off'}",
        summary=f"Limits of roles and people switched {'on' if on else 'off'}",
    )  # fmt: skip


@db_transaction.atomic
def set_limits(
    *, of: Group | User, limits: Mapping[str, Amounts], by: User, seen: Seen | None = None
) -> None:  # fmt: skip
    """Set the limits of a role or a person: `kind.scope` → the most per currency; nothing there is no limit.

    Nobody changes their own, or gives another more than they may do themselves.

    Raises BusinessError where nothing differs, and ChangedMeanwhile.
    """
    _refuse_own(of, by)
    lock_key("limits")
    stored = limits_of(of)
    changes = changes_to_store(stored=stored, typed=dict(limits), seen=seen)
    if not changes:
        raise BusinessError("These are the limits already; nothing was changed.")
    before = _in_force(of, stored)
    for name, amounts in changes.items():
        kind, scope = name.split(".")
        whose = {"person": of} if isinstance(of, User) else {"role": of}
        Limit.objects.filter(**whose, kind=kind, scope=scope).delete()
        for currency, amount in amounts.items():
            require_places(Money(amount, currency), name)
            Limit.objects.create(**whose, kind=kind, scope=scope, currency=currency, amount=Money(amount, currency))
    _refuse_more_than_own(before, _in_force(of, limits_of(of)), by)
    name = of.get_username() if isinstance(of, User) else of.name
    Activity.objects.record(
        by=by, client=None, verb="limits.changed", summary=f"Limits of {name} changed",
        data={"before": _written({name: stored[name] for name in changes}), "after": _written(changes)},
    )  # fmt: skip


def refuse_role_above_own(role: Group, rights: Collection[str], by: User) -> None:
    """Refuse that others do more alone by a role with these rights than `by` may: a role's limits are given with it.

    Raises BusinessError.
    """
    lock_key("limits")
    nothing: Allowed = {scope: {} for scope in Scope.values}
    own = limits_of(role)
    given = {
        kind: {scope: own[f"{kind}.{scope}"] or None for scope in Scope.values}
        for kind in LimitKind.values
        if not set(_rights_of(kind)).isdisjoint(rights)
    }
    without = dict.fromkeys(LimitKind.values, nothing)
    _refuse_more_than_own(without, without | given, by)


def _rights_of(kind: str) -> tuple[str, ...]:
    return (RIGHTS[kind], *_ALSO_BY.get(kind, ()))


def _limited_in(person: User) -> str:
    """A kind of which the person may do only so much alone, if there is one."""
    for kind in LimitKind.values:
        for right in _rights_of(kind):
            allowed = Limit.objects.of_person(person, kind, right=right)
            if person.has_perm(right) and any(amounts is not None for amounts in allowed.values()):
                return kind
    return ""


def _by_any_right(person: User, kind: str) -> Allowed:
    """What the person may do of a kind alone, by whichever of its rights lets them do the most."""
    each = [Limit.objects.of_person(person, kind, right=right) for right in _rights_of(kind)]
    most: Allowed = {}
    for scope in Scope.values:
        amounts = [allowed[scope] for allowed in each]
        codes = {code for some in amounts for code in some or ()}
        largest = {code: max(some.get(code, Decimal(0)) for some in amounts if some is not None) for code in codes}
        most[scope] = None if None in amounts else largest
    return most


def _refuse_own(of: Group | User, by: User) -> None:
    if of == by:
        raise BusinessError("Nobody changes their own limits; somebody else has to. Nothing was changed.")
    if isinstance(of, Group) and by.groups.filter(pk=of.pk).exists():
        raise BusinessError(
            f"You are in {of.name} yourself, and nobody changes their own limits; somebody else has to. Nothing was "
            "changed."
        )


def _in_force(of: Group | User, own: Mapping[str, Amounts]) -> dict[str, Allowed]:
    """Kind → what is allowed: of a person without own limits of a scope, what the roles allow."""
    allowed = {kind: _by_any_right(of, kind) if isinstance(of, User) else {} for kind in LimitKind.values}
    return {
        kind: {scope: own[f"{kind}.{scope}"] or allowed[kind].get(scope) for scope in Scope.values}
        for kind in LimitKind.values
    }


def _refuse_more_than_own(before: dict[str, Allowed], after: dict[str, Allowed], by: User) -> None:
    for kind in LimitKind:
        mine = Limit.objects.of_person(by, kind)
        for scope in Scope:
            of_scope = (before[kind][scope], after[kind][scope], mine[scope])
            for currency in sorted({code for amounts in of_scope for code in amounts or ()}):
                was, will_be = (most_in(each[kind], scope, currency) for each in (before, after))
                most = most_in(mine, scope, currency)
                if most is None or not _is_more(will_be, was) or not _is_more(will_be, most):
                    continue
                gives = "no limit" if will_be is None else money_text(Money(will_be, currency))
                raise BusinessError(
                    f"{kind.label}, {scope.label.lower()}: {gives} is more than your own "
                    f"{money_text(Money(most, currency))}; nobody gives another more than they have. Nothing was "
                    "changed."
                )


def _is_more(amount: Decimal | None, than: Decimal | None) -> bool:
    return than is not None and (amount is None or amount > than)


def _written(limits: Mapping[str, Amounts]) -> dict[str, dict[str, str]]:
    return {
        name: {code: plain_amount(amount, code) for code, amount in sorted(amounts.items())}
        for name, amounts in limits.items()
    }
