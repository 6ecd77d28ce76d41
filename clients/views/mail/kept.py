"""The mailbox: mail that was kept here because there is no mail server."""

from collections.abc import Sequence
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from io import BytesIO

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from billing_admin.db.pagination import paginate
from billing_admin.web.http import staff
from billing_admin.web.needs import needs
from clients.models import MailboxMail
from clients.selectors.mail import mailbox
from clients.services.export import record_saved

from .look import html_page, in_a_sandbox

_sees = needs("clients.view_mailmessage")
_SAFE = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'"}


@require_safe
@_sees
def mailbox_list(request: HttpRequest) -> HttpResponse:
    """What would have been sent, the latest first."""
    _require_no_server()
    page = paginate(mailbox(), request.GET, sorts={"id": "id"}, default="-id", noun="mail", nouns="mails")
    return render(request, "clients/mail/mailbox.html", {"page": page})


@require_safe
@_sees
def kept(request: HttpRequest, kept_pk: int) -> HttpResponse:
    """One mail as it would have been sent: its head, its text, and its files to save."""
    found, mail = _found(kept_pk)
    head = [
        (name, str(mail[name])) for name in ("From", "To", "Reply-To", "Subject", "Date", "Message-ID") if mail[name]
    ]
    context = {
        "kept": found,
        "subject": str(mail["Subject"] or ""),
        "head": head,
        "body": _text(mail),
        "has_html": mail.get_body(("html",)) is not None,
        "files": [part.get_filename() or "file" for part in _files(mail)],
    }
    return render(request, "clients/mail/kept.html", context)


@require_safe
@_sees
@in_a_sandbox
def kept_look(request: HttpRequest, kept_pk: int) -> HttpResponse:
    """The mail as a mail program shows it."""
    html = _found(kept_pk)[1].get_body(("html",))
    if html is None:
        raise Http404("This mail is plain text alone.")
    return html_page(html.get_content())


@require_safe
@_sees
def kept_file(request: HttpRequest, kept_pk: int) -> HttpResponseBase:
    """A file of the mail, to save: the first, or the one that `number` says."""
    files = _files(_found(kept_pk)[1])
    number = request.GET.get("number", "0")
    if not (number.isascii() and number.isdigit() and len(number) < 4):
        raise BadRequest("“number” is the number of a file.")
    if int(number) >= len(files):
        raise Http404("This mail has no such file.")
    part = files[int(number)]
    name = part.get_filename() or "file"
    if request.method == "GET":
        record_saved(what="File of a mail in the mailbox", verb="mail.file_saved", by=staff(request), file=name)
    return FileResponse(
        BytesIO(part.get_content() if part.get_content_maintype() != "text" else part.get_content().encode()),
        as_attachment=True, filename=name, content_type="application/octet-stream",
        headers=_SAFE,
    )  # fmt: skip


def _require_no_server() -> None:
    if settings.MAIL_PROVIDER:
        raise Http404("There is no mailbox where a mail server is set.")


def _found(pk: int) -> tuple[MailboxMail, EmailMessage]:
    _require_no_server()
    found = MailboxMail.objects.select_related("client").filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such mail; the oldest go, and all of them when a client is deleted.")
    mail = message_from_bytes(bytes(found.raw), policy=default)
    assert isinstance(mail, EmailMessage)
    return found, mail


def _text(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    return str(part.get_content()).strip() if part is not None else ""


def _files(mail: EmailMessage) -> Sequence[EmailMessage]:
    return [part for part in mail.iter_attachments() if isinstance(part, EmailMessage)]
