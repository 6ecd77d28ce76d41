"""Adding a client, and the Profile tab."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from billing_admin.form_fields import add_refusal
from billing_admin.http import leave_for, render_popup, staff
from billing_admin.refusals import Refused
from clients.addressing import of_client
from clients.forms import AddClientForm, ProfileForm
from clients.models import Client
from clients.services.opening import ProfileUnchanged, edit_client, open_client
from credits.forms import balance_forms
from credits.selectors.balances import balances_of


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("clients.add_client", raise_exception=True)
def add(request: HttpRequest) -> HttpResponseBase:
    """Add a client and go to its Summary."""
    form = AddClientForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        client = open_client(by=staff(request), **form.changes())
        url = reverse("clients:summary", args=[client.number])
        return leave_for(request, url, message=f"Client {client.name} added with the number {client.number}.")
    return render_popup(
        request, "clients/add.html", {"form": form}, title="Add Client", close_url=reverse("clients:list"), wide=True
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("clients.view_client", raise_exception=True)
@of_client
def profile(request: HttpRequest, client: Client) -> HttpResponseBase:
    """The profile and, for those allowed, the Credit Balance field."""
    form = ProfileForm(request.POST or None, instance=client)
    if request.method == "POST":
        if not request.user.has_perm("clients.change_client"):
            raise PermissionDenied("Editing a profile needs the right “Edit a client's profile”.")
        if form.is_valid() and (answer := _save(request, form, client.pk)):
            return answer
        # The form has put what was typed into the object; the frame shows what is stored.
        client = Client.objects.select_related("group").get(pk=client.pk)
    status = HTTPStatus.UNPROCESSABLE_CONTENT if form.is_bound else HTTPStatus.OK
    context = {
        "client": client,
        "balances": balances_of(client),
        "form": form,
        "balance_forms": balance_forms(client) if request.user.has_perm("credits.adjust_balance") else [],
    }
    return render(request, "clients/profile.html", context, status=status)


def _save(request: HttpRequest, form: ProfileForm, pk: int) -> HttpResponse | None:
    stored = Client.objects.get(pk=pk)
    if form.cleaned_data["seen"] != stored.updated_at.isoformat():
        form.add_error(
            None,
            "Somebody else changed this profile since the page was opened. Nothing was saved; open the Profile again "
            "to see what is stored.",
        )
        return None
    try:
        saved = edit_client(client=stored, by=staff(request), **form.changes())
    except ProfileUnchanged as unchanged:
        messages.info(request, str(unchanged))
    except Refused as refused:
        add_refusal(form, refused)
        return None
    else:
        messages.success(request, f"Profile of {saved.name} saved.")
    return HttpResponseRedirect(reverse("clients:profile", args=[stored.number]))
