"""The floors, in the product's own frame and behind its middleware: of a page fifty rows of a model in plain cells, of
an action a form that writes a row.

A list of addresses in place of the product's, which has them all, `bare/COLUMNS/` and `bare/CLIENT/note/`.
"""

import functools
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction as db_transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template import engines
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from billing_admin.urls import urlpatterns as products
from billing_admin.web.http import staff
from clients.models import Client, ClientNote

ROWS = 50
_FIELDS = (
    "number", "first_name", "last_name", "company_name", "email", "phone", "address_1", "city", "postcode", "country",
    "currency", "status", "region", "tax_id", "address_2",
)  # fmt: skip


@functools.cache
def _template(columns: int) -> Any:
    heads = "".join(f'<th scope="col">{name}</th>' for name in _FIELDS[:columns])
    cells = "".join(f"<td>{{{{ row.{name} }}}}</td>" for name in _FIELDS[:columns])
    return engines["django"].from_string(
        '{% extends "base.html" %}{% block heading %}Clients{% endblock %}{% block content %}'
        f'<div class="panel"><table class="table"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{{% for row in rows %}}<tr>{cells}</tr>{{% endfor %}}</tbody></table></div>"
        "{% endblock %}"
    )


@require_safe
def bare_list(request: HttpRequest, columns: int) -> HttpResponse:
    """The latest fifty clients, so many fields of each."""
    return HttpResponse(_template(columns).render({"rows": Client.objects.order_by("-pk")[:ROWS]}, request))


class NoteForm(forms.Form):
    """What somebody notes."""

    text = forms.CharField(max_length=2_000)


@permission_required("clients.change_client", raise_exception=True)
@require_POST
def bare_note(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a note, in a transaction, and go on to a page that says so."""
    form = NoteForm(request.POST)
    if form.is_valid():
        with db_transaction.atomic():
            ClientNote.objects.create(client_id=pk, text=form.cleaned_data["text"], author=staff(request))
        messages.success(request, "Noted.")
    return HttpResponseRedirect("/clients/")


urlpatterns = [
    *products,
    path("bare/<int:columns>/", bare_list),
    path("bare/<int:pk>/note/", bare_note),
]
