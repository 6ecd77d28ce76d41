"""Who issues the invoices: the company as it was each time it was saved."""

import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import IsNull
from django.utils import timezone

from billing_admin.countries import CODES
from billing_admin.db.functions import MinorUnits
from billing_admin.db.triggers import frozen, never_deleted

LONGEST_FOOTER = 1_000
ACCENT = "#1f4e79"

_STAYS = "What the company was stays, for the documents that name it; save it anew."


class Paper(models.TextChoices):
    """What documents are set for."""

    A4 = "a4", "A4"
    LETTER = "us-letter", "Letter"


class BankAccount(NamedTuple):
    """Where to pay what is invoiced in `currency`: an IBAN, or an account as it is written where there are none."""

    currency: str
    iban: str = ""
    account: str = ""
    bic: str = ""
    name: str = ""


class SellerLogo(models.Model):
    """A picture for documents, redrawn by us from what was uploaded; versions of the company share it."""

    sha256 = models.CharField(max_length=64, unique=True)
    png = models.BinaryField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()
        triggers = (
            frozen("logo_stays", "sha256", "png", "width", "height", text=_STAYS),
            never_deleted("logo_never_deleted", text=_STAYS, unless="false"),
        )

    def __str__(self) -> str:
        return self.sha256[:8]


class SellerVersionManager(models.Manager["SellerVersion"]):
    def current(self) -> "SellerVersion | None":
        """The company as it is now; None until it is filled in."""
        return self.order_by("-pk").first()

    def at(self, moment: datetime.datetime) -> "SellerVersion | None":
        """The company as it was then; as it was first filled in, where that came later."""
        return self.filter(saved_at__lte=moment).order_by("-pk").first() or self.order_by("pk").first()


class SellerVersion(models.Model):
    """The company as it was saved. The newest is in force; an issued document names the one that was in force then."""

    legal_name = models.CharField(max_length=200)
    address_1 = models.CharField("address", max_length=200, blank=True)
    address_2 = models.CharField("address, second line", max_length=200, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=100, blank=True)
    region = models.CharField("state or region", max_length=100, blank=True)
    country = models.CharField(max_length=2)
    vat_id = models.CharField("VAT ID", max_length=40, blank=True)
    tax_number = models.CharField(max_length=40, blank=True)
    registration = models.CharField(max_length=60, blank=True)
    registration_scheme = models.CharField(max_length=4, blank=True)
    contact_name = models.CharField(max_length=100, blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    contact_email = models.EmailField("contact e-mail", blank=True)
    electronic_scheme = models.CharField(max_length=4, blank=True)
    electronic_address = models.CharField(max_length=100, blank=True)
    accounting_currency = models.CharField(max_length=3)
    paper = models.CharField(max_length=10, choices=Paper, default=Paper.A4)
    accent = models.CharField("color", max_length=7, default=ACCENT)
    language = models.CharField(max_length=10, default="en")
    bank_accounts = models.JSONField(default=list, blank=True)
    """One `BankAccount` a currency, each as an object."""
    terms = models.JSONField(default=dict, blank=True)
    """Payment terms: language → text."""
    footer = models.CharField(max_length=LONGEST_FOOTER, blank=True)
    logo = models.ForeignKey(SellerLogo, models.PROTECT, null=True, blank=True, related_name="+")
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False)
    saved_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = SellerVersionManager()

    class Meta:
        default_permissions = ()
        permissions = (("change_seller", "Set the company and its documents"),)
        constraints = (
            models.CheckConstraint(name="seller_named", condition=~Q(legal_name="")),
            models.CheckConstraint(name="seller_country", condition=Q(country__in=CODES)),
            models.CheckConstraint(
                name="seller_currency", condition=Q(IsNull(MinorUnits(F("accounting_currency")), False))
            ),
            models.CheckConstraint(name="seller_paper", condition=Q(paper__in=["a4", "us-letter"])),
            models.CheckConstraint(name="seller_accent", condition=Q(accent__regex="^#[0-9a-f]{6}$")),
            models.CheckConstraint(
                name="seller_electronic_address",
                condition=Q(electronic_scheme="", electronic_address="")
                | ~Q(electronic_scheme="") & ~Q(electronic_address=""),
                violation_error_message="An electronic address has two parts: what it is, and the address itself.",
            ),
        )
        triggers = (
            frozen(
                "seller_stays",
                "legal_name", "address_1", "address_2", "postcode", "city", "region", "country", "vat_id",
                "tax_number", "registration", "registration_scheme", "contact_name", "contact_phone",
                "contact_email", "electronic_scheme", "electronic_address", "accounting_currency", "paper", "accent",
                "language", "bank_accounts", "terms", "footer", "logo_id", "saved_at",
                text=_STAYS,
            ),
            frozen("saver_stays", "saved_by_id", text=_STAYS, unless="NEW.saved_by_id IS NULL"),
            never_deleted("seller_never_deleted", text=_STAYS, unless="false"),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.legal_name

    @property
    def accounts(self) -> list[BankAccount]:
        """Its bank accounts."""
        return [BankAccount(**account) for account in self.bank_accounts]

    def bank_account(self, currency: str) -> BankAccount | None:
        """Where to pay an invoice in that currency."""
        return next((account for account in self.accounts if account.currency == currency), None)

    def terms_in(self, language: str) -> str:
        """The payment terms in that language, else in the company's own."""
        terms: dict[str, Any] = self.terms
        return str(terms.get(language) or terms.get(self.language) or "")

    @property
    def street_lines(self) -> list[str]:
        """The postal address without its country, a line each, without empty ones."""
        town = " ".join(part for part in (self.postcode, self.city) if part)
        return [line for line in (self.address_1, self.address_2, town, self.region) if line]

    def missing(self) -> list[str]:
        """What an e-invoice asks of the seller and is not filled in, in words."""
        account = self.bank_account(self.accounting_currency)
        asked = {
            "the city": self.city,
            "the postcode": self.postcode,
            "a VAT ID or a tax number": self.vat_id or self.tax_number,
            "an electronic address": self.electronic_address,
            "a contact’s name": self.contact_name,
            "a contact’s phone": self.contact_phone,
            "a contact’s e-mail": self.contact_email,
            f"a bank account in {self.accounting_currency}": account,
        }
        return [what for what, there in asked.items() if not there]
