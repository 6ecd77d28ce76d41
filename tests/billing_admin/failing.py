"""URLs of a program that has a fault: every page raises."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from billing_admin.web.needs import open_to_all


@open_to_all
def fail(request: HttpRequest) -> HttpResponse:
    """A fault of ours."""
    raise RuntimeError("a fault")


urlpatterns = [path("", fail)]
handler500 = "billing_admin.web.error_pages.server_error"
