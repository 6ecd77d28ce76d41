"""What an invoice takes over on the day it is issued, so that its document says the same for ever."""

from django.db import models

from billing_admin.countries import country_name
from clients.models.client import EInvoice

from .seller import SellerVersion

LONGEST_REFERENCE = 100


def _text(longest: int) -> "models.CharField[str, str]":
    return models.CharField(max_length=longest, blank=True, default="", db_default="")


class AsIssued(models.Model):
    """The buyer as they were and the company as it was; all of it is frozen once the invoice is issued.

    An invoice has its snapshot when it names a `seller` and says what was `prepaid`. One that was issued before the
    company was filled in has none; it has the address in one text, `bill_to_address`, if it is older than the columns.
    """

    seller = models.ForeignKey(
        SellerVersion, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, db_constraint=False
    )
    bill_to_name = models.CharField(max_length=300, blank=True)
    bill_to_address = models.TextField(blank=True)
    bill_to_email = models.CharField(max_length=254, blank=True)
    bill_to_tax_id = models.CharField(max_length=40, blank=True)
    bill_to_person = _text(201)
    """Whom it is for the attention of, where the name is a company's."""
    bill_to_line_1 = _text(200)
    bill_to_line_2 = _text(200)
    bill_to_postcode = _text(20)
    bill_to_city = _text(100)
    bill_to_region = _text(100)
    bill_to_country = _text(2)
    bill_to_registration = _text(60)
    bill_to_e_scheme = _text(4)
    bill_to_e_address = _text(100)
    buyer_reference = _text(LONGEST_REFERENCE)
    language = _text(10)
    """As it was asked for: the client's, else the company's."""
    e_invoice = models.CharField(max_length=10, choices=EInvoice, blank=True, default="", db_default="")
    accounting_rate = models.DecimalField(max_digits=18, decimal_places=9, null=True, blank=True)
    """One unit of the invoice's currency in that of the company's books; NULL where that is the same, or not known."""
    prepaid = models.DecimalField(max_digits=18, decimal_places=3, null=True, blank=True)
    """The credit that was applied when the transaction which issued it ended; what is applied later is not in it."""

    class Meta:
        abstract = True

    @property
    def has_snapshot(self) -> bool:
        """Whether its document can say everything."""
        return self.seller_id is not None and self.prepaid is not None

    @property
    def address_lines(self) -> list[str]:
        """The postal address as it was at issue, a line each, without empty ones; the country by its name."""
        if self.bill_to_address:
            return self.bill_to_address.splitlines()
        town = " ".join(part for part in (self.bill_to_postcode, self.bill_to_city) if part)
        lines = (
            self.bill_to_person, self.bill_to_line_1, self.bill_to_line_2, town, self.bill_to_region,
            country_name(self.bill_to_country),
        )  # fmt: skip
        return [line for line in lines if line]


FROZEN_AT_ISSUE = (
    "seller_id", "bill_to_name", "bill_to_address", "bill_to_email", "bill_to_tax_id", "bill_to_person",
    "bill_to_line_1", "bill_to_line_2", "bill_to_postcode", "bill_to_city", "bill_to_region", "bill_to_country",
    "bill_to_registration", "bill_to_e_scheme", "bill_to_e_address", "buyer_reference", "language", "e_invoice",
    "accounting_rate",
)  # fmt: skip
