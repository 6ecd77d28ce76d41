"""/mail/ … and its settings."""

from django.urls import path

from clients.views import mail

app_name = "mail"

urlpatterns = [
    path("mail/", mail.mail_list, name="list"),
    path("mail/<int:message_pk>/", mail.message, name="message"),
    path("mail/<int:message_pk>/look/", mail.message_look, name="look"),
    path("mail/events/", mail.events, name="events"),
    path("mail/mailbox/", mail.mailbox_list, name="mailbox"),
    path("mail/mailbox/<int:kept_pk>/", mail.kept, name="kept"),
    path("mail/mailbox/<int:kept_pk>/look/", mail.kept_look, name="kept_look"),
    path("mail/mailbox/<int:kept_pk>/file/", mail.kept_file, name="kept_file"),
    path("settings/mail/", mail.mail_settings, name="settings"),
    path("settings/mail/switches/", mail.switches, name="switches"),
    path("settings/mail/test/", mail.test, name="test"),
    path("settings/mail/texts/", mail.texts_page, name="texts"),
    path("settings/mail/text/", mail.text_page, name="text"),
    path("settings/mail/text/preview/", mail.text_preview, name="text_preview"),
    path("settings/mail/text/look/", mail.text_look, name="text_look"),
    path("settings/mail/text/reset/", mail.text_reset, name="text_reset"),
]
