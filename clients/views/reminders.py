"""Pausing the reminders of a client: a popup of its page."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from billing_admin.errors import BusinessError
from billing_admin.web.http import leave_for, render_popup, staff
from billing_admin.web.needs import needs
from clients.decorators import client_from_url, merged_meanwhile
from clients.forms.reminders import PauseForm
from clients.models import Client
from clients.services.reminders import pause_reminders
from invoices.selectors.reminder_pages import paused_until


@require_http_methods(["GET", "HEAD", "POST"])
@needs("clients.change_client")
@client_from_url
def pause(request: HttpRequest, client: Client) -> HttpResponseBase:
    """Send the client no reminder until a day, or let them go out again."""
    form = PauseForm(request.POST if request.method == "POST" else None, client=client)
    url = reverse("clients:summary", args=[client.number])
    if form.is_bound and (merged := merged_meanwhile(request, client)):
        form.add_error(None, merged)
    if form.is_bound and form.is_valid():
        until = form.cleaned_data["until"]
        try:
            pause_reminders(client=client, until=until, by=staff(request), seen=form.cleaned_data["seen"])
        except BusinessError as error:
            form.refuse(error)
        else:
            said = f"Reminders are paused until {until:%-d %b %Y}." if until else "Reminders go out again."
            return leave_for(request, url, message=said)
    context = {"client": client, "form": form, "paused_until": paused_until(client)}
    return render_popup(
        request, "clients/pause_reminders.html", context, title=f"Pause Reminders of {client.name}", close_url=url
    )
