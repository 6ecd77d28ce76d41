"""The screens about mail: what goes out, what it says, and from whom."""

from .events import events
from .kept import kept, kept_file, kept_look, mailbox_list
from .messages import mail_list, message, message_look, of_client
from .settings import mail_settings, switches, test
from .texts import text_look, text_page, text_preview, text_reset, texts_page

__all__ = [
    "events",
    "kept",
    "kept_file",
    "kept_look",
    "mail_list",
    "mail_settings",
    "mailbox_list",
    "message",
    "message_look",
    "of_client",
    "switches",
    "test",
    "text_look",
    "text_page",
    "text_preview",
    "text_reset",
    "texts_page",
]
