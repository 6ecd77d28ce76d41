"""The Notes tab, and the popups that write and edit notes."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing_admin.db.pagination import paginate
from billing_admin.errors import BusinessError
from billing_admin.web.form_fields import add_error
from billing_admin.web.http import dialog_saved, render_popup, sent_before, staff, vary_by_htmx
from billing_admin.web.needs import needs
from clients.decorators import client_from_url
from clients.forms.notes import AddNoteForm, EditNoteForm
from clients.models import Client, ClientNote, FormKey
from clients.selectors.notes import notes_of
from clients.services.notes import add_note, edit_note, pin_note
from credits.selectors.balances import balances_of

_CHANGED = ["notesChanged", "clientChanged"]


@require_safe
@needs("clients.view_client")
@client_from_url
def notes(request: HttpRequest, client: Client) -> HttpResponse:
    """All that staff noted, the latest first, each with what it said before."""
    page = paginate(notes_of(client), request.GET, sorts={"id": "id"}, default="-id", noun="note", nouns="notes")
    again = request.headers.get("HX-Target") == "notes"
    context = {"client": client, "page": page} | ({} if again else {"balances": balances_of(client)})
    return vary_by_htmx(render(request, "clients/notes.html#notes" if again else "clients/notes.html", context))


@require_safe
@needs("clients.view_client")
@client_from_url
def pinned(request: HttpRequest, client: Client) -> HttpResponse:
    """The pinned notes again, after a popup changed them."""
    return vary_by_htmx(render(request, "clients/client_base.html#pinned", {"client": client}))


@require_http_methods(["GET", "HEAD", "POST"])
@needs("clients.add_clientnote")
@client_from_url
def add(request: HttpRequest, client: Client) -> HttpResponseBase:
    """Note something about the client."""
    form = AddNoteForm(request.POST if request.method == "POST" else None)
    url = _url(client)
    if request.method == "POST" and form.is_valid():
        key = FormKey(key=form.cleaned_data["key"])
        text, is_pinned = form.cleaned_data["text"], form.cleaned_data["pinned"]
        try:
            add_note(client=client, text=text, pinned=is_pinned, by=staff(request), key=key)
        except BusinessError as error:
            add_error(form, error)
        else:
            if key.repeated:
                return sent_before(request, key.repeated_text, fallback_url=url)
            return dialog_saved(request, message="Note added.", events=_CHANGED, fallback_url=url)
    context = {"form": form, "client": client}
    return render_popup(request, "clients/note.html", context, title=f"Note about {client.name}", close_url=url)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("clients.add_clientnote")
@client_from_url
def edit(request: HttpRequest, client: Client, note_pk: int) -> HttpResponseBase:
    """Let a note say something else."""
    note = _note(client, note_pk)
    form = EditNoteForm(request.POST if request.method == "POST" else None, note=note)
    url = _url(client)
    if request.method == "POST" and form.is_valid():
        try:
            edit_note(note=note, text=form.cleaned_data["text"], by=staff(request), seen=form.cleaned_data["seen"])
        except BusinessError as error:
            form.refuse(error)
        else:
            return dialog_saved(request, message="Note saved.", events=_CHANGED, fallback_url=url)
    context = {"form": form, "client": client, "note": note}
    return render_popup(request, "clients/note.html", context, title="Edit note", close_url=url)


@needs("clients.add_clientnote")
@require_POST
@client_from_url
def pin(request: HttpRequest, client: Client, note_pk: int) -> HttpResponseBase:
    """Pin a note on top of each of the client's pages, or take it down."""
    is_pinned = request.POST.get("pinned") == "1"
    try:
        pin_note(note=_note(client, note_pk), pinned=is_pinned, by=staff(request))
    except BusinessError as error:
        messages.info(request, str(error))
    else:
        messages.success(request, "Note pinned." if is_pinned else "Note no longer pinned.")
    return HttpResponseRedirect(_url(client))


def _url(client: Client) -> str:
    return reverse("clients:notes", args=[client.number])


def _note(client: Client, pk: int) -> ClientNote:
    note = ClientNote.objects.filter(client=client, pk=pk).first()
    if note is None:
        raise Http404("This client has no such note.")
    return note
