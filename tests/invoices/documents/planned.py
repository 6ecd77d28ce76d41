"""Snapshots of documents that nobody issued, made without a database: any company, client and lines."""

import datetime
from decimal import Decimal
from typing import Any

from djmoney.money import Money
from hypothesis import strategies as st

from billing_admin.money.amounts import minor_units
from clients.models import Client
from invoices.documents.codes import SCHEMES, UNITS
from invoices.documents.snapshot import Snapshot, snapshot_of_planned
from invoices.documents.taken_over import CompanyThatDay
from invoices.models import Invoice, InvoiceLine, SellerVersion
from invoices.services.tax import tax_line
from tests.invoices.companies import ACCOUNT

ON = datetime.date(2026, 11, 29)
# Control characters, markup, what turns a text around, halves of a pair, and what a note must not begin with.
HOSTILE = "\x01\x07<&>\"']]>#???# {x} %s \u202e\u2066\ufffe\ud800 שלום 漢字 🙂\u200b\n\t"


def planned(
    company: dict[str, Any], buyer: dict[str, Any], lines: list[dict[str, Any]], *, prepaid: str = "0", **about: Any
) -> Snapshot:
    """What an invoice over these lines would say. Each line has price, quantity, rate, included and so on."""
    currency = about.pop("currency", "EUR")
    rows = [_line(position, currency, **each) for position, each in enumerate(lines, 1)]
    subtotal, tax = (sum((getattr(row, name) for row in rows), Money(0, currency)) for name in ("amount", "tax"))
    to = Client(**{name: value for name, value in buyer.items() if name != "name"})
    to.name = buyer["name"]  # which the database makes
    total = subtotal + tax
    paid = min(Decimal(prepaid), total.amount).quantize(Decimal(1).scaleb(-minor_units(currency)))
    invoice = Invoice(
        client=to, currency=currency, due_on=ON, subtotal=subtotal, tax=tax, total=total, prepaid=paid,
        buyer_reference=about.pop("buyer_reference", ""), po_number=about.pop("po_number", ""),
    )  # fmt: skip
    rates = about.pop("rates", {})
    made = snapshot_of_planned(invoice, rows, ON, CompanyThatDay(SellerVersion(**company), rates))
    return {**made, "number": "INV-000123", "seller": {**made["seller"], "id": 1}, **about}  # type: ignore[typeddict-item]


def _line(position: int, currency: str, **said: Any) -> InvoiceLine:
    price, quantity = Money(Decimal(said["price"]), currency), Decimal(said.get("quantity", "1"))
    rate, included = Decimal(said.get("rate", "20")), said.get("included", False)
    taxed = tax_line(price=price, quantity=quantity, rate=rate, included=included)
    return InvoiceLine(
        position=position, description=said.get("name", "Hosting"), quantity=quantity, currency=currency,
        unit_price=price, unit=said.get("unit", "C62"), tax_rate=rate, tax_included=included, amount=taxed.amount,
        tax=taxed.tax, tax_category="S" if rate else said.get("category", ""), tax_reason=said.get("reason", ""),
        po_number=said.get("po_number", ""), period=said.get("period"), period_end=said.get("period_end"),
    )  # fmt: skip


def credited(snapshot: Snapshot) -> Snapshot:
    """The same as a credit note of an invoice over it."""
    total = snapshot["totals"]["total"]
    return {
        **snapshot, "kind": "credit_note", "due_on": None, "terms": "", "payment": None, "reason": HOSTILE,
        "corrects": {"number": "INV-000122", "issued_on": "2026-11-01"},
        "totals": {**snapshot["totals"], "prepaid": "0", "due": total},
    }  # fmt: skip


# ── Any of them, for Hypothesis ──

_texts = st.sampled_from(["", "Acme", "x" * 300, HOSTILE, "漢字", "\x07", " "])
_named = st.sampled_from(["Acme", HOSTILE, "漢字", "\x07"])
_countries = st.sampled_from(["DE", "FR", "GR", "XI", "US", "XK", ""])
_vat_ids = st.sampled_from(["", "DE123456789", "EL123456789", "123", "fr 12.345-678901", "DE 1\x07"])
_schemes = st.sampled_from(["", "", "0088", "EM", "9930", *SCHEMES])

companies = st.fixed_dictionaries({
    "legal_name": _named, "address_1": _texts, "postcode": _texts, "city": _texts, "region": _texts,
    "country": _countries.filter(bool), "vat_id": _vat_ids, "tax_number": _texts, "registration": _texts,
    "registration_scheme": st.sampled_from(["", "", "0002", "EM"]), "contact_name": _texts, "contact_phone": _texts,
    "contact_email": _texts, "electronic_scheme": _schemes, "electronic_address": _texts,
    "accounting_currency": st.sampled_from(["EUR", "EUR", "USD", "JPY"]), "language": st.just("de"),
    "bank_accounts": st.sampled_from([
        [], [ACCOUNT], [{**ACCOUNT, "iban": "", "account": "12 345", "bic": "", "name": ""}],
        [{**ACCOUNT, "currency": "JPY"}],
    ]), "terms": st.sampled_from([{}, {"de": HOSTILE}, {"de": "Sofort"}]), "footer": _texts,
})  # fmt: skip
buyers = st.fixed_dictionaries({
    "name": _named, "first_name": _texts, "last_name": _texts, "company_name": _texts, "email": _texts,
    "address_1": _texts, "postcode": _texts, "city": _texts, "region": _texts, "country": _countries,
    "tax_id": _vat_ids, "registration": _texts, "electronic_scheme": _schemes, "electronic_address": _texts,
    "language": st.sampled_from(["", "en", "fr"]),
})  # fmt: skip
_taxed = st.fixed_dictionaries({
    "rate": st.sampled_from(["20", "7", "8.125", "100", "0.001"]), "included": st.booleans(),
})  # fmt: skip
_untaxed = st.fixed_dictionaries({
    "rate": st.just("0"), "category": st.sampled_from(["AE", "E", "Z", "O", ""]), "reason": _texts,
})  # fmt: skip
_amounts = st.fixed_dictionaries({
    "price": st.integers(0, 10**7).map(str), "name": _named, "po_number": _texts,
    "quantity": st.sampled_from(["1", "3", "0.0001", "1.5", "7", "12345.6789"]),
    "unit": st.sampled_from(sorted(UNITS)),
    "period": st.sampled_from([None, ON]), "period_end": st.just(ON),
})  # fmt: skip
some_lines = st.lists(
    st.tuples(_amounts, st.one_of(_taxed, _taxed, _untaxed)).map(lambda parts: parts[0] | parts[1]),
    min_size=1, max_size=4,
)  # fmt: skip
