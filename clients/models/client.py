"""The client: who is billed, in which currency by default, and how their credit is used."""

from collections.abc import Callable, Iterable
from typing import Any

import pgtrigger
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import F, Func, GeneratedField, Q, TextField, Value
from django.db.models.functions import Coalesce, Concat, NullIf, Trim, Upper
from django.db.models.lookups import IsNull
from django.utils import timezone

from billing_admin.countries import CODES, find_country
from billing_admin.db.functions import MinorUnits, SearchFold
from billing_admin.db.limits import lock_rows
from billing_admin.db.locks import BILLING
from billing_admin.db.triggers import frozen, refuse
from billing_admin.errors import BusinessError
from billing_admin.money.fields import CurrencyField


def _only(column: str, unwanted: str) -> Func:
    """A column without the characters that people type differently."""
    return Func(F(column), Value(unwanted), Value(""), Value("g"), function="regexp_replace", output_field=TextField())


def words_of_contact(of: str = "") -> Func:
    """What a contact is found by; `of` leads to the contacts (`contacts__`)."""
    parts = (F(f"{of}first_name"), Value(" "), F(f"{of}last_name"), Value(" "), F(f"{of}email"))
    return SearchFold(Concat(*parts, output_field=TextField()))


def words_of_note(of: str = "") -> Func:
    """What a note is found by; `of` leads to the notes (`notes__`)."""
    return SearchFold(F(f"{of}text"))


PHONE_DIGITS = _only("phone", "[^0-9]")
TAX_ID_PLAIN = Upper(_only("tax_id", "[^A-Za-z0-9]"))


class CreditUse(models.TextChoices):
    """When credit is applied to an invoice by itself. The invoice decides, else the client, else the system."""

    ALWAYS = "always", "Always"
    WHOLE = "whole", "Only if it covers the whole invoice"
    NEVER = "never", "Never"


class ClientGroup(models.Model):
    """A named group of clients, for lists and filters."""

    name = models.CharField(max_length=100, unique=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class ClientGone(BusinessError):
    """The client was deleted or merged into another since the page was opened."""

    def __init__(self) -> None:
        super().__init__("This client was deleted or merged meanwhile; nothing was done. Look it up again.")


# Which run bills a client, as its row and the locks of that transaction say.
_BILLED_BY = """
    SELECT client.number, billing.objid::bigint
    FROM clients_client client
    JOIN pg_locks holder ON holder.locktype = 'transactionid' AND holder.transactionid = client.xmax
        AND holder.mode = 'ExclusiveLock' AND holder.granted
    JOIN pg_locks billing ON billing.pid = holder.pid AND billing.locktype = 'advisory' AND billing.objsubid = 2
        AND billing.classid = %s::oid AND billing.granted
    WHERE client.id = ANY(%s) ORDER BY client.id LIMIT 1
"""


def _who_has_locked(ids: Any) -> str:
    """Why clients could not be locked, for staff."""
    with connection.cursor() as cursor:
        cursor.execute(_BILLED_BY, [BILLING, list(ids)])
        found = cursor.fetchone()
    if found:
        return f"Client {found[0]} is being billed by run {found[1]}; nothing was done. Try again in a moment."
    client = "this client" if len(ids) == 1 else "one of these clients"
    return f"Somebody else is changing {client} at this moment; nothing was done. Try again in a moment."


# So many clients at most are looked for before what they have is listed.
MOST_FOUND = 1_000


class SearchTooBroad(BusinessError):
    """So many clients match that a list of what they have would say nothing, and take long."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"More than {MOST_FOUND:,} clients match “{text}”. Type more of the name, an e-mail address or a number."
        )


class ClientQuerySet(models.QuerySet["Client"]):
    def lock(self, ids: Iterable[int]) -> list["Client"]:
        """Lock client rows before anything of theirs is read or written: the project's one lock order.

        Once per database transaction, with all the clients that it concerns; rows come back ordered by id. FOR NO KEY
        UPDATE leaves other sessions' foreign-key inserts alone.

        Raises Busy, only in a request.
        """
        return self._locked(set(ids))

    def _locked(self, ids: Any, *columns: str, whole: bool = False) -> list[Any]:
        found = self.filter(pk__in=ids).order_by("pk")
        rows: models.QuerySet[Any, Any] = found.values_list(*columns, flat=True) if columns else found
        return lock_rows(
            lambda nowait: list(rows.select_for_update(of=("self",), no_key=not whole, nowait=nowait)),
            lambda: _who_has_locked(ids),
        )

    def lock_one(self, pk: int) -> "Client":
        """Lock one client.

        Raises ClientGone, and Busy in a request.
        """
        for client in self.lock([pk]):
            return client
        raise ClientGone

    def lock_ids(self, ids: "Iterable[int | None] | models.QuerySet[Any, Any]") -> list[int]:
        """The same lock for many clients, without loading them. Returns the ids locked, in order.

        `ids` may be a query of one column: then they never leave the database.
        """
        return self._locked(ids if isinstance(ids, models.QuerySet) else set(ids), "pk")

    def lock_free_ids(self, limit: int) -> list[int]:
        """The same lock for the first `limit` of these clients that nobody else has locked: run workers do not wait."""
        free = self.order_by("pk").select_for_update(of=("self",), no_key=True, skip_locked=True)
        return list(free.values_list("pk", flat=True)[:limit])

    def lock_for_removal(self, pk: int) -> None:
        """Lock a client more strictly, after `lock`: nobody can add a row that refers to it while it is deleted."""
        self._locked([pk], "pk", whole=True)

    def numbered(self, number: int) -> "ClientQuerySet":
        """The client that has this number, or had it before a merge."""
        if not 0 < number < 2**63:
            return self.none()
        own = Client.objects.filter(number=number).values("pk")
        former = Client.objects.filter(aliases__number=number).values("pk")
        return self.filter(pk__in=own.union(former))

    def matching(self, text: str) -> "ClientQuerySet":
        """Clients that a person typing `text` looks for: a number, an e-mail, or words of a name, company or e-mail.

        An e-mail address that somebody has finds only those who have it. Every word must occur, in what the client is
        called or in one contact or note of it. A word of three letters or more is found anywhere, by trigram; where all
        are shorter, they are looked for at the start of the name that the list is sorted by.
        """
        words = text.replace("\0", "").split()  # PostgreSQL's text has no null character
        if not words:
            return self
        number = words[0].lstrip("#")
        if len(words) == 1 and number.isascii() and number.isdigit():
            return self.numbered(int(number)) if len(number) <= 19 else self.none()
        if len(words) == 1 and "@" in number:
            theirs = _having(words, "contacts", words_of_contact).alias(theirs=F("contacts__email"))
            theirs = theirs.filter(theirs__iexact=words[0])[:MOST_FOUND]
            exact = self.filter(Q(email__iexact=words[0]) | Q(pk__in=[pk for (pk,) in theirs]))
            if exact.exists():
                return exact
        if all(len(word) < 3 for word in words):
            return self.filter(sort_name__startswith=SearchFold(Value(" ".join(words))))
        found = Q()
        for word in words:
            found &= Q(search_text__contains=SearchFold(Value(word)))
        # Ids, not a subquery: only then does an index serve both sides of the OR.
        of_contacts = _having(words, "contacts", words_of_contact)[:MOST_FOUND]
        of_notes = _having(words, "notes", words_of_note)[:MOST_FOUND]
        beside = [pk for (pk,) in of_contacts.union(of_notes)]
        return self.filter(found | Q(pk__in=beside) if beside else found)

    def ids_matching(self, text: str) -> list[int]:
        """Their ids, for a list of what they have: ids, not a subquery, so that an index leads to each one's rows.

        Raises SearchTooBroad.
        """
        found = list(self.matching(text).order_by("-pk").values_list("pk", flat=True)[: MOST_FOUND + 1])
        if len(found) > MOST_FOUND:
            raise SearchTooBroad(text)
        return found


def _having(words: Iterable[str], rows: str, text: Callable[[str], Func]) -> models.QuerySet[Any, Any]:
    """The ids of clients with a row, a contact or a note, whose text has all the words."""
    found = Client.objects.filter(**{f"{rows}__isnull": False}).alias(text=text(f"{rows}__"))  # an inner join
    for word in words:
        found = found.filter(text__contains=SearchFold(Value(word)))
    return found.values_list("pk")


class Client(models.Model):
    """A customer account. `number` is what staff and the client know it by, and is never given twice."""

    class Status(models.TextChoices):
        ACTIVE = "active", "Active"
        INACTIVE = "inactive", "Inactive"
        CLOSED = "closed", "Closed"

    number = models.PositiveBigIntegerField("client ID", unique=True, db_default=Func(function="next_client_number"))
    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
    company_name = models.CharField(max_length=200, blank=True)
    name = GeneratedField(
        expression=Coalesce(
            NullIf(F("company_name"), Value("")),
            Trim(Concat(F("first_name"), Value(" "), F("last_name"), output_field=TextField())),
            output_field=TextField(),
        ),
        output_field=TextField(),
        db_persist=True,
        editable=False,
    )
    """What the client is called everywhere: the company, else the person."""
    email = models.EmailField("e-mail address", blank=True)
    phone = models.CharField(max_length=40, blank=True)
    tax_id = models.CharField("tax ID", max_length=40, blank=True)
    address_1 = models.CharField("address", max_length=200, blank=True)
    address_2 = models.CharField("address, second line", max_length=200, blank=True)
    city = models.CharField(max_length=100, blank=True)
    region = models.CharField("state or region", max_length=100, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=2, blank=True)
    currency = CurrencyField()
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    group = models.ForeignKey(ClientGroup, models.SET_NULL, null=True, blank=True, related_name="clients")
    tax_exempt = models.BooleanField(default=False)
    tax_rate = models.DecimalField("tax rate, %", max_digits=6, decimal_places=3, null=True, blank=True)
    credit_use = models.CharField(
        "automatic use of credit",
        max_length=10,
        choices=CreditUse,
        blank=True,
        help_text="Empty: as the system is set.",
    )
    language = models.CharField(max_length=10, blank=True)
    created_at = models.DateTimeField("client since", default=timezone.now)
    updated_at = models.DateTimeField(auto_now=True)

    search_text = GeneratedField(
        expression=SearchFold(
            Concat(
                F("first_name"), Value(" "), F("last_name"), Value(" "), F("company_name"), Value(" "), F("email"),
                output_field=TextField(),
            )
        ),
        output_field=TextField(),
        db_persist=True,
        editable=False,
    )  # fmt: skip
    # "C" collation: one btree index serves the sorted list, its keyset pages and short prefix searches.
    sort_name = GeneratedField(
        expression=SearchFold(
            Coalesce(
                NullIf(F("company_name"), Value("")),
                Concat(F("last_name"), Value(" "), F("first_name"), output_field=TextField()),
                output_field=TextField(),
            )
        ),
        output_field=TextField(db_collation="C"),
        db_persist=True,
        editable=False,
    )

    objects = ClientQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = (
            ("view_client", "See clients"),
            ("add_client", "Add and import clients"),
            ("change_client", "Edit a client's profile"),
            ("merge_client", "Merge clients and undo a merge"),
            ("export_client", "Export everything held about a client"),
            ("delete_client", "Delete a client"),
            ("delete_transactions", "Delete a client's transactions with the client"),
        )
        constraints = (
            models.CheckConstraint(
                name="client_has_a_name",
                condition=~Q(first_name="", last_name="", company_name=""),
                violation_error_message="Give a first name, a last name or a company name.",
            ),
            models.CheckConstraint(name="client_status", condition=Q(status__in=["active", "inactive", "closed"])),
            models.CheckConstraint(name="client_number_positive", condition=Q(number__gt=0)),
            models.CheckConstraint(
                name="client_tax_rate", condition=Q(tax_rate=None) | Q(tax_rate__gte=0, tax_rate__lte=100)
            ),
            models.CheckConstraint(name="client_credit_use", condition=Q(credit_use__in=["", *CreditUse.values])),
            models.CheckConstraint(
                name="client_country",
                condition=Q(country__in=["", *CODES]),
                violation_error_message="The country is not in the list.",
            ),
            models.CheckConstraint(name="client_currency", condition=Q(IsNull(MinorUnits(F("currency")), False))),
        )
        triggers = (
            frozen("keeps_its_number", "number", text="A client keeps its number."),
            pgtrigger.Trigger(
                name="number_never_given_twice",
                level=pgtrigger.Statement,
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                referencing=pgtrigger.Referencing(new="new_rows"),
                func=f"""
                    IF EXISTS (SELECT FROM new_rows JOIN clients_clientnumberalias USING (number))
                       OR EXISTS (SELECT FROM new_rows JOIN clients_clientdeletion USING (number)) THEN
                        {refuse("This client number belonged to a client that was merged or deleted.")}
                    END IF;
                    RETURN NULL;
                """,
            ),
        )
        indexes = (
            GinIndex(OpClass(F("search_text"), name="gin_trgm_ops"), name="client_search"),
            models.Index(fields=("sort_name", "id"), name="client_by_name"),
            models.Index(fields=("status", "number"), name="client_by_status"),
            models.Index(fields=("created_at", "id"), name="client_by_age"),
            models.Index(Upper("email"), name="client_by_email"),
            # By these the page of duplicates finds the same phone or tax ID, however it was typed, and who is near.
            models.Index(PHONE_DIGITS, name="client_by_phone", condition=~Q(phone="")),
            models.Index(TAX_ID_PLAIN, name="client_by_tax_id", condition=~Q(tax_id="")),
            models.Index(fields=("postcode", "-id"), name="client_by_postcode", condition=~Q(postcode="")),
        )

    def __str__(self) -> str:
        return f"#{self.number} {self.name}"

    def clean(self) -> None:
        """Name the country that was meant, where it is none; the constraint would only refuse it."""
        if self.country not in CODES:
            try:
                self.country = find_country(self.country)
            except BusinessError as error:
                raise ValidationError({"country": str(error)}) from None

    def require_country(self) -> None:
        """Refuse to change a client of before there was a list of countries, as long as it has one that is not in it.

        Raises BusinessError.
        """
        if self.country not in ("", *CODES):
            raise BusinessError(
                f"Client {self.number} has the country “{self.country}”, which is none. Give it one of the list on its "
                "Profile first."
            )

    @property
    def person(self) -> str:
        """The person's full name; empty where only the company is known."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def address_lines(self) -> list[str]:
        """The postal address, a line each, without empty ones."""
        town = " ".join(part for part in (self.postcode, self.city) if part)
        return [line for line in (self.address_1, self.address_2, town, self.region, self.country) if line]
