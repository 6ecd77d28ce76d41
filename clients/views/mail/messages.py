"""The list of mail, the Mail tab of a client, and the page of a message."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from billing_admin.listing.pages import show_list
from billing_admin.web.http import vary_by_htmx
from billing_admin.web.needs import needs
from clients.decorators import client_from_url
from clients.lists import MailList
from clients.models import Client, MailMessage, MailSettings
from clients.selectors.mail import PAGES, bounced_addresses, files_of, look_of, message_shown, said_by, still_coming
from clients.services.mail.by_hand import why_not_again, why_not_arrived
from credits.selectors.balances import balances_of
from invoices.selectors.reminder_pages import paused_until

from .look import html_page, in_a_sandbox

State = MailMessage.State
_sees = needs("clients.view_mailmessage")


@require_http_methods(["GET", "HEAD", "POST"])
@needs("clients.view_mailmessage", to_send="clients.save_lists")
def mail_list(request: HttpRequest) -> HttpResponseBase:
    """Everybody's mail, newest first; POST: its file."""
    context = {"coming": still_coming(), "mail_settings": MailSettings.objects.current(), "has_mailbox": _has_mailbox()}
    return show_list(request, "clients/mail/list.html", MailList.asked_for(request), **context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("clients.view_client", "clients.view_mailmessage", to_send="clients.save_lists")
@client_from_url
def of_client(request: HttpRequest, client: Client) -> HttpResponseBase:
    """The Mail tab."""
    listing = MailList.asked_for(request, client)
    context = {
        "balances": balances_of(client),
        "bounced": bounced_addresses(client),
        "paused_until": paused_until(client),
    }
    return show_list(request, "clients/mail/of_client.html", listing, **context)


@require_safe
@_sees
def message(request: HttpRequest, message_pk: int) -> HttpResponse:
    """One message: to whom, what became of it, and what it says."""
    found = _found(message_pk)
    subject, body = said_by(found)
    page = PAGES.get(found.kind)  # type: ignore[call-overload]
    context = {
        "message": found,
        "subject": subject,
        "body": body,
        "files": files_of(found),
        "about_url": reverse(page, args=[found.subject_id]) if page and found.subject_id else "",
        "can_go_again": not why_not_again(found),
        "may_have_arrived": not why_not_arrived(found),
        "stopped": MailSettings.objects.current() if found.state == State.WAITING else None,
        "is_bad": found.state in (State.PERHAPS_SENT, State.FAILED, State.BOUNCED),
    }
    again = request.headers.get("HX-Target") == "message"
    return vary_by_htmx(
        render(request, "clients/mail/message.html#message" if again else "clients/mail/message.html", context)
    )


@require_safe
@_sees
@in_a_sandbox
def message_look(request: HttpRequest, message_pk: int) -> HttpResponse:
    """The message as its reader sees it."""
    found = _found(message_pk)
    if not said_by(found)[1]:
        raise Http404("This message says nothing that could be shown.")
    return html_page(look_of(found))


def _found(pk: int) -> MailMessage:
    if (found := message_shown(pk)) is None:
        raise Http404("There is no such message; it may have gone with its client.")
    return found


def _has_mailbox() -> bool:
    return not settings.MAIL_PROVIDER
