"""Limits of roles and people, and the one place that looks at them.

Off until two people can approve. Commands without `--as`, runs and signals have no limits.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import connection, models
from django.db.models import Q
from djmoney.money import Money

from billing_admin.actor import Actor, approval_of
from billing_admin.db.functions import exact_places
from billing_admin.db.locks import lock_key
from billing_admin.db.triggers import frozen
from billing_admin.errors import BusinessError
from billing_admin.money.amounts import money_text
from billing_admin.money.fields import CurrencyField, MoneyField

from .kinds import RIGHTS, VERBS, LimitKind, NeedsApproval, Scope
from .use import LimitUse, Use

type Amounts = dict[str, Decimal]
type Allowed = dict[str, Amounts | None]
"""Scope → the most per currency, where a currency without an amount is 0; None is no limit."""


class LimitSettingsManager(models.Manager["LimitSettings"]):
    def are_on(self) -> bool:
        """Whether limits are in force; one statement."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT is_on FROM clients_limitsettings")
            return cursor.fetchone() == (True,)


class LimitSettings(models.Model):
    """One row, or none while everything is as delivered: no limits of roles or people."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    is_on = models.BooleanField(default=False, db_default=False)

    objects = LimitSettingsManager()

    class Meta:
        default_permissions = ()
        verbose_name_plural = "limit settings"
        constraints = (models.CheckConstraint(name="one_row_of_limit_settings", condition=Q(id=1)),)

    def __str__(self) -> str:
        return "Limits are on" if self.is_on else "Limits are off"


def most_in(allowed: Allowed, scope: str, currency: str) -> Decimal | None:
    """The limit of one scope in one currency; None where there is none."""
    amounts = allowed[scope]
    return None if amounts is None else amounts.get(currency, Decimal(0))


@dataclass(frozen=True)
class _Held:
    """Whose limits count: who acts, or who approved it."""

    person: User
    approved: bool
    kind: str
    allowed: Allowed

    def without(self, *scopes: Scope) -> "_Held":
        """The same without the limits of these scopes."""
        return replace(self, allowed={**self.allowed, **dict.fromkeys(scopes)})

    def any(self) -> bool:
        """Whether there is a limit."""
        return any(amounts is not None for amounts in self.allowed.values())

    def why_not(self, amount: Money, used: Mapping[str, Decimal]) -> str:
        """Which limit the amount passes, with the figures; nothing where it passes none."""
        code = amount.currency.code
        who = (self.person.get_full_name() or self.person.get_username()) if self.approved else "you"
        for scope in Scope:
            most = most_in(self.allowed, scope, code)
            before = used.get(scope, Decimal(0))
            if most is None or before + amount.amount <= most:
                continue
            limit = f"the {money_text(Money(most, code))} that {who} may {VERBS[self.kind]} {scope.label.lower()}"
            if not before:
                return f"{money_text(amount)} is more than {limit}."
            left = money_text(Money(max(most - before, Decimal(0)), code))
            return (
                f"{money_text(amount)} is more than is left of {limit}: {money_text(Money(before, code))} was used "
                f"today, {left} is left."
            )
        return ""

    def refuse(self, why: str, amount: Money) -> None:
        """Raises NeedsApproval, where there is something to say; of what was approved, a plain error."""
        if why and self.approved:
            raise BusinessError(f"Nothing was done. {why} Somebody with a higher limit can approve it.")
        if why:
            raise NeedsApproval(why, kind=self.kind, amount=amount)


class LimitManager(models.Manager["Limit"]):
    def of_person(self, person: User, kind: str, *, right: str = "") -> Allowed:
        """What the person may do of this kind alone, with the `right` that it is done with.

        Of each scope the person's own limits where there are any, else the largest among the roles that give the right;
        one of them without limits of that scope is no limit. Without the right it is nothing.
        """
        right = right or RIGHTS[kind]
        app_label, codename = right.split(".")
        giving = person.groups.filter(permissions__codename=codename, permissions__content_type__app_label=app_label)
        roles = [] if person.is_superuser else list(giving.values_list("pk", flat=True))
        rows = list(self.filter(Q(person=person) | Q(role__in=roles), kind=kind))
        held = person.has_perm(right)
        return {scope: _most(rows, roles, scope) if held else {} for scope in Scope.values}

    def require(
        self,
        kind: str,
        client_key: int | None,
        amount: Money,
        by: Actor,
        *,
        right: str = "",
        of_all: Decimal | None = None,
    ) -> bool:
        """Refuse what is above the person's limits, and count what is not towards those of the day.

        Called with the client locked, after the form's key and before payment references and numbers are: it locks the
        person, so that two entries at once do not pass a day's limit together. `of_all` is the limit at once that
        Settings has for everybody. Of what was approved, the limits are those of who approved it. Gives False where
        limits are off, or the system acts.

        Raises NeedsApproval.
        """
        held = self._held(kind, by, right)
        if held is None:
            return False
        if amount.amount <= 0:
            return True
        code = amount.currency.code
        why = held.why_not(amount, LimitUse.objects.used(held.person, kind, code, client_key))
        if not why and not held.approved and of_all is not None and amount.amount > of_all:
            most = money_text(Money(of_all, code))
            why = f"{money_text(amount)} is more than the {most} that anybody may {VERBS[kind]} alone at once."
        held.refuse(why, amount)
        LimitUse.objects.write_down(held.person, kind, [(client_key, code, amount.amount)])
        return True

    def require_bulk(self, uses: Callable[[], Sequence[Use]], by: Actor, *, above: str, counts: bool = True) -> bool:
        """The same for a file of credit: how much for whom. What it gives in all is given at once.

        `above`: what of it is above the limit that everybody has, in words. Looked at only, it `counts` nothing.

        Raises NeedsApproval.
        """
        kind = LimitKind.BULK.value
        held = self._held(kind, by, "")
        if held is None:
            return False
        found, totals = uses(), dict[str, Decimal]()
        for _, code, amount in found:
            totals[code] = totals.get(code, Decimal(0)) + amount
        of_file = held.without(Scope.CLIENT_DAY)
        for code, total in totals.items():
            why = of_file.why_not(Money(total, code), LimitUse.objects.used(held.person, kind, code, None))
            held.refuse(why, Money(total, code))
        of_client = held.without(Scope.ENTRY, Scope.PERSON_DAY)
        before = LimitUse.objects.used_per_client(held.person, kind) if of_client.any() else {}
        for client_key, code, amount in found if of_client.any() else ():
            used: dict[str, Decimal] = {Scope.CLIENT_DAY: before.get((client_key, code), Decimal(0))}
            held.refuse(of_client.why_not(Money(amount, code), used), Money(totals[code], code))
        if above and found and not held.approved:
            code = max(totals, key=lambda code: totals[code])
            held.refuse(f"It has {above}, which nobody gives alone.", Money(totals[code], code))
        if counts and found:
            LimitUse.objects.write_down(held.person, kind, found)
        return True

    def _held(self, kind: str, by: Actor, right: str) -> _Held | None:
        """Lock whose limits count, and read them; None where there are none."""
        if by is None or not LimitSettings.objects.are_on():
            return None
        approval = approval_of(by)
        person = approval.approver if approval else by
        lock_key(f"limit {person.pk}")
        return _Held(person, approval is not None, kind, self.of_person(person, kind, right=right))


def _most(rows: "list[Limit]", roles: list[int], scope: str) -> Amounts | None:
    """Of one scope, the most per currency: among the person's own, else among those of the roles."""
    of_scope = [row for row in rows if row.scope == scope]
    own = {row.currency: row.amount.amount for row in of_scope if row.person_id}
    if own or not roles:
        return own or None
    most: Amounts = {}
    for role in roles:
        of_role = {row.currency: row.amount.amount for row in of_scope if row.role_id == role}
        if not of_role:
            return None
        for currency, amount in of_role.items():
            most[currency] = max(amount, most.get(currency, Decimal(0)))
    return most


class Limit(models.Model):
    """The most that those of a role, or one person, may do of a kind without somebody's approval, in one currency."""

    role = models.ForeignKey(Group, models.CASCADE, null=True, related_name="+", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=12, choices=LimitKind)
    scope = models.CharField(max_length=10, choices=Scope)
    currency = CurrencyField()
    amount = MoneyField()

    objects = LimitManager()

    class Meta:
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                name="limit_of_a_role_or_a_person",
                condition=Q(role=None, person__isnull=False) | Q(role__isnull=False, person=None),
            ),
            models.CheckConstraint(name="limit_kind", condition=Q(kind__in=LimitKind.values)),
            models.CheckConstraint(name="limit_scope", condition=Q(scope__in=Scope.values)),
            models.CheckConstraint(name="limit_not_negative", condition=Q(amount__gte=0)),
            exact_places("limit_places", "amount"),
            models.UniqueConstraint(
                fields=("role", "person", "kind", "scope", "currency"), name="limit_once", nulls_distinct=False
            ),
        )
        triggers = (frozen("currency_stays", "currency", text="A limit stays in its currency."),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.get_scope_display().lower()}: {money_text(self.amount)}"
