"""The page of one invoice."""

import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from billing_admin.web.http import staff, vary_by_htmx
from billing_admin.web.needs import needs
from invoices.documents.missing import left_out, missing
from invoices.documents.snapshot import snapshot_of_draft
from invoices.models import Invoice
from invoices.selectors import credit_use
from invoices.selectors import detail as parts
from invoices.selectors.credit_notes import credit_notes_of
from invoices.selectors.reminder_pages import holds_of, paused_until, reminders_of
from invoices.services.cancel import why_not_cancelled

from .document_facts import document_facts


@require_safe
@needs("invoices.view_invoice")
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Lines, totals, what settled it, and why credit was applied or not.

    When a popup has changed it, htmx asks for all of it again, the heading with its status and buttons too.
    """
    invoice = parts.invoice_shown(pk)
    if invoice is None:
        raise Http404("There is no such invoice.")
    lines = list(parts.lines_of(invoice))
    activity = list(parts.activity(invoice, staff(request)))
    context = {
        "invoice": invoice,
        "client": invoice.client,
        "status": "overdue" if invoice.is_overdue(timezone.localdate()) else invoice.status,
        "imported": parts.imported(invoice),
        "is_history": invoice.origin == Invoice.Origin.HISTORY,
        "lines": lines,
        "tax_by_rate": parts.tax_by_rate(lines),
        "activity": activity,
        "credit_notes": list(credit_notes_of(invoice)),
        "write_offs": list(parts.write_offs(invoice)),
        "can_be_cancelled": not why_not_cancelled(invoice, was_paid=False),
    }
    if invoice.status == Invoice.Status.DRAFT:
        context["e_invoice"] = _e_invoice(invoice)
    else:
        context |= ({} if invoice.origin else document_facts(invoice)) | _reminders(request, invoice)
    if request.user.has_perm("transactions.view_transaction"):
        context["payments"] = list(parts.payments(invoice))
        context["reversal"] = parts.reversal_billed(invoice)
    if request.user.has_perm("credits.view_credit"):
        context |= _credit(invoice, parts.issued_at(invoice, activity))
    again = request.headers.get("HX-Target") == "invoice"
    return vary_by_htmx(render(request, "invoices/detail.html#invoice" if again else "invoices/detail.html", context))


def _e_invoice(draft: Invoice) -> dict[str, Any] | None:
    """What a draft lacks to be an e-invoice; None where there is no company that could issue one, nor a need for it."""
    planned = snapshot_of_draft(draft, timezone.localdate())
    needed = draft.client.e_invoice
    if planned["seller"]["id"] is None and not needed:
        return None
    number = draft.client.number
    return {
        "needed": draft.client.get_e_invoice_display(),
        "missing": missing(planned, needed, client_number=number, draft_id=draft.pk),
        "left_out": left_out(planned, client_number=number),
    }


def _reminders(request: HttpRequest, invoice: Invoice) -> dict[str, Any]:
    """What was done to have it paid, and what stops that."""
    sees_mail = request.user.has_perm("clients.view_mailmessage")
    holds = holds_of(invoice)
    return {
        "holds": holds,
        "held_by": {shown.hold.kind for shown in holds if shown.holds},
        "reminded": reminders_of(invoice) if sees_mail else [],
        "paused_until": paused_until(invoice.client),
    }


def _credit(invoice: Invoice, issued_at: datetime.datetime) -> dict[str, Any]:
    today = timezone.localdate()
    rule = credit_use.rule_of(invoice)
    entries = list(parts.credit_entries(invoice))
    if invoice.origin == Invoice.Origin.HISTORY:
        return {"entries": entries}
    if invoice.status == Invoice.Status.DRAFT:
        holds = credit_use.credit_held(invoice.client_id, invoice.currency, on=today)
        why = f"If it is issued today: {credit_use.outlook(rule, holds, invoice.total)}"
    else:
        why = "" if entries else credit_use.why_not_applied(invoice, rule, issued_at=issued_at, today=today)
    return {"entries": entries, "rule": rule, "why": why}
