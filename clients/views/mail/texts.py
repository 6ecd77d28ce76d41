"""Settings → Mail → Texts: what each kind says in each language."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from billing_admin.errors import BusinessError
from billing_admin.mail.look import html_of
from billing_admin.mail.words import Words
from billing_admin.web.http import leave_for, render_popup, staff
from billing_admin.web.needs import needs
from clients.forms.mail import TextForm
from clients.models import MailSettings
from clients.selectors.mail import company_name
from clients.selectors.mail_texts import Text, as_seen, stored_text, text_asked, texts
from clients.services.mail.texts import reset_text, save_text, text_fields

from .look import html_page, in_a_sandbox

_may_change = needs("clients.change_mailsettings")


@require_safe
@_may_change
def texts_page(request: HttpRequest) -> HttpResponse:
    """Every text there is."""
    return render(request, "clients/mail/texts.html", {"texts": texts()})


@require_http_methods(["GET", "HEAD", "POST"])
@_may_change
def text_page(request: HttpRequest) -> HttpResponseBase:
    """One text, and beside it what a client would read."""
    text = _asked(request)
    form = TextForm(request.POST if request.method == "POST" else None, text=text)
    if form.is_bound and form.is_valid():
        words = Words(form.cleaned_data["subject"], form.cleaned_data["body"])
        try:
            save_text(text=text, words=words, by=staff(request), seen=form.cleaned_data["seen"])
        except BusinessError as error:
            form.refuse(error)
        else:
            messages.success(request, "Saved. Mail that is sent from now on says this.")
            return HttpResponseRedirect(reverse("mail:text", query=text.query))
    context = {
        "form": form,
        "text": text,
        "is_changed": stored_text(text) is not None,
        "can_be_tested": bool(MailSettings.objects.current().from_address),
        **_seen(text, _typed(request) or Words(**text_fields(text))),  # type: ignore[arg-type]
    }
    status = HTTPStatus.UNPROCESSABLE_CONTENT if form.is_bound else HTTPStatus.OK
    return render(request, "clients/mail/text.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@_may_change
def text_preview(request: HttpRequest) -> HttpResponse:
    """What a client would read of what is typed."""
    text = _asked(request)
    words = _typed(request) or Words(**text_fields(text))  # type: ignore[arg-type]
    return render(request, "clients/mail/text.html#preview", {"text": text, **_seen(text, words)})


@require_http_methods(["GET", "HEAD", "POST"])
@_may_change
@in_a_sandbox
def text_look(request: HttpRequest) -> HttpResponse:
    """The same as its reader sees it, of what is typed or of what is stored."""
    text = _asked(request)
    words = _typed(request) or Words(**text_fields(text))  # type: ignore[arg-type]
    company = company_name()
    try:
        seen = as_seen(text, words, company)
    except BusinessError as error:
        return html_page(html_of(str(error), company=company, language="en"))
    return html_page(html_of(seen.body, company=company, language=text.language))


@require_http_methods(["GET", "HEAD", "POST"])
@_may_change
def text_reset(request: HttpRequest) -> HttpResponseBase:
    """Show what is delivered, and say that again."""
    text = _asked(request)
    url, problem = reverse("mail:text", query=text.query), ""
    if request.method == "POST":
        try:
            reset_text(text=text, by=staff(request))
        except BusinessError as error:
            problem = str(error)
        else:
            return leave_for(request, url, message="It says again what is delivered.")
    context = {"text": text, "problem": problem}
    return render_popup(request, "clients/mail/text_reset.html", context, title="Reset This Text?", close_url=url)


def _asked(request: HttpRequest) -> Text:
    """The text that the address names; without one, the first."""
    asked = request.GET
    text = text_asked(asked.get("kind", "invoice"), asked.get("level", "0"), asked.get("language", "en"))
    if text is None:
        raise Http404("There is no such text.")
    return text


def _typed(request: HttpRequest) -> Words | None:
    if "body" not in request.POST:
        return None
    return Words(request.POST.get("subject", "")[:300], request.POST["body"][:20_000])


def _seen(text: Text, words: Words) -> dict[str, object]:
    try:
        return {"seen": as_seen(text, words, company_name()), "problem": ""}
    except BusinessError as error:
        return {"seen": None, "problem": str(error)}
