"""What the database itself keeps of an invoice: what was issued is frozen, and what settles it follows its entries."""

import pgtrigger

from billing_admin.db.triggers import DELETING, IMPORTING, MERGING, frozen, kept_by_trigger, refuse

from .as_issued import FROZEN_AT_ISSUE

_ISSUED_UNCHANGED = "An issued invoice never changes. Correct it with a new document."

_FOLLOWS = "What settles an invoice follows the ledger, the transactions, credit notes and write-offs; write those."

# What an issued invoice says; it stays as it was on the day.
_FROZEN_COLUMNS = (
    "number", "number_prefix", "label", "subtotal", "tax", "total", "issued_on", "due_on", "po_number",
    *FROZEN_AT_ISSUE,
)  # fmt: skip


def settle_sql(column: str, rows: str) -> str:
    """SQL that moves `column` by what `rows` (invoice_id, amount) add to each invoice, and switches its status.

    Unpaid while something is due, then Written off where any of it was, else Paid. One that ended in another system
    stays as it ended.
    """
    written_off = "invoice.amount_written_off" + (" + moved.amount" if column == "amount_written_off" else "")
    return f"""
    UPDATE invoices_invoice invoice
    SET {column} = invoice.{column} + moved.amount,
        status = CASE
            WHEN invoice.status NOT IN ('unpaid', 'paid', 'writtenoff') THEN invoice.status
            WHEN invoice.balance_due <> moved.amount THEN 'unpaid'
            WHEN {written_off} > 0 THEN 'writtenoff'
            ELSE 'paid' END,
        paid_at = CASE
            WHEN invoice.status NOT IN ('unpaid', 'paid', 'writtenoff') THEN invoice.paid_at
            WHEN invoice.balance_due = moved.amount AND {written_off} = 0 THEN statement_timestamp()
            END
    FROM (SELECT invoice_id, sum(amount) AS amount FROM ({rows}) changes
          WHERE invoice_id IS NOT NULL GROUP BY invoice_id HAVING sum(amount) <> 0) moved
    WHERE invoice.id = moved.invoice_id AND invoice.origin <> 'history';
    """


INVOICE_TRIGGERS = (
    frozen("one_currency", "id", "currency", text="The currency of an invoice never changes."),
    frozen("issued_frozen", *_FROZEN_COLUMNS, text=_ISSUED_UNCHANGED, unless="OLD.status = 'draft'"),
    frozen("prepaid_once", "prepaid", text=_ISSUED_UNCHANGED, unless="OLD.prepaid IS NULL"),
    frozen(
        "stays_with_client", "client_id", text="An invoice moves to another client only by a merge.",
        unless=MERGING,
    ),
    *kept_by_trigger(
        "settlement", "credit_applied", "amount_paid", "amount_credited", "amount_written_off", text=_FOLLOWS,
        proved_at_start=("credit_applied",), unless="NEW.origin = 'history'",
    ),
    # Whoever writes a number writes how it is printed; this does it for the version of the program before that.
    pgtrigger.Trigger(
        name="label_follows",
        operation=pgtrigger.Insert | pgtrigger.Update,
        when=pgtrigger.Before,
        condition=pgtrigger.Condition("NEW.number IS NOT NULL AND NEW.label = 'Draft'"),
        func="NEW.label := document_label(NEW.number_prefix, NEW.number); RETURN NEW;",
    ),
    pgtrigger.Trigger(
        name="imported_by_import",
        operation=pgtrigger.Insert,
        when=pgtrigger.Before,
        condition=pgtrigger.Condition(f"NEW.origin <> '' AND ({IMPORTING}) IS NOT TRUE"),
        func=refuse("Only an import brings invoices of another system."),
    ),
    frozen("origin_stays", "origin", text="Where an invoice came from never changes."),
    frozen(
        "history_stays", "status", "paid_at", "cancelled_at", "amount_paid",
        text="An invoice that ended in another system stays as it ended there.", unless="OLD.origin <> 'history'",
    ),
    # A run writes an invoice as it ends: its credit was booked before, in the same transaction. The entries'
    # key to it is looked at when that ends.
    pgtrigger.Trigger(
        name="settled_at_start",
        level=pgtrigger.Statement,
        operation=pgtrigger.Insert,
        when=pgtrigger.After,
        referencing=pgtrigger.Referencing(new="new_rows"),
        declare=[("settled_otherwise", "boolean")],
        # Planned anew each time, as what settles invoices is.
        func=f"""
                    EXECUTE $proof$
                        SELECT EXISTS (
                            SELECT FROM new_rows invoice LEFT JOIN LATERAL (
                                SELECT -sum(amount) AS applied FROM credits_creditentry WHERE invoice_id = invoice.id
                            ) entries ON true
                            WHERE coalesce(entries.applied, 0) <> invoice.credit_applied
                        )
                    $proof$ INTO settled_otherwise;
                    IF settled_otherwise THEN
                        {refuse(_FOLLOWS)}
                    END IF;
                    RETURN NULL;
                """,
    ),
    pgtrigger.Trigger(
        name="never_a_draft_again",
        operation=pgtrigger.Update,
        when=pgtrigger.Before,
        condition=pgtrigger.Condition("OLD.status <> 'draft' AND NEW.status = 'draft'"),
        func=refuse("An issued invoice never becomes a draft again."),
    ),
    pgtrigger.Trigger(
        name="cancelled_for_good",
        operation=pgtrigger.Update,
        when=pgtrigger.Before,
        condition=pgtrigger.Condition("OLD.status = 'cancelled' AND NEW.status <> 'cancelled'"),
        func=refuse("A cancelled invoice stays cancelled; make a new one."),
    ),
    pgtrigger.Trigger(
        name="issued_never_deleted",
        operation=pgtrigger.Delete,
        when=pgtrigger.Before,
        condition=pgtrigger.Condition(f"OLD.status <> 'draft' AND ({DELETING}) IS NOT TRUE"),
        func=refuse("An issued invoice is never deleted; cancel it."),
    ),
    pgtrigger.Trigger(
        name="issued_with_its_lines",
        operation=pgtrigger.Update,
        when=pgtrigger.After,
        condition=pgtrigger.Condition("OLD.status = 'draft' AND NEW.status <> 'draft'"),
        func=f"""
                    IF (SELECT ROW(coalesce(sum(amount), 0), coalesce(sum(tax), 0)) FROM invoices_invoiceline
                        WHERE invoice_id = NEW.id) IS DISTINCT FROM ROW(NEW.subtotal, NEW.tax) THEN
                        {refuse("The totals of an issued invoice are the sums of its lines.")}
                    END IF;
                    RETURN NULL;
                """,
    ),
)  # fmt: skip
