"""An e-invoice: a snapshot by the names of EN 16931 (BT-1 …, BG-25 …), which `Press` writes as XML."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

from lxml import etree

from billing_admin.documents import fit_for_xml, words
from clients.models.client import EInvoice

from .e_parties import buyer_party, seller_party
from .e_texts import NOTHING, plain
from .snapshot import Snapshot

INVOICE, CREDIT_NOTE = "380", "381"
# BT-24, and BT-23, which Peppol and XRechnung ask for: an invoice that is sent and paid.
_SPECIFICATIONS: dict[str, str] = {
    EInvoice.PEPPOL: "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0",
    EInvoice.XRECHNUNG: "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0",
}
_PROCESS = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
_CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
_RAM = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"


def invoice_data(snapshot: Snapshot) -> dict[str, Any]:
    """What factur-x's `generate_xml` takes; it changes it, so each call gives a new one.

    It is only fit for a snapshot of which `missing` says nothing.
    """
    is_note = snapshot["kind"] == "credit_note"
    outside = any(tax["category"] == "O" for tax in snapshot["taxes"])
    totals, period = snapshot["totals"], snapshot["period"] or ["", ""]
    data: dict[str, Any] = {
        "BT-1": plain(snapshot["number"]),
        "BT-2": snapshot["issued_on"],
        "BT-3": CREDIT_NOTE if is_note else INVOICE,
        "BT-5": snapshot["currency"],
        "BT-9": snapshot["due_on"] or "",
        "BT-10": plain(snapshot["buyer_reference"]),
        "BT-13": plain(snapshot["po_number"]),
        "BT-20": _terms(snapshot),
        "BT-72": snapshot["delivered_on"],
        "BT-73": period[0],
        "BT-74": period[1],
        **_payment(snapshot),
        "BT-106": totals["subtotal"],
        "BT-109": totals["subtotal"],
        "BT-110": totals["tax"],
        "BT-112": totals["total"],
        "BT-113": totals["prepaid"] if Decimal(totals["prepaid"]) else "",
        "BT-115": totals["due"],
        **_accounting(snapshot),
        "BG-1": [_note(snapshot["reason"])] if plain(snapshot["reason"]) else [],
        "BG-3": _preceding(snapshot),
        "BG-4": seller_party(snapshot["seller"], with_vat=not outside),
        "BG-7": buyer_party(snapshot["buyer"], with_vat=not outside),
        "BG-23": [_tax(tax) for tax in snapshot["taxes"]],
        "BG-25": [_line(line, snapshot["language"]) for line in snapshot["lines"]],
    }
    return {name: value for name, value in data.items() if value}


def with_profile(xml: bytes, profile: str, syntax: Literal["cii", "ubl"]) -> bytes:
    """The XML as one of Peppol BIS Billing 3 or XRechnung; of any other profile, the same XML.

    `generate_xml` writes the plain EN 16931 as BT-24, whatever it is given.
    """
    if profile not in _SPECIFICATIONS:
        return xml
    root = etree.fromstring(xml)
    if syntax == "ubl":
        specification = root.find(f"{{{_CBC}}}CustomizationID")
        process = etree.Element(f"{{{_CBC}}}ProfileID")
        assert specification is not None
        specification.addnext(process)
    else:
        guideline = root.find(f".//{{{_RAM}}}GuidelineSpecifiedDocumentContextParameter")
        assert guideline is not None
        specification = guideline.find(f"{{{_RAM}}}ID")
        assert specification is not None
        context = etree.Element(f"{{{_RAM}}}BusinessProcessSpecifiedDocumentContextParameter")
        process = etree.SubElement(context, f"{{{_RAM}}}ID")
        guideline.addprevious(context)
    specification.text, process.text = _SPECIFICATIONS[profile], _PROCESS
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _terms(snapshot: Snapshot) -> str:
    """BT-20: what is due says until when, or how (BR-CO-25), also of a credit note."""
    corrects = snapshot["corrects"]
    if corrects:
        return plain(f"{words(snapshot['language'])['for_invoice']} {corrects['number']}")
    return fit_for_xml(snapshot["terms"]).strip()


def _payment(snapshot: Snapshot) -> dict[str, str]:
    payment = snapshot["payment"]
    if payment is None:
        return {}
    return {
        "BT-81": payment["means"],
        "BT-83": plain(snapshot["number"]),
        "BT-84": plain(payment["iban"] or payment["account"]),
        "BT-85": plain(payment["name"]),
        "BT-86": payment["bic"],
    }


def _accounting(snapshot: Snapshot) -> dict[str, str]:
    accounting = snapshot["accounting"]
    return {"BT-6": accounting["currency"], "BT-111": accounting["tax"]} if accounting and accounting["rate"] else {}


def _preceding(snapshot: Snapshot) -> list[dict[str, str]]:
    corrects = snapshot["corrects"]
    return [{"BT-25": plain(corrects["number"]), "BT-26": corrects["issued_on"]}] if corrects else []


def _note(text: str) -> dict[str, str]:
    """`#ABC#` in it would be taken for a code of UNTDID 4451 (BR-CL-08): AAI is a text about nothing special."""
    code = {"BT-21": "AAI"} if "#" in text else {}
    return {**code, "BT-22": plain(text)}


def _tax(tax: Mapping[str, str]) -> dict[str, str]:
    says_why = tax["category"] in ("AE", "E", "O")
    return {
        "BT-116": tax["taxable"],
        "BT-117": tax["tax"],
        "BT-118": tax["category"],
        "BT-119": tax["rate"],
        "BT-120": plain(tax["reason"]) if says_why else "",
        "BT-121": tax["reason_code"] if says_why else "",
    }


def _line(line: Mapping[str, Any], language: str) -> dict[str, Any]:
    """A price for one is said without for how many it is. What is outside the scope of tax has no rate (BR-O-05)."""
    period = line["period"] or ["", ""]
    order = plain(line["po_number"])
    said = {
        "BT-126": str(line["position"]),
        "BT-127-00": [{"BT-127": f"{words(language)['po_number']} {order}"}] if order else [],
        "BT-129": line["quantity"],
        "BT-130": line["unit"],
        "BT-131": line["amount"],
        "BT-134": period[0],
        "BT-135": period[1],
        "BT-146": line["net_price"],
        "BT-149": line["base_quantity"] if line["base_quantity"] != "1" else "",
        "BT-151": line["category"],
        "BT-152": "" if line["category"] == "O" else line["rate"],
        "BT-153": plain(line["name"]) or NOTHING,
    }
    return {name: value for name, value in said.items() if value}
