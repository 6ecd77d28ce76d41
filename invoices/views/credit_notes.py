"""Credit notes: issuing one from its invoice, and its page."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from billing_admin.errors import BusinessError
from billing_admin.listing.pages import show_list
from billing_admin.money.amounts import money_text
from billing_admin.web.form_fields import add_error
from billing_admin.web.http import leave_for, render_popup, sent_before, staff
from billing_admin.web.needs import needs
from billing_admin.web.replica import may_read_replica
from clients.models import FormKey, NeedsApproval
from clients.views.asking import ask_or_offer
from invoices.forms.credit_note import CreditNoteForm
from invoices.lists import CreditNoteList
from invoices.models import Invoice
from invoices.selectors.credit_notes import credit_note_shown, lines_left, lines_of_note
from invoices.selectors.detail import invoice_shown, tax_by_rate
from invoices.services.credit_note_refunds import RefundTo
from invoices.services.credit_notes import Credited, build_credit, issue_credit_note

from .document_facts import document_facts


@require_http_methods(["GET", "HEAD", "POST"])
@needs("invoices.issue_creditnote")
def issue_for_invoice(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Choose what is credited; say what that lowers and gives back."""
    invoice = invoice_shown(pk)
    if invoice is None:
        raise Http404("There is no such invoice.")
    url = reverse("invoices:detail", args=[pk])
    left = lines_left(invoice)
    form = CreditNoteForm(request.POST if request.method == "POST" else None, invoice=invoice, left=left)
    if request.method == "POST" and form.is_valid():
        key = FormKey(key=form.cleaned_data["key"])
        given = {
            "invoice": invoice,
            "reason": form.cleaned_data["reason"],
            "lines": form.lines(),
            "order": form.chosen_order(),
            "refund_to": form.chosen_refund(),
        }
        may_refund = request.user.has_perm("transactions.refund_payment")
        try:
            credited = issue_credit_note(**given, by=staff(request), key=key, may_refund=may_refund)
        except NeedsApproval as above:
            asked = ask_or_offer(
                request, form, above, action="credit_note.issue", given=given, client=invoice.client, key=key
            )
            if asked is not None:
                return asked
        except BusinessError as error:
            add_error(form, error)
        else:
            if key.repeated:
                return sent_before(request, key.repeated_text, fallback_url=url)
            return leave_for(request, url, message=_what_happened(credited, form.chosen_refund()))
    context = {"form": form, "invoice": invoice, "why_not": "", "left": sum(each.gross.amount for each in left)}
    try:
        build_credit(invoice, None)
    except BusinessError as error:
        context["why_not"] = str(error)
    title = f"Credit Note for {invoice.label}"
    return render_popup(request, "invoices/issue_credit_note.html", context, title=title, close_url=url, wide=True)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("invoices.view_invoice", to_send="clients.save_lists")
@may_read_replica
def credit_notes(request: HttpRequest) -> HttpResponseBase:
    """Everybody's credit notes, newest first."""
    return show_list(request, "invoices/credit_notes.html", CreditNoteList.asked_for(request))


@require_safe
@needs("invoices.view_invoice")
def credit_note(request: HttpRequest, pk: int) -> HttpResponse:
    """What was credited, of which invoice, and why."""
    note = credit_note_shown(pk)
    if note is None:
        raise Http404("There is no such credit note.")
    lines = list(lines_of_note(note))
    context = {
        "note": note,
        "invoice": note.invoice,
        "client": note.client,
        "lines": lines,
        "tax_by_rate": tax_by_rate(lines),
        **document_facts(note),
    }
    return render(request, "invoices/credit_note.html", context)


def _what_happened(credited: Credited, to: RefundTo) -> str:
    note, invoice = credited.note, credited.invoice
    said = f"{note.label} of {money_text(note.total)} issued for {invoice.label}."
    if credited.released.amount:
        said += f" Credit of {money_text(credited.released)} went back to where it came from."
    if credited.refunded.amount:
        where = "became credit of the client" if to == RefundTo.CREDIT else "was refunded to the payment method"
        said += f" {money_text(credited.refunded)} {where}."
    if credited.taken_back.amount.amount:
        said += f" {credited.taken_back.sentence}"
    said = " ".join([said, *(f"{fee}." for fee in credited.fees)])
    if invoice.status == Invoice.Status.REFUNDED:
        return f"{said} It is Refunded; nobody owes it."
    nothing_due = f"Nothing is due, it is {invoice.get_status_display()}."
    due = f"{money_text(invoice.due)} is still due." if invoice.due.amount else nothing_due
    return f"{said} {due}"
