"""Exports of payment gateways, without PayPal’s.

Where the names of the columns are from:
- Stripe: the payments export and the balance history of the dashboard as its users keep them in tests; the itemised
  report balance_change_from_activity as in Stripe’s documentation of report types.
- GoCardless: the payments export as importers of it have its header, `links.…` and `customers.…` being in it.
- Mollie: the payments export, whose columns are those of the settlement report of its documentation.
- Adyen: the settlement details report as in its documentation and in importers of it.
- SumUp: the German transactions report of an importer; the English one after the words of its dashboard.
"""

from .ready_format import ReadyFormat, values

# The columns were renamed from Created (UTC) to Created date (UTC). Fees are in the currency that was paid out, which
# may be another than that of the payment: they come with the balance, where both are the same.
_STRIPE_PAYMENTS = {
    "amount_column": "Amount",
    "currency_column": "Currency",
    "status_column": "Status",
    "paid_statuses": values(["Paid", "succeeded"]),
    "other_statuses": values(
        ["Failed", "Refunded", "Pending", "Canceled", "Cancelled", "Incomplete", "Uncaptured", "Blocked", "Expired"],
        ["Disputed", "requires_payment_method", "requires_action", "requires_capture", "requires_confirmation"],
    ),
    "id_column": "id",
    "name_column": "Customer Description",
    "account_column": "Customer Email",
    "text_column": "Description",
}
_STRIPE_BALANCE_TYPES = {
    "payment_types": values(["charge", "payment"]),
    "other_types": values(
        ["refund", "payment_refund", "payment_failure_refund", "payout", "payout_failure", "payout_cancel", "transfer"],
        [
            "transfer_cancel",
            "transfer_failure",
            "transfer_refund",
            "transfer_reversal",
            "adjustment",
            "application_fee",
        ],
        ["application_fee_refund", "stripe_fee", "stripe_fx_fee", "tax_fee", "network_cost", "fee", "dispute", "topup"],
        [
            "topup_reversal",
            "advance",
            "advance_funding",
            "anticipation_repayment",
            "reserve_transaction",
            "partial_capture",
        ],
        [
            "reserved_funds",
            "risk_reserved_funds",
            "dispute_reversal",
            "charge_failure",
            "refund_failure",
            "contribution",
        ],
        ["payout_reversal", "payout_minimum_balance_hold", "payout_minimum_balance_release", "other_adjustment"],
        ["platform_earning", "platform_earning_refund", "financing_paydown", "financing_paydown_reversal"],
    ),
}
STRIPE = (
    ReadyFormat(
        "stripe_payments", "Stripe payments", ("Stripe",),
        ("id", "Created (UTC)", "Amount", "Amount Refunded", "Currency", "Status"),
        {"date_column": "Created (UTC)", **_STRIPE_PAYMENTS},
    ),
    ReadyFormat(
        "stripe_payments_2", "Stripe payments", ("Stripe",),
        ("id", "Created date (UTC)", "Amount", "Amount Refunded", "Currency", "Status"),
        {"date_column": "Created date (UTC)", **_STRIPE_PAYMENTS},
    ),
    ReadyFormat(
        "stripe_balance", "Stripe balance history", ("Stripe",),
        ("id", "Type", "Source", "Amount", "Fee", "Net", "Currency", "Created (UTC)"),
        {
            "date_column": "Created (UTC)", "amount_column": "Amount", "fees_column": "Fee",
            "currency_column": "Currency", "type_column": "Type", "id_column": "Source", "text_column": "Description",
            **_STRIPE_BALANCE_TYPES,
        },
    ),
    ReadyFormat(
        "stripe_balance_report", "Stripe balance report", ("Stripe",),
        ("balance_transaction_id", "created_utc", "currency", "gross", "fee", "net", "reporting_category"),
        {
            "date_column": "created_utc", "amount_column": "gross", "fees_column": "fee",
            "currency_column": "currency", "type_column": "reporting_category", "id_column": "source_id",
            "name_column": "customer_name", "account_column": "customer_email", "text_column": "description",
            **_STRIPE_BALANCE_TYPES,
        },
    ),
)  # fmt: skip

GOCARDLESS = (
    ReadyFormat(
        "gocardless", "GoCardless payments", ("GoCardless",),
        ("id", "charge_date", "amount", "currency", "status", "amount_refunded", "links.mandate"),
        {
            "date_column": "charge_date", "amount_column": "amount", "currency_column": "currency",
            "fees_column": "transaction_fee", "status_column": "status",
            "paid_statuses": values(["confirmed", "paid_out"]),
            "other_statuses": values(
                ["pending_customer_approval", "pending_submission", "submitted", "cancelled"],
                ["customer_approval_denied", "failed", "charged_back"],
            ),
            "id_column": "id", "name_column": "customers.company_name", "account_column": "customers.email",
            "payer_reference_column": "reference", "text_column": "description",
        },
    ),
)  # fmt: skip

MOLLIE = (
    ReadyFormat(
        "mollie", "Mollie payments", ("Mollie",),
        ("Date", "Payment method", "Currency", "Amount", "Status", "ID", "Description", "Consumer name"),
        {
            "date_column": "Date", "amount_column": "Amount", "currency_column": "Currency",
            "status_column": "Status", "paid_statuses": values(["paid", "paidout"]),
            "other_statuses": values(
                ["open", "pending", "authorized", "canceled", "cancelled", "expired", "failed", "refunded"],
                ["charged_back", "chargeback"],
            ),
            "id_column": "ID", "name_column": "Consumer name", "account_column": "Consumer bank account",
            "text_column": "Description",
        },
    ),
)  # fmt: skip

# Its fees stand in four columns, in the currency that is paid out: they are not read.
ADYEN = (
    ReadyFormat(
        "adyen", "Adyen settlement details", ("Adyen",),
        ("Merchant Account", "Psp Reference", "Merchant Reference", "Creation Date", "Type", "Gross Currency",
         "Gross Debit (GC)", "Gross Credit (GC)"),
        {
            "date_column": "Creation Date", "credit_column": "Gross Credit (GC)", "debit_column": "Gross Debit (GC)",
            "currency_column": "Gross Currency", "type_column": "Type",
            "payment_types": values(["Settled", "SettledInstallment", "SettledBulk", "SettledExternally"]),
            "other_types": values(
                ["Refunded", "RefundedBulk", "RefundedExternally", "RefundedReversed", "RefundedInInstallments"],
                ["Chargeback", "ChargebackReversed", "ChargebackExternally", "SecondChargeback", "SettledReversed"],
                ["Fee", "MiscCosts", "MerchantPayout", "PaymentCost", "InvoiceDeduction", "DepositCorrection"],
                ["MatchedStatement", "ManualCorrected", "BankInstructionReturned", "EpaPaid", "InternalTransfer"],
                ["Balancetransfer", "AdvancementCommission", "ReserveAdjustment", "PaidOut", "PaidOutReversed"],
            ),
            "id_column": "Psp Reference", "invoice_column": "Merchant Reference",
        },
    ),
)  # fmt: skip

# A report has no column of the currency: it is asked.
SUMUP = (
    ReadyFormat(
        "sumup_de", "SumUp transactions (German)", ("SumUp",),
        ("Datum", "Transaktions-ID", "Zahlungsart", "Status", "Betrag inkl. MwSt.", "Gebühr", "Auszahlungs-ID"),
        {
            "date_column": "Datum", "amount_column": "Betrag inkl. MwSt.", "fees_column": "Gebühr",
            "type_column": "Zahlungsart", "payment_types": "Umsatz",
            "other_types": values(["Auszahlung", "Rückerstattung", "Rückbuchung"]),
            "status_column": "Status", "paid_statuses": values(["Erfolgreich", "Bezahlt", "Ausgezahlt"]),
            "other_statuses": values(["Fehlgeschlagen", "Storniert", "Erstattet", "Abgebrochen", "Ausstehend"]),
            "id_column": "Transaktions-ID", "payer_reference_column": "Referenz", "text_column": "Beschreibung",
        },
    ),
    ReadyFormat(
        "sumup", "SumUp transactions", ("SumUp",),
        ("Date", "Transaction ID", "Transaction type", "Status", "Total", "Fee", "Payout ID"),
        {
            "date_column": "Date", "amount_column": "Total", "fees_column": "Fee",
            "type_column": "Transaction type", "payment_types": "Sale",
            "other_types": values(["Payout", "Refund", "Chargeback"]),
            "status_column": "Status", "paid_statuses": values(["Successful", "Paid", "Paid out"]),
            "other_statuses": values(["Failed", "Cancelled", "Canceled", "Refunded", "Pending", "Charged back"]),
            "id_column": "Transaction ID", "payer_reference_column": "Reference", "text_column": "Description",
        },
    ),
)  # fmt: skip

GATEWAYS = (*STRIPE, *GOCARDLESS, *MOLLIE, *ADYEN, *SUMUP)
