"""Mail: what is to be sent, what was, and how it is sent. Nothing here talks to a mail server."""

from .mailbox import MailboxMail
from .message import MailMessage
from .settings import MailSettings
from .template import MailTemplate
from .wave import MailWave

__all__ = ["MailMessage", "MailSettings", "MailTemplate", "MailWave", "MailboxMail"]
