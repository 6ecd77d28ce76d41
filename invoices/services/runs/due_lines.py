"""What is due, in one statement: for a run, which writes it down, and for its preview, which adds it up."""

import datetime
import json
from typing import Any

from invoices.models import RunLimits, TaxSettings

# The fewest days between two due dates of a cycle, which bounds how many periods can be due; `due_date` has the dates.
_FEWEST_DAYS = {
    "once": 1,
    "weekly": 7,
    "monthly": 28,
    "quarterly": 89,
    "half_yearly": 181,
    "yearly": 365,
    "two_yearly": 730,
    "three_yearly": 1095,
}
CYCLE_ROWS = ", ".join(f"('{cycle}', {days})" for cycle, days in _FEWEST_DAYS.items())

# Every period of every item that is due. Period n is counted from starts_on, so that month ends come out right.
DUE_LINES_SQL = f"""
    SELECT item.id AS item_id, item.client_id, item.currency, item.description, item.quantity, item.unit_price,
           item.unit, rate.tax_rate, kind.tax_category, why.tax_reason, price.tax_included,
           due.number AS period_number, due.period, due.next_period,
           coalesce(nullif(item.po_number, ''), client.po_number) AS po_number,
           CASE WHEN price.tax_included THEN rounded.amount - taxed.tax ELSE rounded.amount END AS amount, taxed.tax
    FROM invoices_billableitem item
    JOIN clients_client client ON client.id = item.client_id
    JOIN (VALUES {CYCLE_ROWS}) AS cycle (code, fewest_days) ON cycle.code = item.cycle
    LEFT JOIN invoices_taxrate home ON home.country = client.country
    LEFT JOIN invoices_taxrate elsewhere ON elsewhere.country = ''
    CROSS JOIN LATERAL (
        SELECT CASE WHEN client.tax_exempt THEN 0
                    ELSE coalesce(item.tax_rate, client.tax_rate, home.rate, elsewhere.rate, 0) END AS tax_rate
    ) rate
    CROSS JOIN LATERAL ( -- as `tax_category` of services/tax.py says it of a line made by hand
        SELECT CASE WHEN rate.tax_rate > 0 THEN 'S'
                    WHEN client.tax_exempt THEN client.exemption
                    WHEN item.tax_category <> '' THEN item.tax_category
                    WHEN client.tax_rate IS NOT NULL THEN ''
                    ELSE coalesce(home.category, elsewhere.category, '') END AS tax_category
    ) kind
    CROSS JOIN LATERAL (
        SELECT CASE WHEN kind.tax_category NOT IN ('AE', 'E', 'O') THEN ''
                    ELSE coalesce(
                        nullif(CASE WHEN client.tax_exempt THEN client.exemption_reason
                                    WHEN item.tax_category <> '' THEN ''
                                    ELSE coalesce(home.reason, elsewhere.reason) END, ''),
                        CASE WHEN kind.tax_category = 'E' THEN %(exempt_reason)s ELSE '' END) END AS tax_reason
    ) why
    CROSS JOIN LATERAL (SELECT coalesce(item.tax_included, %(prices_include_tax)s) AS tax_included) price
    CROSS JOIN LATERAL (
        SELECT round(item.quantity * item.unit_price, minor_units(item.currency)) AS amount
    ) rounded
    CROSS JOIN LATERAL ( -- thirty places: the quotient must not be rounded before it is rounded
        SELECT CASE WHEN rate.tax_rate = 0 THEN 0 ELSE round(
            (rounded.amount * rate.tax_rate)::numeric(60, 30)
                / (100 + CASE WHEN price.tax_included THEN rate.tax_rate ELSE 0 END),
            minor_units(item.currency)
        ) END AS tax
    ) taxed
    CROSS JOIN LATERAL (
        SELECT number, due_date(item.starts_on, item.cycle, number) AS period,
               CASE WHEN item.cycle <> 'once' THEN due_date(item.starts_on, item.cycle, number + 1) END AS next_period
        FROM generate_series(
            item.periods_billed,
            CASE WHEN item.cycle = 'once' THEN 0
                 ELSE item.periods_billed + (%(as_of)s - item.next_due_on) / cycle.fewest_days END
        ) number
    ) due
    WHERE item.client_id = ANY(%(client_ids)s) AND item.next_due_on <= %(as_of)s AND NOT item.paused
      AND due.period <= %(as_of)s AND (item.ends_on IS NULL OR due.period <= item.ends_on)
      AND client.status = 'active'
"""

# What no invoice of a run exceeds; a limit that is not set refuses nothing.
BEYOND_SQL = """
    (total > (%(largest_totals)s::jsonb ->> currency)::numeric OR lines > %(most_lines)s::integer
     OR oldest < %(as_of)s::date - %(oldest_days)s::integer)
"""


def due_parameters(as_of: datetime.date, limits: RunLimits) -> dict[str, Any]:
    """The parameters of DUE_LINES_SQL and BEYOND_SQL, all but `client_ids`."""
    tax = TaxSettings.objects.current()
    return {
        "as_of": as_of,
        "prices_include_tax": tax.prices_include_tax,
        "exempt_reason": tax.exempt_reason,
        "largest_totals": json.dumps(limits.largest_totals),
        "most_lines": limits.most_lines,
        "oldest_days": limits.oldest_days,
    }
