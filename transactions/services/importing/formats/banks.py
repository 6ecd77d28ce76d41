"""Exports of banks, of Wise, and of statements in Xero.

Where the names of the columns are from:
- ING (NL), Sparkasse, Deutsche Bank, N26, Revolut Business, Wise, Barclays: the exports that importers keep in their
  tests, of each several that agree.
- Xero: its template for statements, as converters write it, and the columns that such files have without the stars.
"""

from transactions.services.importing.what_counts import ALL_OTHERS, EMPTY

from .ready_format import ReadyFormat, values

BANK_METHODS = ("Bank Transfer", "Bank transfer", "Bank", "Wire Transfer", "SEPA", "Transfer")

ING = (
    ReadyFormat(
        "ing_nl", "ING (Netherlands)", ("ING", *BANK_METHODS),
        ("Datum", "Naam / Omschrijving", "Rekening", "Tegenrekening", "Af Bij", "Bedrag (EUR)", "Mededelingen"),
        {
            "date_column": "Datum", "amount_column": "Bedrag (EUR)", "currency": "EUR",
            "direction_column": "Af Bij", "incoming_values": "Bij", "outgoing_values": "Af",
            "name_column": "Naam / Omschrijving", "account_column": "Tegenrekening", "text_column": "Mededelingen",
        },
    ),
    ReadyFormat(
        "ing_en", "ING (Netherlands, English)", ("ING", *BANK_METHODS),
        ("Date", "Name / Description", "Account", "Counterparty", "Debit/credit", "Amount (EUR)", "Notifications"),
        {
            "date_column": "Date", "amount_column": "Amount (EUR)", "currency": "EUR",
            "direction_column": "Debit/credit", "incoming_values": "Credit", "outgoing_values": "Debit",
            "name_column": "Name / Description", "account_column": "Counterparty", "text_column": "Notifications",
        },
    ),
)  # fmt: skip

# What is only announced has “Umsatz vorgemerkt” in its last column. `BIC (SWIFT-Code)` is not in every version.
SPARKASSE = (
    ReadyFormat(
        "sparkasse", "Sparkasse CSV-CAMT", ("Sparkasse", *BANK_METHODS),
        ("Auftragskonto", "Buchungstag", "Valutadatum", "Buchungstext", "Verwendungszweck",
         "Beguenstigter/Zahlungspflichtiger", "Kontonummer/IBAN", "Betrag", "Waehrung", "Info"),
        {
            "date_column": "Buchungstag", "amount_column": "Betrag", "currency_column": "Waehrung",
            "status_column": "Info", "paid_statuses": "Umsatz gebucht",
            "other_statuses": values(["Umsatz vorgemerkt", "Umsatz vorgemerkt und nicht gebucht"]),
            "name_column": "Beguenstigter/Zahlungspflichtiger", "account_column": "Kontonummer/IBAN",
            "payer_reference_column": "Kundenreferenz (End-to-End)", "text_column": "Verwendungszweck",
        },
    ),
)  # fmt: skip

# The last line is the balance: it has no kind of booking.
_DEUTSCHE_BANK = {
    "date_column": "Buchungstag", "currency_column": "Währung",
    "type_column": "Umsatzart", "payment_types": ALL_OTHERS, "other_types": EMPTY,
    "name_column": "Begünstigter / Auftraggeber",
    "payer_reference_column": "Kundenreferenz", "text_column": "Verwendungszweck",
}  # fmt: skip
DEUTSCHE_BANK = tuple(
    ReadyFormat(
        code, "Deutsche Bank", ("Deutsche Bank", *BANK_METHODS),
        ("Buchungstag", "Wert", "Umsatzart", "Begünstigter / Auftraggeber", "Verwendungszweck", account, "Soll",
         "Haben", "Währung"),
        {"credit_column": "Haben", "debit_column": "Soll", "account_column": account, **_DEUTSCHE_BANK},
    )
    for code, account in (("deutsche_bank", "IBAN / Kontonummer"), ("deutsche_bank_iban", "IBAN"))
)  # fmt: skip

# Money added, and transfers that are positive, came in. `Payer` is who pays with a card of the account.
_REVOLUT = {
    "date_column": "Date completed (UTC)", "currency_column": "Payment currency", "type_column": "Type",
    "payment_types": values(["TOPUP", "TRANSFER"]),
    "other_types": values(
        ["CARD_PAYMENT", "CARD_REFUND", "CARD_CREDIT", "CARD_CHARGEBACK", "EXCHANGE", "FEE", "REFUND", "ATM", "TAX"],
        ["TOPUP_RETURN", "TAX_REFUND", "LOAN", "TEMP_BLOCK", "REWARD", "INTEREST", "DIRECT_DEBIT"],
        ["CASHBACK", "CHARGE", "CHARGE_REFUND"],
    ),
    "status_column": "State", "paid_statuses": "COMPLETED",
    "other_statuses": values(["PENDING", "CREATED", "DECLINED", "REVERTED", "FAILED", "DELETED"]),
    "id_column": "ID", "name_column": "Sender name", "account_column": "Sender account",
    "payer_reference_column": "Reference", "text_column": "Description",
}  # fmt: skip
REVOLUT = (
    ReadyFormat(
        "revolut_business", "Revolut Business", ("Revolut", "Revolut Business", *BANK_METHODS),
        ("Date completed (UTC)", "ID", "Type", "State", "Description", "Reference", "Payment currency", "Amount"),
        {"amount_column": "Amount", **_REVOLUT},
    ),
)  # fmt: skip

N26 = (
    ReadyFormat(
        "n26", "N26", ("N26", *BANK_METHODS),
        ("Booking Date", "Value Date", "Partner Name", "Type", "Payment Reference", "Amount (EUR)"),
        {
            "date_column": "Booking Date", "amount_column": "Amount (EUR)", "currency": "EUR",
            "name_column": "Partner Name", "account_column": "Partner Iban", "text_column": "Payment Reference",
        },
    ),
    ReadyFormat(
        "n26_old", "N26 (until 2023)", ("N26", *BANK_METHODS),
        ("Date", "Payee", "Account number", "Transaction type", "Payment reference", "Amount (EUR)"),
        {
            "date_column": "Date", "amount_column": "Amount (EUR)", "currency": "EUR", "name_column": "Payee",
            "account_column": "Account number", "text_column": "Payment reference",
        },
    ),
    ReadyFormat(
        "n26_old_de", "N26 (until 2023, German)", ("N26", *BANK_METHODS),
        ("Datum", "Empfänger", "Kontonummer", "Transaktionstyp", "Verwendungszweck", "Betrag (EUR)"),
        {
            "date_column": "Datum", "amount_column": "Betrag (EUR)", "currency": "EUR", "name_column": "Empfänger",
            "account_column": "Kontonummer", "text_column": "Verwendungszweck",
        },
    ),
)  # fmt: skip

# Pounds: the export names no currency, and is of accounts in pounds alone. The memo holds name and reference.
BARCLAYS = (
    ReadyFormat(
        "barclays", "Barclays", ("Barclays", *BANK_METHODS),
        ("Number", "Date", "Account", "Amount", "Subcategory", "Memo"),
        {"date_column": "Date", "amount_column": "Amount", "currency": "GBP", "text_column": "Memo"},
    ),
)  # fmt: skip

# Money that was exchanged says from which currency. Fees are lines of their own, or in `Total fees` of what goes out.
_WISE = {
    "date_column": "Date", "amount_column": "Amount", "currency_column": "Currency", "name_column": "Payer Name",
    "id_column": "TransferWise ID", "payer_reference_column": "Payment Reference", "text_column": "Description",
}  # fmt: skip
_WISE_TOLD = (
    "TransferWise ID", "Date", "Amount", "Currency", "Description", "Payment Reference", "Running Balance",
    "Exchange From", "Exchange To", "Payer Name",
)  # fmt: skip
WISE = (
    ReadyFormat(
        "wise", "Wise statement", ("Wise", *BANK_METHODS), _WISE_TOLD,
        {**_WISE, "type_column": "Exchange From", "payment_types": EMPTY, "other_types": ALL_OTHERS},
    ),
    ReadyFormat(
        "wise_type", "Wise statement", ("Wise", *BANK_METHODS), (*_WISE_TOLD, "Transaction Details Type"),
        {
            **_WISE,
            "type_column": "Transaction Details Type", "payment_types": values(["DEPOSIT", "TRANSFER"]),
            "other_types": values(
                ["CONVERSION", "CARD", "CARD_TRANSACTION", "CARD_CASHBACK", "CASHBACK", "FEE", "MONEY_ADDED", "REFUND"],
                ["BALANCE_CASHBACK", "BALANCE_INTEREST", "BALANCE_ADJUSTMENT", "INVESTMENT_TRADE_ORDER", "UNKNOWN"],
                ["ACCRUAL_CHARGE", "INCORPORATION_ORDER", "DIRECT_DEBIT", "DIRECT_DEBIT_REFUND"],
            ),
        },
    ),
)  # fmt: skip

# The template has no column of the currency: it is asked.
XERO = tuple(
    ReadyFormat(
        code, "Xero bank statement", ("Xero", *BANK_METHODS),
        (f"{star}Date", f"{star}Amount", "Payee", "Description", "Reference"),
        {
            "date_column": f"{star}Date", "amount_column": f"{star}Amount", "name_column": "Payee",
            "payer_reference_column": "Reference", "text_column": "Description",
        },
    )
    for code, star in (("xero", "*"), ("xero_plain", ""))
)  # fmt: skip

BANKS = (*ING, *SPARKASSE, *DEUTSCHE_BANK, *REVOLUT, *N26, *BARCLAYS, *WISE, *XERO)
