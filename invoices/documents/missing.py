"""What a document lacks to be an e-invoice: the rules of EN 16931 that can be broken here, each in a sentence.

Beyond them those of XRechnung and Peppol BIS Billing 3 that are met in practice. Each is named by its code.
"""

import datetime
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from django.urls import reverse

from billing_admin.errors import BusinessError
from billing_admin.money.amounts import minor_units
from clients.models import Client
from clients.models.client import EInvoice
from invoices.models import CreditNote, Invoice

from .codes import SCHEMES, UNITS, is_well_formed
from .e_texts import as_said
from .parties import vat_number
from .snapshot import Snapshot, snapshot_of, snapshot_of_draft

# Where it is filled in, and who may do so.
COMPANY, RATES, TAX, CLIENT, DRAFT = "company", "rates", "tax", "client", "draft"
_ADDRESSES = {COMPANY: "invoices:company", RATES: "invoices:exchange_rates", TAX: "invoices:tax"}
_PERMISSIONS = {
    COMPANY: "invoices.change_seller",
    RATES: "invoices.change_seller",
    TAX: "invoices.change_tax",
    CLIENT: "clients.change_client",
    DRAFT: "invoices.issue_invoice",
}
_ISSUED_WITHOUT = "It was issued before the company was filled in, and what is issued never changes."
# The rules round the sum to two places in every currency, and half of one up.
_CENT = Decimal("0.01")
_Found = Iterator[tuple[str, str]]


class Missing(NamedTuple):
    """What is missing, the page where it is filled in if there is one, and the permission that this page asks for."""

    text: str
    url: str = ""
    permission: str = ""


def missing(
    snapshot: Snapshot, profile: str, *, client_number: int | None = None, draft_id: int | None = None
) -> list[Missing]:
    """What keeps the document from being an e-invoice of that profile; nothing: it can be one.

    With the number of the client, and the id of a draft, what is missing there says its page, too.
    """
    if snapshot["seller"]["id"] is None:
        return [_placed("The company is not filled in.", COMPANY, None, None)]
    terms = snapshot["terms"].splitlines()
    snapshot = as_said(snapshot)  # of control characters nothing is left
    found = [*_figures(snapshot), *_company(snapshot), *_buyer(snapshot), *_tax(snapshot)]
    if profile in (EInvoice.XRECHNUNG, EInvoice.PEPPOL):
        found += _beyond(snapshot, profile)
    if profile == EInvoice.PEPPOL and not (snapshot["buyer_reference"] or snapshot["po_number"]):  # R003
        found.append(("There is no buyer reference and no purchase order.", DRAFT))
    # Peppol’s DE-R-001 to -030 are those of XRechnung.
    if profile == EInvoice.XRECHNUNG or (profile == EInvoice.PEPPOL and _is_within_germany(snapshot)):
        found += _xrechnung(snapshot, terms)
    return [_placed(text, place, client_number, draft_id) for text, place in dict.fromkeys(found)]


def lacks(document: Invoice | CreditNote, *, client_number: int | None = None) -> list[Missing]:
    """What keeps an issued document from being an e-invoice of the profile that it was issued with.

    What is filled in now is for those to come: it stays as it was issued.
    """
    snapshot = snapshot_of(document)
    if snapshot is None:
        return [Missing(_ISSUED_WITHOUT, reverse(_ADDRESSES[COMPANY]), _PERMISSIONS[COMPANY])]
    return missing(snapshot, snapshot["profile"], client_number=client_number)


def left_out(snapshot: Snapshot, *, client_number: int | None = None) -> list[Missing]:
    """What is known and cannot be said in an e-invoice, although it can be one."""
    tax_id = snapshot["buyer"]["vat_id"]
    if not tax_id or vat_number(tax_id) or _categories(snapshot) & {"AE", "O"}:  # there it is asked for, or never said
        return []
    text = f"The client’s tax ID, {tax_id}, does not begin with a country: e-invoices leave it out."
    return [_placed(text, CLIENT, client_number, None)]


def require_e_invoice(draft: Invoice, client: Client, on: datetime.date) -> None:
    """Refuse to issue what cannot be the e-invoice that its client needs.

    Raises BusinessError.
    """
    draft.client = client
    if lacking := missing(snapshot_of_draft(draft, on), client.e_invoice):
        raise BusinessError(f"{why_not(client, lacking)} Nothing was issued.")


def why_not(client: Client, lacking: list[Missing]) -> str:
    """Why no invoice is issued to a client who needs an e-invoice."""
    said = " ".join(each.text for each in lacking)
    return f"This client needs an e-invoice ({client.get_e_invoice_display()}), and this cannot be one. {said}"


def _placed(text: str, place: str, client_number: int | None, draft_id: int | None) -> Missing:
    if place in _ADDRESSES:
        url = reverse(_ADDRESSES[place])
    elif place == CLIENT and client_number is not None:
        url = reverse("clients:profile", args=[client_number])
    elif place == DRAFT and draft_id is not None:
        url = reverse("invoices:edit", args=[draft_id])
    else:
        return Missing(text)
    return Missing(text, url, _PERMISSIONS[place])


def _figures(snapshot: Snapshot) -> _Found:
    currency = snapshot["currency"]
    if minor_units(currency) > 2:  # BR-DEC
        yield f"Amounts in {currency} have three decimal places; an e-invoice has two at most.", ""
    for line in snapshot["lines"]:
        if line["unit"] not in UNITS:  # BR-CL-23
            yield f"Line {line['position']}: “{line['unit']}” is no unit of the list.", DRAFT
    for tax in snapshot["taxes"]:  # BR-CO-17, BR-S-09 and the like: a difference of 1 fails
        exact = (Decimal(tax["taxable"]) * Decimal(tax["rate"]) / 100).quantize(_CENT, ROUND_HALF_UP)
        if abs(Decimal(tax["tax"]) - exact) >= 1:
            sums = f"at {tax['rate']}% it comes to {tax['tax']} {currency}, of the sum it would be {exact}"
            yield f"Tax is rounded line by line: {sums}. An e-invoice allows no difference of 1.", ""
        if 0 < Decimal(tax["rate"]) < Decimal("0.5"):  # BR-CO-17 takes it for none
            yield f"A tax rate of {tax['rate']}% is below 0.5%, which an e-invoice takes for none.", ""
    accounting = snapshot["accounting"]
    if accounting and not accounting["rate"]:  # BR-53
        pair = f"{currency} in {accounting['currency']}"
        yield f"No exchange rate of {pair} is set for {snapshot['issued_on']}: the tax is stated in both.", RATES


def _company(snapshot: Snapshot) -> _Found:
    seller, categories = snapshot["seller"], _categories(snapshot)
    vat_id = vat_number(seller["vat_id"])
    if seller["vat_id"] and not vat_id:  # BR-CO-09
        yield f"The VAT ID of the company, {seller['vat_id']}, does not begin with its country.", COMPANY
    if categories & {"S", "E", "Z", "AE"} and not (vat_id or seller["tax_number"]):  # BR-S-02, -E-02, -Z-02, -AE-02
        yield "The company has no VAT ID and no tax number.", COMPANY
    if ("O" in categories or not vat_id) and not seller["registration"]["id"]:  # BR-CO-26
        yield "The company has no registration number.", COMPANY
    scheme = seller["registration"]["scheme"]
    if scheme and not (scheme in SCHEMES and scheme.startswith("0")):  # BR-CL-11
        yield f"“{scheme}” is no scheme of a registration number.", COMPANY
    if seller["electronic"]["scheme"] not in ("", *SCHEMES):  # BR-CL-25
        yield f"“{seller['electronic']['scheme']}” is no scheme of an electronic address.", COMPANY
    if seller["address"]["country"] == "XK":  # BR-CL-14
        yield "E-invoices know no country XK, which the company is in.", COMPANY


def _buyer(snapshot: Snapshot) -> _Found:
    buyer = snapshot["buyer"]
    if not buyer["address"]["country"]:  # BR-11
        yield "The client’s address has no country.", CLIENT
    if buyer["address"]["country"] == "XK":  # BR-CL-14
        yield "E-invoices know no country XK, which the client is in.", CLIENT
    if buyer["electronic"]["scheme"] not in ("", *SCHEMES):  # BR-CL-25
        yield f"“{buyer['electronic']['scheme']}” is no scheme of an electronic address.", CLIENT
    if "AE" in _categories(snapshot) and not (vat_number(buyer["vat_id"]) or buyer["registration"]["id"]):  # BR-AE-02
        told = f", {buyer['vat_id']}, does not begin with a country" if buyer["vat_id"] else " is missing"
        yield f"Reverse charge asks for the client’s VAT ID or registration number: the tax ID{told}.", CLIENT


def _tax(snapshot: Snapshot) -> _Found:
    categories = _categories(snapshot)
    untold = [str(line["position"]) for line in snapshot["lines"] if not line["category"]]
    if untold:  # BR-CO-4
        lines = f"Line {untold[0]} has" if len(untold) == 1 else f"Lines {', '.join(untold)} have"
        yield f"{lines} no tax, and nobody said why: the client, the tax rate or the line says it.", DRAFT
    if "O" in categories and len(categories) > 1:  # BR-O-11, BR-O-12
        yield "What is outside the scope of tax needs an invoice of its own.", DRAFT
    if any(tax["category"] == "E" and not tax["reason"] for tax in snapshot["taxes"]):  # BR-E-10
        yield "Lines are exempt from tax, and no reason is given.", TAX


def _beyond(snapshot: Snapshot, profile: str) -> _Found:
    """What XRechnung and Peppol ask for."""
    for whose, party, place in (("company", snapshot["seller"], COMPANY), ("client", snapshot["buyer"], CLIENT)):
        electronic = party["electronic"]
        if not electronic["id"]:  # R020, R010
            yield f"The {whose} has no electronic address.", place
        elif electronic["scheme"] == "EM" and profile == EInvoice.PEPPOL:  # PEPPOL-EN16931-CL008
            yield f"The {whose}’s electronic address is an e-mail address; Peppol knows none.", place
        elif not is_well_formed(electronic["scheme"], electronic["id"]):  # PEPPOL-COMMON-R040 to -R050
            yield f"The {whose}’s electronic address, {electronic['id']}, is no {SCHEMES[electronic['scheme']]}.", place
    registration = snapshot["seller"]["registration"]
    if not is_well_formed(registration["scheme"], registration["id"]):
        scheme = SCHEMES.get(registration["scheme"], "")
        yield f"The company’s registration number, {registration['id']}, is no {scheme}.", COMPANY


def _xrechnung(snapshot: Snapshot, terms: list[str]) -> _Found:
    seller, buyer = snapshot["seller"], snapshot["buyer"]
    if not snapshot["buyer_reference"]:  # BR-DE-15
        yield "There is no buyer reference (Leitweg-ID).", DRAFT
    for name, label in (("name", "name"), ("phone", "phone"), ("email", "e-mail")):  # BR-DE-5, -6, -7
        if not seller["contact"][name]:
            yield f"The company’s contact has no {label}.", COMPANY
    for name in ("city", "postcode"):  # BR-DE-3, -4, -8, -9
        if not seller["address"][name]:
            yield f"The company’s address has no {name}.", COMPANY
        if not buyer["address"][name]:
            yield f"The client’s address has no {name}.", CLIENT
    if any(line.strip().startswith("#") for line in terms):  # BR-DE-18
        yield "The payment terms have a line that begins with #, which is taken for a discount.", COMPANY
    if not (snapshot["payment"] and snapshot["payment"]["iban"]):  # BR-DE-1, BR-DE-23
        yield f"The company has no bank account with an IBAN for {snapshot['currency']}.", COMPANY


def _is_within_germany(snapshot: Snapshot) -> bool:
    return snapshot["seller"]["address"]["country"] == snapshot["buyer"]["address"]["country"] == "DE"


def _categories(snapshot: Snapshot) -> set[str]:
    return {tax["category"] for tax in snapshot["taxes"]}
