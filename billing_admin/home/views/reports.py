"""Reports: what there is to look at and to save."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
@permission_required("clients.view_client", raise_exception=True)
def reports(request: HttpRequest) -> HttpResponse:
    """A list of reports; each page asks for its own permission."""
    return render(request, "reports.html")
