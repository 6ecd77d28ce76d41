"""Files of payments: how an export is read, an upload that waits to be booked, and what was booked from each file."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils import timezone

from .payment_method import PaymentMethod


class DateOrder(models.TextChoices):
    """In which order the parts of a date stand. Dates that can be read in one way alone are read in any case."""

    DAY_FIRST = "dmy", "Day first (31/01/2026)"
    MONTH_FIRST = "mdy", "Month first (01/31/2026)"
    YEAR_FIRST = "ymd", "Year first (2026-01-31)"


class DecimalSign(models.TextChoices):
    """What stands before the decimals of an amount."""

    POINT = ".", "Point (1,234.50)"
    COMMA = ",", "Comma (1.234,50)"


def _column(name: str) -> "models.CharField[str, str]":
    """The name of a column in the header of the file; empty where the file has none."""
    return models.CharField(name, max_length=100, blank=True, default="", db_default="")


def _values(name: str) -> "models.CharField[str, str]":
    """Values that a cell may have, separated by semicolons; `*` stands for all that are not named."""
    return models.CharField(name, max_length=1_000, blank=True, default="", db_default="")


class PaymentFileMapping(models.Model):
    """How the export of one bank or gateway is read: which of its columns is what, and which rows are payments.

    A column is named as in the header of the file; the empty ones are not in it. Separator, character set, order of
    dates, decimal sign and the lines before the header are told by looking at the file where they are empty. What a row
    does not say itself, its method and currency, is that of the mapping.
    """

    class Delimiter(models.TextChoices):
        COMMA = ",", "Comma"
        SEMICOLON = ";", "Semicolon"
        TAB = "\t", "Tab"
        BAR = "|", "Vertical bar"

    class Encoding(models.TextChoices):
        UTF_8 = "utf-8", "UTF-8"
        WESTERN = "cp1252", "Windows (Western European)"

    name = models.CharField(max_length=100)
    delimiter = models.CharField(max_length=1, choices=Delimiter, blank=True, default="")
    encoding = models.CharField("character set", max_length=10, choices=Encoding, blank=True, default="")
    date_order = models.CharField(max_length=3, choices=DateOrder, blank=True, default="", db_default="")
    decimal_sign = models.CharField(max_length=1, choices=DecimalSign, blank=True, default="", db_default="")
    lines_before_header = models.PositiveSmallIntegerField(null=True, blank=True)
    lines_at_end = models.PositiveSmallIntegerField(default=0, db_default=0)
    date_column = models.CharField(max_length=100)
    # One column of amounts, in which a minus is money out; or one of money in beside one of money out.
    amount_column = models.CharField(max_length=100, blank=True)
    credit_column = _column("money in column")
    debit_column = _column("money out column")
    direction_column = _column("direction column")
    incoming_values = _values("values of money in")
    outgoing_values = _values("values of money out")
    status_column = _column("status column")
    paid_statuses = _values("statuses of payments")
    other_statuses = _values("other statuses")
    type_column = _column("type column")
    payment_types = _values("types of payments")
    other_types = _values("other types")
    fees_column = models.CharField(max_length=100, blank=True)
    fees_negative = models.BooleanField("fees are written with a minus", default=False, db_default=False)
    # The gateway's own id, unique per method. What a payer writes as his reference may come again.
    id_column = models.CharField("transaction ID column", max_length=100, blank=True)
    # False for formats of before there was the difference, until staff have said which of the two their column is.
    id_confirmed = models.BooleanField(default=True, db_default=True)
    payer_reference_column = _column("payer’s reference column")
    invoice_column = models.CharField("invoice number column", max_length=100, blank=True)
    name_column = models.CharField(max_length=100, blank=True)
    account_column = _column("payer’s account column")
    text_column = models.CharField(max_length=100, blank=True)
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
                name="payment_file_mapping_amounts",
                condition=~Q(date_column="") & (~Q(amount_column="") | ~Q(credit_column="")),
            ),
        )

    def __str__(self) -> str:
        return self.name


class FormerPaymentFormat(models.Model):
    """A format as version 0.1.0 had it, by which rows that it booked are known again. Made once, never changed."""

    columns = models.JSONField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.columns['name']}"


class PaymentFile(models.Model):
    """A file that was uploaded, until it is booked or discarded. It is kept here and never on disk.

    It is read by a saved format, by a ready one or by our own, and as staff answered what the file leaves open.
    """

    name = models.CharField(max_length=255)
    content = models.BinaryField()
    mapping = models.ForeignKey(PaymentFileMapping, models.PROTECT, null=True, blank=True, related_name="+")
    ready_format = models.CharField(max_length=40, blank=True, default="", db_default="")
    payment_method = models.ForeignKey(
        PaymentMethod, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    currency = models.CharField(max_length=3, blank=True, default="", db_default="")
    date_order = models.CharField(max_length=3, choices=DateOrder, blank=True, default="", db_default="")
    decimal_sign = models.CharField(max_length=1, choices=DecimalSign, blank=True, default="", db_default="")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        indexes = (
            models.Index(
                fields=("payment_method",), name="payment_file_of_method", condition=Q(payment_method__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return self.name


class PaymentBatch(models.Model):
    """One file that was booked. Its transactions name it, so that they can be taken back together."""

    name = models.CharField(max_length=255)
    format_name = models.CharField(max_length=100)
    # Outcome → rows, and currency → what was booked, as text.
    counts = models.JSONField(default=dict)
    totals = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_by_name = models.CharField(max_length=150)
    created_at = models.DateTimeField(default=timezone.now)
    taken_back_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    taken_back_by_name = models.CharField(max_length=150, blank=True)
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        verbose_name_plural = "payment batches"
        indexes = (models.Index(fields=("-created_at", "-id"), name="payment_batch_by_age"),)

    def __str__(self) -> str:
        return self.name
