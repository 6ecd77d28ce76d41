"""The floor of a page: fifty rows of a model in plain cells, in the product's own frame and behind its middleware.

A list of addresses in place of the product's, which has them all and `bare/COLUMNS/`.
"""

import functools
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path
from django.views.decorators.http import require_safe

from billing_admin.urls import urlpatterns as products
from clients.models import Client

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


urlpatterns = [*products, path("bare/<int:columns>/", bare_list)]
