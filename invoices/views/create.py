"""Making an invoice by hand, and changing a draft."""

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from billing_admin.errors import BusinessError
from billing_admin.money.amounts import money_text
from billing_admin.web.form_fields import add_error
from billing_admin.web.http import dialog_saved, leave_for, render_popup, sent_before, staff
from billing_admin.web.needs import needs
from clients.decorators import client_from_url
from clients.models import Client, FormKey
from invoices.forms import BilledClientForm, DraftForm, InvoiceForm, InvoiceLines
from invoices.models import Invoice
from invoices.selectors.detail import invoice_shown
from invoices.services.drafts import InvoiceMoved, NotADraftAnyMore, NothingChanged, edit_draft
from invoices.services.issue import bill_client, draft_invoice
from invoices.views import line_editor
from invoices.views.messages import what_happened

# What the button sends that saves a draft and leads on to issuing it.
ISSUE_NEXT = "issue"


@require_safe
@needs("invoices.issue_invoice")
def create_for(request: HttpRequest) -> HttpResponseBase:
    """Ask whom the invoice is for; then its lines are typed on the page of that client."""
    form = BilledClientForm(request.GET if "client" in request.GET else None)
    if form.is_valid():
        return leave_for(request, reverse("invoices:create", args=[form.cleaned_data["client"].number]))
    close_url = reverse("invoices:list")
    return render_popup(
        request, "invoices/create_for.html", {"form": form}, title="Create Invoice", close_url=close_url
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs("invoices.issue_invoice")
@client_from_url
def create(request: HttpRequest, client: Client) -> HttpResponseBase:
    """Lines are typed, added, removed and moved with buttons that work without JavaScript; then saved or issued."""

    frame = {
        "form_id": "create-invoice",
        "action": reverse("invoices:create", args=[client.number]),
        "cancel_url": reverse("invoices:of_client", args=[client.number]),
    }
    form = InvoiceForm(request.POST if request.method == "POST" else None, client=client)
    return line_editor.answer(request, client, form, partial(_make, request, client), frame=frame)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("invoices.issue_invoice")
def edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The same of a draft. Where somebody else has changed it meanwhile, nothing is overwritten unseen."""
    draft = invoice_shown(pk)
    if draft is None:
        raise Http404("There is no such invoice.")
    url = reverse("invoices:detail", args=[pk])
    if draft.status != Invoice.Status.DRAFT:
        messages.warning(
            request, f"{draft.label} is {draft.get_status_display()}: an issued invoice is not changed any more."
        )
        return HttpResponseRedirect(url)

    def save(form: InvoiceForm, lines: InvoiceLines) -> HttpResponseBase | None:
        assert isinstance(form, DraftForm)
        return HttpResponseRedirect(_where_to(request, pk)) if _store(request, draft, form, lines) else None

    frame = {
        "form_id": "edit-draft",
        "action": reverse("invoices:edit", args=[pk]),
        "cancel_url": url,
        "draft": draft,
    }
    form = DraftForm(request.POST if request.method == "POST" else None, client=draft.client, invoice=draft)
    return line_editor.answer(request, draft.client, form, save, frame=frame, draft=draft)


def _where_to(request: HttpRequest, pk: int) -> str:
    """Where a saved draft leads: to its page, or to issuing it, which asks once more."""
    return reverse("invoices:issue" if request.POST.get("draft") == ISSUE_NEXT else "invoices:detail", args=[pk])


def _make(request: HttpRequest, client: Client, form: InvoiceForm, lines: InvoiceLines) -> HttpResponseBase | None:
    """Save the draft or issue, and say on its page what came of it; None where the service refused."""
    cleaned = form.cleaned_data
    key = FormKey(key=cleaned["key"])
    make = draft_invoice if "draft" in request.POST else bill_client
    try:
        invoice = make(
            client=client,
            lines=[line.new_line() for line in lines.typed()],
            by=staff(request),
            due_on=cleaned["due_on"],
            credit_use=cleaned["credit_use"],
            notes=cleaned["notes"],
            po_number=cleaned["po_number"],
            buyer_reference=cleaned["buyer_reference"],
            key=key,
        )
    except BusinessError as error:
        add_error(form, error)
        return None
    url = _where_to(request, invoice.pk)
    if key.repeated:
        return sent_before(request, key.repeated_text, fallback_url=url)
    return dialog_saved(request, message=what_happened(invoice, client), fallback_url=url)


def _store(request: HttpRequest, draft: Invoice, form: DraftForm, lines: InvoiceLines) -> bool:
    """Store the draft and say so; False where the service refused."""
    cleaned = form.cleaned_data
    try:
        changed = edit_draft(
            invoice=draft,
            seen=cleaned["seen"],
            lines=[line.new_line() for line in lines.typed()],
            by=staff(request),
            due_on=cleaned["due_on"],
            credit_use=cleaned["credit_use"],
            notes=cleaned["notes"],
            po_number=cleaned["po_number"],
            buyer_reference=cleaned["buyer_reference"],
        )
    except (NothingChanged, NotADraftAnyMore) as nothing:
        messages.warning(request, str(nothing))
        return True
    except BusinessError as error:
        add_error(form, error)
        if isinstance(error, InvoiceMoved):
            form.look_again(error.current, [line.new_line() for line in lines.typed()])
        return False
    messages.success(
        request, f"Draft of {money_text(changed.total)} for {draft.client.name} saved; it is not issued yet."
    )
    return True
