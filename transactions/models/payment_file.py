"""Files of payments: how a bank's or gateway's export is read, and an upload that waits to be booked."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils import timezone

from .payment_method import PaymentMethod


class PaymentFileMapping(models.Model):
    """How the export of one bank or gateway is read: its signs, and which of its columns is what.

    A column is named as in the header of the file; the empty ones are not in it. What a row does not say itself, its
    method and currency, is that of the mapping.
    """

    class Delimiter(models.TextChoices):
        COMMA = ",", "Comma"
        SEMICOLON = ";", "Semicolon"
        TAB = "\t", "Tab"
        BAR = "|", "Vertical bar"

    class DateFormat(models.TextChoices):
        ISO = "%Y-%m-%d", "2026-01-31"
        DOTS = "%d.%m.%Y", "31.01.2026"
        DOTS_SHORT = "%d.%m.%y", "31.01.26"
        DAY_FIRST = "%d/%m/%Y", "31/01/2026"
        MONTH_FIRST = "%m/%d/%Y", "01/31/2026"
        DIGITS = "%Y%m%d", "20260131"

    class Encoding(models.TextChoices):
        UTF_8 = "utf-8", "UTF-8"
        WESTERN = "cp1252", "Windows (Western European)"

    name = models.CharField(max_length=100)
    delimiter = models.CharField(max_length=1, choices=Delimiter, default=Delimiter.COMMA)
    encoding = models.CharField(max_length=10, choices=Encoding, default=Encoding.UTF_8)
    date_format = models.CharField(max_length=10, choices=DateFormat, default=DateFormat.ISO)
    decimal_comma = models.BooleanField("amounts have a decimal comma", default=False)
    date_column = models.CharField(max_length=100)
    amount_column = models.CharField(max_length=100)
    reference_column = models.CharField(max_length=100, blank=True)
    invoice_column = models.CharField("invoice number column", max_length=100, blank=True)
    name_column = models.CharField(max_length=100, blank=True)
    text_column = models.CharField(max_length=100, blank=True)
    fees_column = models.CharField(max_length=100, blank=True)
    currency_column = models.CharField(max_length=100, blank=True)
    method_column = models.CharField(max_length=100, blank=True)
    payment_method = models.ForeignKey(PaymentMethod, models.PROTECT, null=True, blank=True, related_name="+")
    currency = models.CharField(max_length=3, blank=True)

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                Upper("name"),
                name="payment_file_mapping_name_once",
                violation_error_message="There is a file format of this name already.",
            ),
            models.CheckConstraint(
                name="payment_file_mapping_columns", condition=~Q(date_column="") & ~Q(amount_column="")
            ),
        )

    def __str__(self) -> str:
        return self.name


class PaymentFile(models.Model):
    """A file that was uploaded, until it is booked or discarded. It is kept here and never on disk."""

    name = models.CharField(max_length=255)
    content = models.BinaryField()
    mapping = models.ForeignKey(PaymentFileMapping, models.PROTECT, null=True, blank=True, related_name="+")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
