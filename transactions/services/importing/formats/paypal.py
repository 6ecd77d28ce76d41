"""PayPal’s activity download: in three languages, and in each by type and status or as a statement of the balance.

The columns are those of downloads that importers keep in their tests; which of them are in a file is chosen when it is
made. A statement has no status: everything in it has happened. The types are those that the importers name and, in
English, those of PayPal’s list of transaction codes. A type that is in neither list makes its row bad, since it may be
money: it is said once in a format of one’s own.
"""

from dataclasses import dataclass

from .ready_format import ReadyFormat, values


@dataclass(frozen=True)
class _Language:
    """The words of one language."""

    code: str
    name: str
    date: str
    payer: str
    type: str
    status: str
    currency: str
    gross: str
    fee: str
    net: str
    id: str
    sender: str
    item: str
    invoice: str
    own_number: str
    impact: str
    credit: str
    others: tuple[str, ...]
    paid_status: str
    other_statuses: tuple[str, ...]
    payments: tuple[str, ...]
    no_payments: tuple[str, ...]
    statement_type: str
    statement_fee: str
    statement_invoice: str
    statement_balance: str


_ENGLISH = _Language(
    "en", "English", "Date", "Name", "Type", "Status", "Currency", "Gross", "Fee", "Net", "Transaction ID",
    "From Email Address", "Item Title", "Invoice Number", "Custom Number", "Balance Impact", "Credit",
    ("Debit", "Memo"), "Completed",
    ("Pending", "Denied", "Reversed", "Refunded", "Unclaimed", "Expired", "Canceled", "Cancelled", "Failed", "Held",
     "Placed", "Removed", "Cleared", "Returned", "Processing", "Voided", "Active"),
    ("Express Checkout Payment", "Express Checkout Payment Received", "Website Payment", "Mobile Payment", "Payment",
     "General Payment", "Payment Received", "Web Accept Payment Received", "Subscription Payment",
     "Subscription Payment Received", "eBay Auction Payment", "PreApproved Payment Bill User Payment",
     "Preapproved Payment", "Recurring Payment", "Recurring Payment Received", "Mass Pay Payment", "Donation Payment",
     "Direct Payment", "Direct Credit Card Payment", "Virtual Terminal Payment", "Virtual Terminal Transaction",
     "BillPay Payment", "Third Party Payment", "Shopping Cart Payment Received", "Invoice Payment",
     "PayPal Here Payment"),
    ("General Currency Conversion", "Currency Conversion",
     "Bank Deposit to PP Account", "General Card Deposit",
     "General Funding of PayPal Account", "Credit Card Deposit", "ACH Deposit",
     "General Withdrawal", "User Initiated Withdrawal", "General Card Withdrawal", "Withdraw Funds to Bank Account",
     "General Authorization", "Authorization", "Void of Authorization", "Order",
     "Account Hold for Open Authorization", "Reversal of General Account Hold",
     "General Account Hold", "General Hold", "General Hold Release", "Hold on Available Balance",
     "Hold on Balance for Dispute Investigation", "Cancellation of Hold for Dispute Resolution",
     "Payment Review Hold",
     "Payment Review Release", "Payment Hold", "Payment Release", "Reserve Hold", "Reserve Release", "Reserve", "Hold",
     "Payment Refund", "Refund", "Payment Reversal", "Chargeback", "Chargeback Reversal", "Chargeback Fee",
     "Fee Reversal", "General Fee", "Adjustment",
     "Invoice Sent", "Invoice Item", "Request Sent", "Request Received", "Transfer",
     "Shopping Cart Item", "General Credit",
     "General Internal Account Transfer"),
    "Description", "Fee", "Invoice ID", "Balance",
)  # fmt: skip
_GERMAN = _Language(
    "de", "German", "Datum", "Name", "Typ", "Status", "Währung", "Brutto", "Gebühr", "Netto", "Transaktionscode",
    "Absender E-Mail-Adresse", "Artikelbezeichnung", "Rechnungsnummer", "Zollnummer", "Auswirkung auf Guthaben",
    "Haben", ("Soll", "Memo"), "Abgeschlossen",
    ("Ausstehend", "Offen", "Storniert", "Abgelehnt", "Zurückgezahlt", "Rückzahlung", "Nicht angenommen", "Abgelaufen",
     "Fehlgeschlagen", "Einbehalten", "Entfernt", "Zurückgerufen", "Rückgängig gemacht", "In Bearbeitung"),
    ("PayPal Express-Zahlung", "Express-Zahlung", "Website-Zahlung", "Handyzahlung", "Allgemeine Zahlung", "Zahlung",
     "Zahlung erhalten", "Abonnementzahlung", "eBay-Auktionszahlung", "Spendenzahlung", "Sammelzahlung",
     "Zahlung im Einzugsverfahren mit Zahlungsrechnung", "Wiederkehrende Zahlung", "Direktzahlung"),
    ("Allgemeine Währungsumrechnung", "Währungsumrechnung", "Von Nutzer eingeleitete Währungsumrechnung",
     "Bankgutschrift auf PayPal-Konto", "Allgemeine Gutschrift auf Kreditkarte", "Allgemeine Kreditkartengutschrift",
     "Bankabbuchung von PayPal-Konto", "Auszahlung auf das Bankkonto", "Allgemeine Abbuchung",
     "Von Nutzer eingeleitete Abbuchung", "Rückbuchung von ACH-Gutschrift", "Allgemeine Autorisierung",
     "Einbehaltung für offene Autorisierung", "Rückbuchung allgemeiner Einbehaltung", "Warenkorbartikel",
     "Allgemeine interne Kontobewegung", "Rückzahlung", "Zahlungsrückbuchung", "Rückbuchung", "Rückbuchungsgebühr",
     "Einbehaltung einer Zahlung", "Freigabe einer Zahlung", "Rechnung gesendet", "Zahlungsanforderung gesendet",
     "ACH-Überweisung als Zahlungsquelle für Ausgleich von Kontoguthaben"),
    "Beschreibung", "Entgelt", "Rechnungsnummer", "Guthaben",
)  # fmt: skip
_SPANISH = _Language(
    "es", "Spanish", "Fecha", "Nombre", "Tipo", "Estado", "Divisa", "Bruto", "Comisión", "Neto", "Id. de transacción",
    "Correo electrónico del remitente", "Nombre del artículo", "N.° de formato de pago", "Número personalizado",
    "Repercusiones en el saldo", "Crédito", ("Cargo", "Nota", "Memo"), "Completado",
    ("Pendiente", "Denegado", "Rechazado", "Reembolsado", "Cancelado", "Caducado", "No reclamado", "Retenido",
     "Devuelto", "Anulado", "Fallido", "Eliminado"),
    ("Pago", "Pago con Pago exprés", "Pago exprés", "Pago en el sitio web", "Pago a través del sitio web", "Pago móvil",
     "Pago general", "Pago recibido", "Pago de suscripción", "Pago de donación", "Pago periódico",
     "Pago preaprobado de factura de usuario"),
    ("Conversión de divisas general", "Conversión de divisas", "Conversión", "Retirada", "Retirada general",
     "Retirada iniciada por el usuario", "Ingreso desde cuenta bancaria a cuenta PayPal", "Reembolso de pago",
     "Reembolso", "Cancelación", "Retención de cuenta por autorización abierta", "Autorización general",
     "Cancelación de retención general de cuenta", "Devolución de cargo", "Liberación de pago", "Retención de pago",
     "Depósito general desde tarjeta"),
    "Descripción", "Comisión", "Id. de factura", "Saldo",
)  # fmt: skip


def _by_type(words: _Language, *, fee: str = "", with_impact: bool = False) -> ReadyFormat:
    fee = fee or words.fee
    told_by: tuple[str, ...] = (
        words.date,
        words.payer,
        words.type,
        words.status,
        words.currency,
        words.gross,
        fee,
        words.net,
        words.id,
    )
    columns = _shared(words, words.type, fee) | {
        "status_column": words.status,
        "paid_statuses": words.paid_status,
        "other_statuses": values(words.other_statuses),
        "invoice_column": words.invoice,
    }
    code = f"paypal_{words.code}" + ("" if fee == words.fee else f"_{fee.casefold()}")
    if with_impact:
        code += "_impact"
        told_by += (words.impact,)
        columns |= {
            "direction_column": words.impact, "incoming_values": words.credit, "outgoing_values": values(words.others)
        }  # fmt: skip
    return ReadyFormat(code, f"PayPal activity ({words.name})", ("PayPal",), told_by, columns)


def _statement(words: _Language) -> ReadyFormat:
    told_by = (
        words.date, words.statement_type, words.currency, words.gross, words.statement_fee, words.net,
        words.statement_balance, words.id, words.sender,
    )  # fmt: skip
    columns = _shared(words, words.statement_type, words.statement_fee)
    columns["invoice_column"] = words.statement_invoice
    name = f"PayPal statement ({words.name})"
    return ReadyFormat(f"paypal_{words.code}_statement", name, ("PayPal",), told_by, columns)


def _shared(words: _Language, type_column: str, fee: str) -> dict[str, str | bool]:
    return {
        "date_column": words.date,
        "amount_column": words.gross,
        "currency_column": words.currency,
        "fees_column": fee,
        "fees_negative": True,
        "type_column": type_column,
        "payment_types": values(words.payments),
        "other_types": values(words.no_payments),
        "id_column": words.id,
        "name_column": words.payer,
        "account_column": words.sender,
        "payer_reference_column": words.own_number,
        "text_column": words.item,
    }


# In Spanish the fee is called Tarifa, too.
PAYPAL = (
    _by_type(_ENGLISH), _by_type(_ENGLISH, with_impact=True), _statement(_ENGLISH),
    _by_type(_GERMAN), _by_type(_GERMAN, with_impact=True), _statement(_GERMAN),
    _by_type(_SPANISH), _by_type(_SPANISH, with_impact=True), _by_type(_SPANISH, fee="Tarifa"), _statement(_SPANISH),
)  # fmt: skip
