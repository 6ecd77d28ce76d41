"""The Files tab, a file to save, and the settings of both."""

from http import HTTPStatus
from io import BytesIO

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from billing_admin.db.pagination import paginate
from billing_admin.errors import BusinessError
from billing_admin.web.form_fields import add_error
from billing_admin.web.http import leave_for, render_popup, sent_before, staff
from billing_admin.web.limits import takes_long
from billing_admin.web.needs import needs
from clients.decorators import client_from_url
from clients.forms.documents import DocumentForm, DocumentSettingsForm
from clients.models import Client, ClientDocument, DocumentSettings, FormKey
from clients.selectors.documents import documents_of
from clients.services.documents import add_document, delete_document, set_document_limits
from clients.services.export import record_saved
from credits.selectors.balances import balances_of


@require_http_methods(["GET", "HEAD", "POST"])
@needs("clients.view_client", to_send="clients.add_clientdocument")
@client_from_url
@takes_long
def documents(request: HttpRequest, client: Client) -> HttpResponseBase:
    """The files that are kept with the client, the latest first, and the form that adds one."""
    sent = request.method == "POST"
    limits = DocumentSettings.objects.current()
    form = DocumentForm(request.POST if sent else None, request.FILES if sent else None, limits=limits)
    url = reverse("clients:documents", args=[client.number])
    if sent and form.is_valid():
        key, file = FormKey(key=form.cleaned_data["key"]), form.cleaned_data["file"]
        content = file.read()
        try:
            document = add_document(client=client, name=file.name, content=content, by=staff(request), key=key)
        except BusinessError as error:
            add_error(form, error)
        else:
            if key.repeated:
                return sent_before(request, key.repeated_text, fallback_url=url)
            messages.success(request, f"{document.name} added.")
            return HttpResponseRedirect(url)
    page = paginate(documents_of(client), request.GET, sorts={"id": "id"}, default="-id", noun="file", nouns="files")
    context = {"client": client, "balances": balances_of(client), "page": page, "form": form}
    status = HTTPStatus.UNPROCESSABLE_CONTENT if sent else HTTPStatus.OK
    return render(request, "clients/documents.html", context, status=status)


@require_safe
@needs("clients.view_client")
@client_from_url
def document(request: HttpRequest, client: Client, document_pk: int) -> HttpResponseBase:
    """The file, to save: whatever is in it, no browser opens it as a page of ours."""
    found = ClientDocument.objects.filter(client=client, pk=document_pk).first()
    if found is None:
        raise Http404("This client has no such file; it may have been deleted.")
    if request.method == "GET":  # who only asks for the head has no file
        record_saved(what="File", verb="document.saved", by=staff(request), file=found.name, client=client)
    content = BytesIO(bytes(found.content))
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"}
    return FileResponse(
        content, as_attachment=True, filename=found.name, content_type="application/octet-stream", headers=headers
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs("clients.add_clientdocument")
@client_from_url
def document_delete(request: HttpRequest, client: Client, document_pk: int) -> HttpResponseBase:
    """Say that a file goes for good, and delete it."""
    found = documents_of(client).filter(pk=document_pk).first()
    if found is None:
        raise Http404("This client has no such file; it may have been deleted.")
    url, problem = reverse("clients:documents", args=[client.number]), ""
    if request.method == "POST":
        try:
            delete_document(document=found, by=staff(request))
        except BusinessError as error:
            problem = str(error)
        else:
            return leave_for(request, url, message=f"{found.name} deleted.")
    context = {"client": client, "document": found, "problem": problem}
    return render_popup(request, "clients/document_delete.html", context, title="Delete this file?", close_url=url)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("clients.view_client", to_send="clients.change_documentsettings")
def document_settings(request: HttpRequest) -> HttpResponseBase:
    """Which files are taken. Those with the right change it, others see it."""
    sent = request.POST if request.method == "POST" else None
    form = DocumentSettingsForm(sent, limits=DocumentSettings.objects.current())
    if sent is not None and form.is_valid():
        try:
            set_document_limits(**form.typed(), by=staff(request), seen=form.cleaned_data["seen"])
        except BusinessError as error:
            form.refuse(error)
        else:
            messages.success(request, "Files that are added from now on keep to these limits.")
            return HttpResponseRedirect(reverse("document_settings"))
    status = HTTPStatus.UNPROCESSABLE_CONTENT if form.is_bound else HTTPStatus.OK
    return render(request, "clients/document_settings.html", {"form": form}, status=status)
