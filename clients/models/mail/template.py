"""What mail says where an installation says it otherwise than as delivered."""

from django.db import models

from .kinds import MailKind


class MailTemplate(models.Model):
    """Subject and text of a kind in a language, with named placeholders. Without a row it is as delivered."""

    kind = models.CharField(max_length=16, choices=MailKind)
    level = models.PositiveSmallIntegerField(default=0, db_default=0)
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=300)
    body = models.TextField()
    version = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("kind", "level", "language"), name="mail_template_once"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} in {self.language}"
