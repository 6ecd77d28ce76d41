"""The client: who is billed, in which currency by default, and how their credit is used."""

import pgtrigger
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, GeneratedField, Q, TextField, Value
from django.db.models.functions import Coalesce, Concat, NullIf, Trim, Upper
from django.db.models.lookups import IsNull
from django.utils import timezone

from billing_admin.countries import CODES, country_name, find_country
from billing_admin.db.functions import (
    MinorUnits,
    NameWords,
    SearchFold,
    SearchPairs,
    TypedInFields,
    search_of_typed,
)
from billing_admin.db.triggers import frozen, refuse
from billing_admin.errors import BusinessError
from billing_admin.money.fields import CurrencyField

from .client_queryset import PHONE_DIGITS, ClientQuerySet, only

# An address as most mail servers deliver it: `name+tag@` goes to `name@`. A hint, never a proof.
MAILBOX = Upper(Func(F("email"), Value(r"\+[^@]*@"), Value("@"), function="regexp_replace", output_field=TextField()))
LONGEST_PO_NUMBER = 50
LONGEST_REASON = 200
TAX_ID_PLAIN = Upper(only("tax_id", "[^A-Za-z0-9]"))


class CreditUse(models.TextChoices):
    """When credit is applied to an invoice by itself. The invoice decides, else the client, else the system."""

    ALWAYS = "always", "Always"
    WHOLE = "whole", "Only if it covers the whole invoice"
    NEVER = "never", "Never"


class Exemption(models.TextChoices):
    """Why there is no tax, by the codes of UNTDID 5305."""

    REVERSE_CHARGE = "AE", "Reverse charge"
    EXEMPT = "E", "Exempt"
    ZERO = "Z", "Zero rate"
    OUTSIDE = "O", "Outside the scope of tax"


class EInvoice(models.TextChoices):
    """Which e-invoice a client wants; an invoice that cannot be one is then not issued."""

    FACTUR_X = "factur_x", "Factur-X / ZUGFeRD (in the PDF)"
    XRECHNUNG = "xrechnung", "XRechnung"
    PEPPOL = "peppol", "Peppol BIS Billing 3"


class ClientGroup(models.Model):
    """A named group of clients, for lists and filters."""

    name = models.CharField(max_length=100, unique=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


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
    exemption = models.CharField(
        "why exempt",
        max_length=2,
        choices=Exemption,
        blank=True,
        default="",
        db_default="",
        help_text="An e-invoice says it.",
    )
    exemption_reason = models.CharField(
        "reason in words", max_length=LONGEST_REASON, blank=True, default="", db_default="",
        help_text="Printed below the total, as in: Exempt under article 132 of Directive 2006/112/EC.",
    )  # fmt: skip
    tax_rate = models.DecimalField("tax rate, %", max_digits=6, decimal_places=3, null=True, blank=True)
    credit_use = models.CharField(
        "automatic use of credit",
        max_length=10,
        choices=CreditUse,
        blank=True,
        help_text="Empty: as the system is set.",
    )
    language = models.CharField(max_length=10, blank=True)
    po_number = models.CharField(
        "purchase-order number",
        max_length=LONGEST_PO_NUMBER,
        blank=True,
        default="",
        db_default="",
        help_text="Printed on invoices, unless an invoice or a billable item has another.",
    )
    registration = models.CharField(
        "registration number", max_length=60, blank=True, default="", db_default="", help_text="As in HRB 12345."
    )
    electronic_scheme = models.CharField(max_length=4, blank=True, default="", db_default="")
    electronic_address = models.CharField(
        max_length=100, blank=True, default="", db_default="", help_text="Where e-invoices are delivered."
    )
    buyer_reference = models.CharField(
        max_length=100,
        blank=True,
        default="",
        db_default="",
        help_text="What the client’s accounts asked for; for authorities in Germany the Leitweg-ID.",
    )
    e_invoice = models.CharField(
        "e-invoice", max_length=10, choices=EInvoice, blank=True, default="", db_default="",
        help_text="An invoice of a client who needs one is not issued before it can be one.",
    )  # fmt: skip
    no_mail = models.BooleanField(
        "no mail", default=False, db_default=False, help_text="Nothing is sent to this client by itself."
    )
    reminders_paused_until = models.DateField(null=True, blank=True)
    custom = models.JSONField(default=dict, db_default={}, blank=True)
    """What was typed into the fields that the installation defines: the id of the field → text."""
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
            ("close_client", "Close and reopen clients"),
            ("merge_client", "Merge clients"),
            ("undo_merge", "Undo a merge"),
            ("export_client", "Export everything held about a client"),
            ("delete_client", "Delete a client"),
            ("delete_transactions", "Delete a client's transactions with the client"),
            ("save_lists", "Save lists as files"),
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
            models.CheckConstraint(
                name="client_exemption",
                condition=Q(exemption="", exemption_reason="")
                | Q(exemption__in=["", "AE", "E", "O", "Z"], tax_exempt=True),
                violation_error_message="Only a client who is tax exempt has a reason for it.",
            ),
            models.CheckConstraint(
                name="client_electronic_address",
                condition=Q(electronic_scheme="", electronic_address="")
                | ~Q(electronic_scheme="") & ~Q(electronic_address=""),
                violation_error_message="An electronic address has two parts: what it is, and the address itself.",
            ),
            models.CheckConstraint(
                name="client_e_invoice", condition=Q(e_invoice__in=["", "factur_x", "xrechnung", "peppol"])
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
            GinIndex(SearchPairs(F("search_text")), name="client_by_pairs"),
            models.Index(MAILBOX, name="client_by_mailbox", condition=~Q(email="")),
            models.Index(fields=("sort_name", "id"), name="client_by_name"),
            models.Index(fields=("status", "number"), name="client_by_status"),
            models.Index(fields=("created_at", "id"), name="client_by_age"),
            models.Index(Upper("email"), name="client_by_email"),
            # By these the page of duplicates finds the same phone or tax ID, however it was typed, and who is near.
            models.Index(PHONE_DIGITS, name="client_by_phone", condition=~Q(phone="")),
            models.Index(TAX_ID_PLAIN, name="client_by_tax_id", condition=~Q(tax_id="")),
            models.Index(fields=("postcode", "-id"), name="client_by_postcode", condition=~Q(postcode="")),
            # By this a client that is deleted is found in what was typed about another.
            GinIndex(OpClass(TypedInFields("custom"), name="gin_trgm_ops"), name="client_by_typed_fields"),
            search_of_typed("exemption_reason", name="client_by_exemption_reason"),
            # By these a payer's name is looked for, whatever the order of its words.
            models.Index(NameWords("company_name"), name="client_by_company_words", condition=~Q(company_name="")),
            models.Index(NameWords("first_name", "last_name"), name="client_by_person_words"),
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

    def drop_exemption(self) -> list[str]:
        """Forget why there is no tax of a client who is not exempt any more; returns the columns that were emptied."""
        emptied = [name for name in ("exemption", "exemption_reason") if not self.tax_exempt and getattr(self, name)]
        for name in emptied:
            setattr(self, name, "")
        return emptied

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
        """The postal address, a line each, without empty ones; the country by its name."""
        town = " ".join(part for part in (self.postcode, self.city) if part)
        return [
            line for line in (self.address_1, self.address_2, town, self.region, country_name(self.country)) if line
        ]
