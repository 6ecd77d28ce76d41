"""Settings → Mail: who sends, the test message, and what goes out by itself."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from billing_admin.errors import BusinessError
from billing_admin.text import pluralize
from billing_admin.web.form_fields import add_error
from billing_admin.web.http import leave_for, render_popup, staff
from billing_admin.web.needs import needs
from clients.forms.mail import SenderForm, SwitchesForm, TestForm
from clients.models import MailMessage, MailSettings
from clients.models.mail.kinds import MailKind
from clients.selectors.mail_texts import text_asked
from clients.services.mail.set_up import send_test, set_sender, switch_kinds

_may_change = needs("clients.change_mailsettings")


@require_http_methods(["GET", "HEAD", "POST"])
@_may_change
def mail_settings(request: HttpRequest) -> HttpResponseBase:
    """Who sends, and how fast."""
    current = MailSettings.objects.current()
    form = SenderForm(request.POST if request.method == "POST" else None, settings=current)
    if form.is_bound and form.is_valid():
        try:
            saved = set_sender(**form.typed(), by=staff(request), seen=form.cleaned_data["seen"])
        except BusinessError as error:
            form.refuse(error)
        else:
            tested = "" if saved.tested_at else f" Send a test message: until it went out, no other mail does.{_held()}"
            messages.success(request, f"Mail is from {saved.from_address} from now on.{tested}")
            return HttpResponseRedirect(reverse("mail:settings"))
    return _page(request, current, form, SwitchesForm(settings=current))


def _held() -> str:
    """What becomes of messages that wait while the sender changes."""
    waiting = MailMessage.objects.filter(state=MailMessage.State.WAITING).exclude(kind=MailKind.TEST).count()
    if not waiting:
        return ""
    return f" {pluralize(waiting, 'message')} that waited will be withheld; send them again from Mail after it."


@require_http_methods(["GET", "HEAD", "POST"])
@_may_change
def switches(request: HttpRequest) -> HttpResponseBase:
    """Which kinds go out by themselves; the form of it stands on the page of the settings."""
    current = MailSettings.objects.current()
    form = SwitchesForm(request.POST if request.method == "POST" else None, settings=current)
    if not form.is_bound:
        return HttpResponseRedirect(reverse("mail:settings"))
    if form.is_valid():
        try:
            saved = switch_kinds(**form.typed(), by=staff(request), seen=form.cleaned_data["seen"])
        except BusinessError as error:
            form.refuse(error)
        else:
            kinds = pluralize(len(saved.switched_on), "kind")
            messages.success(request, f"{kinds} of mail go out by themselves from now on." if saved.switched_on else
                             "No mail goes out by itself from now on.")  # fmt: skip
            return HttpResponseRedirect(reverse("mail:settings"))
    return _page(request, current, SenderForm(settings=current), form)


@require_http_methods(["GET", "HEAD", "POST"])
@_may_change
def test(request: HttpRequest) -> HttpResponseBase:
    """Send a test message to somebody; with a text's name in the address that text, with examples in its places."""
    form = TestForm(
        request.POST if request.method == "POST" else None, initial={"address": staff(request).email}
    )  # fmt: skip
    asked = request.GET
    text = text_asked(asked.get("kind", ""), asked.get("level", "0"), asked.get("language", ""))
    url = reverse("mail:text", query=text.query) if text else reverse("mail:settings")
    if form.is_bound and form.is_valid():
        address = form.cleaned_data["address"]
        try:
            send_test(address=address, by=staff(request), about=text.query if text else None)
        except BusinessError as error:
            add_error(form, error)
        else:
            return leave_for(request, url, message=f"A test message to {address} is on its way.")
    context = {"form": form, "text": text, "mail_settings": MailSettings.objects.current()}
    return render_popup(request, "clients/mail/test.html", context, title="Send a Test Message", close_url=url)


def _page(
    request: HttpRequest, current: MailSettings, sender: SenderForm, switched: SwitchesForm
) -> HttpResponseBase:  # fmt: skip
    bound = sender.is_bound or switched.is_bound
    last = MailMessage.objects.filter(kind=MailKind.TEST).order_by("-pk").first()
    context: dict[str, Any] = {
        "form": sender, "switches": switched, "current": current, "last_test": last, "server": _server(),
        "has_mailbox": not settings.MAIL_PROVIDER,
    }  # fmt: skip
    status = HTTPStatus.UNPROCESSABLE_CONTENT if bound else HTTPStatus.OK
    return render(request, "clients/mail/settings.html", context, status=status)


def _server() -> str:
    """By which way mail leaves, without what signs us in."""
    options = settings.MAILERS["default"].get("OPTIONS", {})
    if settings.MAIL_PROVIDER == "smtp":
        host = f"{options.get('host')}:{options.get('port')}"
        how = "encrypted" if options.get("use_tls") or options.get("use_ssl") else "not encrypted"
        return f"The mail server {host}, {how}"
    return str(settings.MAIL_PROVIDER).capitalize()
