"""Many clients of the Clients List at once: put them into a group."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from billing_admin.listing.acting import RowsAction
from billing_admin.listing.acting_page import act_on
from billing_admin.templatetags.ui import badge, cut
from clients.lists import ClientList
from clients.models import Client, ClientGroup
from clients.selectors.lists import groups
from clients.services.profile import edit_client


class GroupForm(forms.Form):
    """Which group they come into."""

    group = forms.ModelChoiceField(ClientGroup.objects.none(), required=False, empty_label="No group")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["group"]
        field.queryset = groups()


def _rows(ids: Sequence[int]) -> list[Client]:
    return list(Client.objects.filter(pk__in=ids).select_related("group").order_by("pk"))


def _group_of(client: Client) -> str:
    return str(client.group) if client.group else "No group"


def put_into(group: ClientGroup | None) -> RowsAction[Client]:
    """Put each client into this group, or out of the one that it is in."""
    return RowsAction(
        name="group",
        title="Set Group",
        label="Set Group",
        done=f"put into {group}" if group else "taken out of their group",
        noun="client",
        nouns="clients",
        describe=lambda client: [client.number, cut(client.name), badge("", label=_group_of(client), meaning="quiet")],
        called=str,
        rows=_rows,
        mark=lambda client: f"{client.group_id}",
        why_not=lambda client: "",
        lock=Client.objects.lock_ids,
        act=lambda client, by: edit_client(client=client, by=by, group=group),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(["clients.view_client", "clients.change_client"], raise_exception=True)
def set_group(request: HttpRequest) -> HttpResponseBase:
    """Put clients that the address names into a group."""
    form = GroupForm(request.POST if request.method == "POST" else None)
    action = put_into(form.cleaned_data["group"] if form.is_valid() else None)
    return act_on(request, action, ClientList.asked_for(request), reverse("clients:list"), form=form)
