"""How mail is sent: from whom, which kinds, how fast."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from .kinds import TO_STAFF, MailKind


class MailSettingsManager(models.Manager["MailSettings"]):
    def current(self) -> "MailSettings":
        """What is in force; as delivered where nobody ever changed it."""
        return self.first() or MailSettings()


class MailSettings(models.Model):
    """Who sends, and which kinds are switched on: none before a test message of this sender went out.

    `stopped_until` and `stopped_why`: the mail server did not answer or takes nothing, and is asked again then.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    from_name = models.CharField("sender’s name", max_length=100, blank=True, default="", db_default="")
    from_address = models.EmailField("sender’s address", blank=True, default="", db_default="")
    reply_to = models.EmailField(
        "answers go to", blank=True, default="", db_default="", help_text="Empty: to the sender."
    )
    switched_on = ArrayField(models.CharField(max_length=16, choices=MailKind), default=list, db_default=[], blank=True)
    per_minute = models.PositiveIntegerField("messages a minute, at most", default=120, db_default=120)
    most_megabytes = models.PositiveSmallIntegerField("largest message, in MB", default=10, db_default=10)
    expiring_days = models.PositiveSmallIntegerField(
        "days before credit expires", default=7, db_default=7, help_text="When the client is told."
    )
    tested_at = models.DateTimeField(null=True)
    tested_address = models.CharField(max_length=254, blank=True, default="", db_default="")
    stopped_until = models.DateTimeField(null=True)
    stopped_why = models.CharField(max_length=500, blank=True, default="", db_default="")
    stops = models.PositiveSmallIntegerField(default=0, db_default=0)
    """How many answers in a row took nothing; no answer counts as five, and at each fifth sending stops for a while."""
    version = models.PositiveIntegerField(default=0, db_default=0)

    objects = MailSettingsManager()

    class Meta:
        default_permissions = ()
        permissions = (("change_mailsettings", "Set how mail is sent, and its texts"),)
        verbose_name_plural = "mail settings"
        constraints = (
            models.CheckConstraint(name="one_row_of_mail_settings", condition=Q(id=1)),
            models.CheckConstraint(
                name="mail_is_tested_first",
                condition=Q(switched_on=[]) | Q(tested_at__isnull=False) & ~Q(from_address=""),
                violation_error_message="Send a test message first.",
            ),
            models.CheckConstraint(name="mail_rate", condition=Q(per_minute__gte=1, per_minute__lte=60_000)),
            models.CheckConstraint(name="mail_size", condition=Q(most_megabytes__gte=1, most_megabytes__lte=50)),
        )

    def __str__(self) -> str:
        return f"Mail from {self.from_address or 'nobody'}"

    def sends(self, kind: str) -> bool:
        """Whether mail of this kind goes out; a test needs a sender alone, what is for staff a test too."""
        if kind in TO_STAFF:
            return bool(self.from_address and self.tested_at)
        return bool(self.from_address) and (kind == MailKind.TEST or kind in self.switched_on)
