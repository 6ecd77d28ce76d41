"""Merge Client Accounts, its proof, and undoing it."""

from http import HTTPStatus
from typing import Any

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from billing_admin.errors import BusinessError
from billing_admin.web.form_fields import add_error
from billing_admin.web.http import leave_for, render_popup, staff
from billing_admin.web.limits import takes_long
from billing_admin.web.needs import needs
from clients.decorators import client_from_url, merged_meanwhile
from clients.forms import MergeForm, MergeWithForm
from clients.models import Client, ClientMerge
from clients.selectors.client_data import CLIENT_TABLES, Sums
from clients.selectors.duplicates import duplicates_of_client
from clients.selectors.merge import merge_preview
from clients.selectors.merge_undo import changed_since, later_merge
from clients.services.merge.merge_clients import merge_clients, what_moved
from clients.services.merge.undo import undo_merge


@require_http_methods(["GET", "HEAD", "POST"])
@needs("clients.merge_client")
@client_from_url
@takes_long
def merge(request: HttpRequest, client: Client) -> HttpResponseBase:
    """Find the other client; then see both, choose which is kept and what of each, and merge."""
    given = request.POST if request.method == "POST" else request.GET
    wanted = MergeWithForm(given if "other" in given else None, client=client)
    if not wanted.is_valid():
        return _find(request, client, wanted)
    other: Client = wanted.cleaned_data["other"]
    keeps_other = given.get("keep", "") == str(other.number)
    kept, discarded = (other, client) if keeps_other else (client, other)
    form = MergeForm(request.POST if request.method == "POST" else None, preview=merge_preview(kept, discarded))
    gone = merged_meanwhile(request, client) or _merged_meanwhile(given["other"], other)
    if request.method == "POST" and gone:
        form.add_error(None, gone)
    if request.method == "POST" and form.is_valid():
        try:
            merged = merge_clients(kept=kept, discarded=discarded, by=staff(request), choices=form.choices())
        except BusinessError as error:
            add_error(form, error)
        else:
            proof = reverse("clients:merge_proof", args=[kept.number, merged.pk])
            message = f"Client {discarded.number} merged into client {kept.number}: {what_moved(merged.counts)}."
            return leave_for(request, proof, message=message)
    context = {"client": client, "other": other, "form": form, "preview": form.preview}
    return render_popup(request, "clients/merge.html", context, **_frame(client))


def _merged_meanwhile(wanted: str, other: Client) -> str:
    """The same of the other client, which the form names by its number."""
    if wanted == str(other.number):
        return ""
    return f"Client {wanted} was merged into client {other.number} meanwhile; nothing was merged. Look at both again."


def _find(request: HttpRequest, client: Client, form: MergeWithForm) -> HttpResponseBase:
    """Ask for the other client; before anything is typed, offer what looks like a duplicate of this one."""
    suggested = [] if form.is_bound else duplicates_of_client(client)
    context = {"client": client, "form": form, "suggested": suggested}
    return render_popup(request, "clients/merge_with.html", context, **_frame(client))


def _frame(client: Client) -> dict[str, Any]:
    return {
        "title": "Merge Client Accounts",
        "close_url": reverse("clients:summary", args=[client.number]),
        "wide": True,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@needs("clients.view_client", to_send="clients.undo_merge")
@client_from_url
@takes_long
def merge_proof(request: HttpRequest, client: Client, pk: int) -> HttpResponseBase:
    """What a merge moved and the totals before and after; sent, it undoes the merge."""
    merge = ClientMerge.objects.filter(pk=pk, kept=client).first()
    if merge is None:
        raise Http404(f"Client {client.number} has no such merge.")
    may_undo = request.user.has_perm("clients.undo_merge")
    problem = ""
    if request.method == "POST":
        try:
            restored = undo_merge(merge=merge, by=staff(request))
        except BusinessError as error:
            problem = str(error)
        else:
            url = reverse("clients:summary", args=[restored.number])
            return leave_for(
                request, url, message=f"Merge undone: client {restored.number} is there again, with what it brought."
            )
    context = {
        "client": client,
        "merge": merge,
        "moved": _moved(merge),
        "lines": _proof_lines(merge, staff(request)),
        "had_nothing": not merge.totals["before"],
        "problem": problem,
        "may_undo": may_undo and merge.undone_at is None,
        "reasons": _why_not(merge) if may_undo and not problem and merge.undone_at is None else [],
    }
    return render_popup(
        request,
        "clients/merge_proof.html",
        context,
        title=f"Merge of client {merge.discarded_number} into client {client.number}",
        close_url=reverse("clients:summary", args=[client.number]),
        wide=True,
        status=HTTPStatus.UNPROCESSABLE_CONTENT if problem else HTTPStatus.OK,
    )


def _why_not(merge: ClientMerge) -> list[str]:
    """Why it cannot be undone as things are, before anybody tries."""
    if later := later_merge(merge):
        return [f"Client {later.discarded_number} was merged into this client later; undo that first, under Merges."]
    return changed_since(merge)


def _moved(merge: ClientMerge) -> list[tuple[str, int]]:
    return [
        (table.many or f"{table.one}s", merge.counts[table.name])
        for table in CLIENT_TABLES
        if merge.counts.get(table.name) and table.is_shown
    ]


# Total → what one must be allowed to see it.
_SEEN_WITH = {
    "credit": "credits.view_credit",
    "invoiced": "invoices.view_invoice",
    "due": "invoices.view_invoice",
    "written_off": "invoices.view_invoice",
    "paid_in": "transactions.view_transaction",
    "fees": "transactions.view_transaction",
    "paid_out": "transactions.view_transaction",
}


def _proof_lines(merge: ClientMerge, person: User) -> list[dict[str, Any]]:
    """A line per currency and total that the person may see: the kept client's, the discarded one's, both, after."""
    nothing = dict.fromkeys(Sums.LABELS, "0")
    lines = []
    for code in sorted(merge.totals["before"]):
        parts = {when: nothing | merge.totals[when].get(code, {}) for when in ("kept", "discarded", "before", "after")}
        for name, label in Sums.LABELS.items():
            if (parts["before"][name] != "0" or name == "credit") and person.has_perm(_SEEN_WITH[name]):
                lines.append({"label": label, "currency": code, **{when: part[name] for when, part in parts.items()}})
    return lines
