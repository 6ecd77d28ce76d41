"""Close, Export, and Delete Client."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from billing_admin.errors import BusinessError
from billing_admin.money.amounts import totals_text
from billing_admin.rights import missing_rights
from billing_admin.text import pluralize
from billing_admin.web.form_fields import add_error
from billing_admin.web.http import announce, is_for_dialog, leave_for, render_popup, staff
from billing_admin.web.limits import takes_long
from billing_admin.web.needs import needs
from clients.decorators import client_from_url, merged_meanwhile
from clients.forms import CloseForm, DeleteForm
from clients.models import Client
from clients.selectors.deletion import deletion_preview
from clients.services.close import close_client, reopen_client
from clients.services.delete.delete_client import delete_client, what_became_of_transactions
from clients.services.delete.prepare_deletion import cancel_unpaid_invoices, remove_all_credit
from clients.services.export import export_client


@require_http_methods(["GET", "HEAD", "POST"])
@needs("clients.close_client")
@client_from_url
def close(request: HttpRequest, client: Client) -> HttpResponseBase:
    """Close the account, or open a closed one again."""
    closed = client.status == Client.Status.CLOSED
    form = CloseForm(request.POST if request.method == "POST" else None)
    url = reverse("clients:summary", args=[client.number])
    if request.method == "POST" and (merged := merged_meanwhile(request, client)):
        form.add_error(None, merged)
    if request.method == "POST" and form.is_valid():
        try:
            if request.POST.get("reopen"):
                reopen_client(client=client, by=staff(request))
                message = f"{client.name} is Active again."
            else:
                close_client(client=client, by=staff(request), reason=form.cleaned_data["reason"])
                message = f"{client.name} is Closed. Nothing of it was removed."
        except BusinessError as error:
            add_error(form, error)
        else:
            return leave_for(request, url, message=message)
    return render_popup(
        request,
        "clients/close.html",
        {"client": client, "form": form, "closed": closed},
        title=f"Open {client.name} again" if closed else f"Close {client.name}",
        close_url=url,
    )


@needs("clients.export_client")
@require_POST
@client_from_url
@takes_long
def export(request: HttpRequest, client: Client) -> HttpResponseBase:
    """Everything held about the client, as a ZIP to keep."""
    archive = export_client(client=client, by=staff(request))
    return FileResponse(archive, as_attachment=True, filename=f"client-{client.number}.zip")


@require_http_methods(["GET", "HEAD", "POST"])
@needs("clients.delete_client", fresh=True)
@client_from_url
@takes_long
def delete(request: HttpRequest, client: Client) -> HttpResponseBase:
    """What goes and what stays; the number typed; then back to the Clients List."""
    if "way" in request.POST and (merged := merged_meanwhile(request, client)):
        return _back_to_the_popup(request, client, merged, "attention")
    if request.POST.get("way") == "remove_credit":
        return _remove_credit(request, client)
    if request.POST.get("way") == "cancel_invoices":
        return _cancel_invoices(request, client)
    form = _delete_form(request, client, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            deletion = delete_client(
                client=client, by=staff(request), with_transactions=form.cleaned_data.get("with_transactions", False)
            )
        except BusinessError as error:
            add_error(form, error)
        else:
            # By number: a message may be kept in the session, and a session in the database.
            kept = deletion.counts.get("transactions") and deletion.transactions_kept
            label = " under its number and name" if kept else ""
            message = f"Client {client.number} deleted; {what_became_of_transactions(deletion)}{label}."
            return leave_for(request, reverse("clients:list"), message=message)
    return _show(request, client, form)


def _delete_form(request: HttpRequest, client: Client, data: QueryDict | None = None) -> DeleteForm:
    """The form; the tick box for the transactions only for those who may."""
    allowed = request.user.has_perm("clients.delete_transactions")
    return DeleteForm(data, client=client, transactions=client.transactions.count() if allowed else 0)


def _show(request: HttpRequest, client: Client, form: DeleteForm, *, saved: bool = False) -> HttpResponse:
    preview = deletion_preview(client)
    return render_popup(
        request,
        "clients/delete.html",
        {"client": client, "preview": preview, "form": form, "going": preview.going(), "saved": saved},
        title=f"Delete {client.name}?",
        close_url=reverse("clients:summary", args=[client.number]),
    )


def _remove_credit(request: HttpRequest, client: Client) -> HttpResponseBase:
    """The way out of credit that is left: remove it, and come back to the popup."""
    if not request.user.has_perm("credits.adjust_balance"):
        raise PermissionDenied(missing_rights(["credits.adjust_balance"]))
    try:
        removed = remove_all_credit(client=client, by=staff(request))
        amounts = totals_text((balance.currency.code, balance.amount) for balance in removed)
        message, level = f"{amounts} of credit removed.", "good"
    except BusinessError as error:
        message, level = str(error), "attention"
    return _back_to_the_popup(request, client, message, level)


def _cancel_invoices(request: HttpRequest, client: Client) -> HttpResponseBase:
    """The way out of unpaid invoices: cancel those that can be, name the others, and come back to the popup."""
    if not request.user.has_perm("invoices.cancel_invoice"):
        raise PermissionDenied(missing_rights(["invoices.cancel_invoice"]))
    try:
        done = cancel_unpaid_invoices(client=client, by=staff(request))
    except BusinessError as error:
        return _back_to_the_popup(request, client, str(error), "attention")
    said = [f"{pluralize(len(done.labels), 'invoice')} cancelled."] if done.labels else []
    if done.released:
        amounts = totals_text((money.currency.code, money.amount) for money in done.released)
        said.append(f"{amounts} of credit went back to where it came from.")
    said += done.refused
    return _back_to_the_popup(request, client, " ".join(said), "attention" if done.refused else "good")


def _back_to_the_popup(request: HttpRequest, client: Client, message: str, level: str) -> HttpResponseBase:
    if not is_for_dialog(request):
        messages.add_message(request, messages.SUCCESS if level == "good" else messages.WARNING, message)
        return HttpResponseRedirect(reverse("clients:delete", args=[client.number]))
    popup = _show(request, client, _delete_form(request, client), saved=level == "good")
    return announce(popup, "creditsChanged", "invoicesChanged", message=message, level=level)
