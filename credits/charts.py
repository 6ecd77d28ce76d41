"""Pictures of credit."""

import datetime

from django.urls import reverse

from billing_admin.charts import Chart, Point, Series
from billing_admin.db.days import ends_shown
from credits.selectors.liability import held_at_ends_of


def liability_charts(last: datetime.date) -> dict[str, Chart]:
    """Currency → the picture of what was held at the ends of the months before that day's, and on that day."""
    days, entries = ends_shown(last), reverse("credits:entries")
    charts = {}
    for currency, amounts in held_at_ends_of(days).items():
        points = [
            Point(f"{day:%b %Y}", amount, f"{entries}?currency={currency}&to={day}")
            for day, amount in zip(days, amounts, strict=True)
        ]
        charts[currency] = Chart(f"held-{currency}", "line", currency, [Series("Held", points)], "At the end of")
    return charts
