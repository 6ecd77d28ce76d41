"""The page of one invoice."""

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from billing_admin.http import vary_by_htmx
from invoices.models import Invoice
from invoices.selectors import detail as parts


@require_safe
@permission_required("invoices.view_invoice", raise_exception=True)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Lines, totals, what settled it, and why credit was applied or not. A popup that changed it has it drawn anew."""
    invoice = Invoice.objects.select_related("client", "run").filter(pk=pk).first()
    if invoice is None:
        raise Http404("There is no such invoice.")
    today = timezone.localdate()
    lines = list(parts.lines_of(invoice))
    rule = parts.rule(invoice)
    entries = list(parts.credit_entries(invoice)) if request.user.has_perm("credits.view_credit") else []
    unexplained = invoice.status == Invoice.Status.UNPAID and not invoice.credit_applied.amount
    context = {
        "invoice": invoice,
        "client": invoice.client,
        "status": "overdue" if invoice.is_overdue(today) else invoice.status,
        "lines": lines,
        "tax_by_rate": parts.tax_by_rate(lines),
        "entries": entries,
        "payments": list(parts.payments(invoice)) if request.user.has_perm("transactions.view_transaction") else [],
        "rule": rule,
        "why_no_credit": parts.why_no_credit(invoice, rule, today) if unexplained else "",
        "activity": list(parts.activity(invoice)),
    }
    return vary_by_htmx(render(request, "invoices/detail.html", context))
