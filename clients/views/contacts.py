"""Contacts of a client: the popups that add, edit and remove them."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from billing_admin.errors import BusinessError
from billing_admin.web.form_fields import add_error
from billing_admin.web.http import dialog_saved, render_popup, sent_before, staff
from billing_admin.web.needs import needs
from clients.decorators import client_from_url
from clients.forms.contacts import AddContactForm, EditContactForm
from clients.models import Client, Contact, FormKey
from clients.selectors.merge import contact_words
from clients.services.contacts import add_contact, edit_contact, remove_contact

_CHANGED = ["contactsChanged", "clientChanged"]


@require_http_methods(["GET", "HEAD", "POST"])
@needs("clients.change_contact")
@client_from_url
def add(request: HttpRequest, client: Client) -> HttpResponseBase:
    """Keep one more person at the client."""
    form = AddContactForm(request.POST if request.method == "POST" else None)
    url = _url(client)
    if request.method == "POST" and form.is_valid():
        key = FormKey(key=form.cleaned_data["key"])
        try:
            contact = add_contact(client=client, by=staff(request), key=key, **form.details())
        except ValidationError as error:
            form.add_error(None, error)
        except BusinessError as error:
            add_error(form, error)
        else:
            if key.repeated:
                return sent_before(request, key.repeated_text, fallback_url=url)
            return dialog_saved(request, message=f"Contact {contact} added.", events=_CHANGED, fallback_url=url)
    context = {"form": form, "client": client}
    return render_popup(request, "clients/contact.html", context, title="Add Contact", close_url=url)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("clients.change_contact")
@client_from_url
def edit(request: HttpRequest, client: Client, contact_pk: int) -> HttpResponseBase:
    """Change what is known of a contact."""
    contact = _contact(client, contact_pk)
    form = EditContactForm(request.POST if request.method == "POST" else None, contact=contact)
    url = _url(client)
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["seen"]
        try:
            contact = edit_contact(contact=contact, by=staff(request), seen=seen, **form.details())
        except ValidationError as error:
            form.add_error(None, error)
        except BusinessError as error:
            form.refuse(error)
        else:
            return dialog_saved(request, message=f"Contact {contact} saved.", events=_CHANGED, fallback_url=url)
    context = {"form": form, "client": client, "contact": contact}
    return render_popup(request, "clients/contact.html", context, title="Edit Contact", close_url=url)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("clients.change_contact")
@client_from_url
def remove(request: HttpRequest, client: Client, contact_pk: int) -> HttpResponseBase:
    """Say what removing a contact does, and do it."""
    contact = _contact(client, contact_pk)
    url, problem = _url(client), ""
    if request.method == "POST":
        try:
            remove_contact(contact=contact, by=staff(request))
        except BusinessError as error:
            problem = str(error)
        else:
            return dialog_saved(request, message=f"Contact {contact} removed.", events=_CHANGED, fallback_url=url)
    context = {"client": client, "contact": contact, "words": contact_words(contact), "problem": problem}
    title = f"Remove the contact {contact}?"
    return render_popup(request, "clients/contact_remove.html", context, title=title, close_url=url)


def _url(client: Client) -> str:
    return reverse("clients:summary", args=[client.number])


def _contact(client: Client, pk: int) -> Contact:
    contact = Contact.objects.filter(client=client, pk=pk).first()
    if contact is None:
        raise Http404("This client has no such contact; it may have been removed.")
    return contact
