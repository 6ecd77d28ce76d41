"""Adding a client, and the Profile tab."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from billing_admin.errors import BusinessError
from billing_admin.web.form_fields import add_error
from billing_admin.web.http import leave_for, render_popup, sent_before, staff
from clients.decorators import client_from_url
from clients.forms import AddClientForm, ProfileForm
from clients.models import Client, FormKey
from clients.services.profile import EmailInUse, ProfileMoved, ProfileUnchanged, edit_client, open_client
from credits.forms import balance_forms
from credits.selectors.balances import balances_of


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("clients.add_client", raise_exception=True)
def add(request: HttpRequest) -> HttpResponseBase:
    """Add a client and go to its Summary."""
    form = AddClientForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        key = FormKey(key=form.cleaned_data["key"])
        try:
            shares_email = form.cleaned_data["add_anyway"]
            client = open_client(by=staff(request), key=key, shares_email=shares_email, **form.changes())
        except BusinessError as error:
            add_error(form, error)
            if isinstance(error, EmailInUse):
                form.duplicates = error.clients
        else:
            url = reverse("clients:summary", args=[client.number])
            if key.repeated:
                return sent_before(request, key.repeated_text, fallback_url=url, leave=True)
            return leave_for(request, url, message=f"Client {client.name} added with the number {client.number}.")
    return render_popup(
        request, "clients/add.html", {"form": form}, title="Add Client", close_url=reverse("clients:list"), wide=True
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("clients.view_client", raise_exception=True)
@client_from_url
def profile(request: HttpRequest, client: Client) -> HttpResponseBase:
    """The profile and, for those allowed, the Credit Balance field."""
    may_edit = request.user.has_perm("clients.change_client")
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=client, read_only=not may_edit)
    if request.method == "POST":
        if not may_edit:
            raise PermissionDenied("Editing a profile needs the right “Edit a client's profile”.")
        if form.is_valid() and (answer := _save(request, client, form)):
            return answer
        # The form has put what was typed into the object; the frame shows what is stored.
        client = get_object_or_404(Client.objects.select_related("group"), pk=client.pk)
    status = HTTPStatus.UNPROCESSABLE_CONTENT if form.is_bound else HTTPStatus.OK
    context = {
        "client": client,
        "balances": balances_of(client),
        "form": form,
        "balance_forms": balance_forms(client) if request.user.has_perm("credits.adjust_balance") else [],
    }
    return render(request, "clients/profile.html", context, status=status)


def _save(request: HttpRequest, client: Client, form: ProfileForm) -> HttpResponse | None:
    try:
        saved = edit_client(client=client, by=staff(request), seen=form.cleaned_data["seen"], **form.changes())
    except ProfileUnchanged as error:
        messages.info(request, str(error))
    except BusinessError as error:
        add_error(form, error)
        if isinstance(error, ProfileMoved):
            form.look_again(error.current)
        return None
    else:
        messages.success(request, f"Profile of {saved.name} saved.")
    return HttpResponseRedirect(reverse("clients:profile", args=[client.number]))
