"""Where document numbers come from: gap-free, in issue order."""

from django.db import connection, models


class NumberSeriesManager(models.Manager["NumberSeries"]):
    def take(self, document: str, count: int) -> tuple[str, int]:
        """Reserve `count` numbers and return the prefix and the first of them.

        Gap-free: the row stays locked until commit and a rollback gives the numbers back, so take them last.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO invoices_numberseries AS series (document, prefix, next_number)
                VALUES (%(document)s, %(prefix)s, 1 + %(count)s)
                ON CONFLICT (document) DO UPDATE SET next_number = series.next_number + %(count)s
                RETURNING prefix, next_number - %(count)s
                """,
                {"document": document, "prefix": NumberSeries.DEFAULT_PREFIXES[document], "count": count},
            )
            prefix, first = cursor.fetchone()
        return prefix, first


class NumberSeries(models.Model):
    """The next number of one kind of document."""

    INVOICE = "invoice"
    DEFAULT_PREFIXES = {INVOICE: "INV-"}

    document = models.CharField(max_length=20, primary_key=True)
    prefix = models.CharField(max_length=16, blank=True)
    next_number = models.PositiveBigIntegerField(default=1)

    objects = NumberSeriesManager()

    class Meta:
        default_permissions = ()
        verbose_name_plural = "number series"

    def __str__(self) -> str:
        return f"{self.prefix}{self.next_number}"
