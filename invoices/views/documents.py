"""The documents of invoices and credit notes: shown, saved, and as e-invoices."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect

from billing_admin.db.limits import Busy
from billing_admin.documents import NotDrawn
from billing_admin.errors import BusinessError
from billing_admin.jobs.enqueue import enqueue_job
from billing_admin.jobs.pages import ShownJob, job_on_page, shown_job
from billing_admin.web.http import staff, vary_by_htmx
from billing_admin.web.limits import takes_long
from billing_admin.web.needs import needs
from billing_admin.web.saved_files import pdf_response, xml_response
from clients.models import IssuedDocument
from clients.services.export import record_saved
from invoices.models import Invoice
from invoices.selectors.credit_notes import credit_note_shown
from invoices.selectors.detail import invoice_shown
from invoices.services.documents import (
    DRAW,
    MOST_LINES_AT_ONCE,
    SYNTAXES,
    Document,
    document_of,
    drawn_draft,
    e_invoice,
    file_name,
    kept_of,
    kind_of,
)

_sees = needs("invoices.view_invoice")


@require_safe
@_sees
@takes_long
def document(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The document of an invoice, drawn at first need; of a draft as it would be today."""
    invoice = _invoice(pk)
    if invoice.status == Invoice.Status.DRAFT:
        return _draft(request, invoice)
    return _document(request, invoice)


@require_safe
@_sees
@takes_long
def note_document(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The document of a credit note, drawn at first need."""
    return _document(request, _note(pk))


@require_safe
@_sees
@takes_long
def xml(request: HttpRequest, pk: int) -> HttpResponseBase:
    """An invoice as an e-invoice, to save."""
    return _xml(request, _invoice(pk))


@require_safe
@_sees
@takes_long
def note_xml(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A credit note as an e-invoice, to save."""
    return _xml(request, _note(pk))


def _document(request: HttpRequest, document: Document) -> HttpResponseBase:
    kept = kept_of(document)
    try:
        if kept is None and document.lines.count() > MOST_LINES_AT_ONCE:
            return _being_drawn(request, document)
        kept = kept or document_of(document)
    except BusinessError as error:
        return _refused(request, document, error)
    if request.headers.get("HX-Target") == "job":  # the page that waits for it: go to the file
        saved = "?download" if "download" in request.GET else ""
        return vary_by_htmx(HttpResponseClientRedirect(request.path + saved))
    return _kept(request, document, kept)


def _kept(request: HttpRequest, document: Document, kept: IssuedDocument) -> HttpResponseBase:
    etag = f'"{kept.sha256}"'
    if unchanged := get_conditional_response(request, etag=etag):
        return unchanged
    return _file(request, document, bytes(kept.content), kept.name, ETag=etag)


def _draft(request: HttpRequest, draft: Invoice) -> HttpResponseBase:
    try:
        drawn = drawn_draft(draft, timezone.localdate())
    except BusinessError as error:
        return _refused(request, draft, error)
    return _file(request, draft, drawn.content, "draft.pdf")


def _file(request: HttpRequest, document: Document, content: bytes, name: str, **headers: str) -> HttpResponseBase:
    """To save, which is written down, or to be shown."""
    is_shown = "download" not in request.GET
    if not is_shown:
        _write_down(request, document, name)
    return pdf_response(content, name, shown=is_shown, **headers)


def _write_down(request: HttpRequest, document: Document, name: str) -> None:
    is_invoice = isinstance(document, Invoice)
    what, verb = (
        (f"Invoice {document}", "invoice.saved") if is_invoice else (f"Credit note {document}", "credit_note.saved")
    )
    record_saved(what=what, verb=verb, by=staff(request), file=name, client=document.client)


def _xml(request: HttpRequest, document: Document) -> HttpResponseBase:
    syntax = request.GET.get("syntax", "ubl")
    if syntax not in SYNTAXES:
        raise BadRequest("“syntax” is ubl or cii.")
    try:
        content = e_invoice(document, syntax)
    except BusinessError as error:
        return _refused(request, document, error)
    name = file_name(document, f"{syntax}.xml")
    _write_down(request, document, name)
    return xml_response(content, name)


def _being_drawn(request: HttpRequest, document: Document) -> HttpResponseBase:
    """The page that waits for a long document, and goes to it when a queue worker has drawn it."""
    subject = f"{kind_of(document)} {document.pk}"
    shown = job_on_page(request, [DRAW], subject)
    if shown is None:
        asked = {"document": str(kind_of(document)), "pk": document.pk}
        shown = shown_job(enqueue_job(kind=DRAW, subject=subject, by=staff(request), **asked))
    if request.headers.get("HX-Target") == "job" and shown.goes_on:
        return vary_by_htmx(render(request, "components/job.html", {"job": shown}))
    if request.headers.get("HX-Target") == "job":
        return vary_by_htmx(HttpResponseClientRedirect(request.get_full_path()))
    return _page(request, document, HTTPStatus.OK, job=shown)


def _refused(request: HttpRequest, document: Document, error: BusinessError) -> HttpResponseBase:
    again = isinstance(error, Busy | NotDrawn)
    return _page(request, document, HTTPStatus.UNPROCESSABLE_CONTENT, why=str(error), again=again)


def _page(
    request: HttpRequest,
    document: Document,
    status: int,
    *,
    why: str = "",
    again: bool = False,
    job: ShownJob | None = None,
) -> HttpResponseBase:
    is_invoice = isinstance(document, Invoice)
    back = reverse("invoices:detail" if is_invoice else "invoices:credit_note", args=[document.pk])
    context: dict[str, Any] = {"document": document, "client": document.client, "back": back, "why": why, "job": job}
    if again or (job and not job.goes_on):
        asked = request.GET.copy()
        asked.pop("job", None)
        context["again"] = f"{request.path}?{asked.urlencode()}".removesuffix("?")
    return render(request, "invoices/document.html", context, status=status)


def _invoice(pk: int) -> Invoice:
    return _found(invoice_shown(pk), "invoice")


def _note(pk: int) -> Any:
    return _found(credit_note_shown(pk), "credit note")


def _found(document: Any, what: str) -> Any:
    if document is None:
        raise Http404(f"There is no such {what}.")
    return document
