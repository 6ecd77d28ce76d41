"""Forms that create or move something: each does it once, however often it is sent."""

import hashlib
import json

from django.conf import settings
from django.db import connection, models
from django.utils import timezone

from billing_admin.actor import Actor
from billing_admin.db.locks import lock_key
from billing_admin.errors import BusinessError
from billing_admin.seen import canonical

from .client import Client


class KeyReused(BusinessError):
    """A form came again with other figures, for another action, for another client or from another person."""


_KEEP = """
    INSERT INTO clients_formkey (key, action, client_id, person_id, digest, made, text, at)
    VALUES (%s, %s, %s, %s, %s, %s::jsonb, %s, %s)
"""


class FormKeyManager(models.Manager["FormKey"]):
    def begin(
        self,
        key: "FormKey | None",
        action: str,
        makes: type[models.Model],
        *,
        client: Client | None,
        by: Actor,
        **figures: object,
    ) -> "FormKey":
        """Let nobody else pass with this key, and say in `repeated` whether the same form was sent before.

        Called with the client's row locked, in the transaction that does the work. `figures` are what the form gave.
        Where what it made was deleted since, the key is free again. Without a key (a command, a row of a file) nothing
        is looked up and nothing is kept.

        Raises KeyReused.
        """
        form = key or FormKey()
        if not form.key:
            return form
        lock_key(f"form {form.key}")
        form.action, form.client, form.person, form.made, form.repeated = action, client, by, {}, False
        form.digest = hashlib.sha256(json.dumps(figures, sort_keys=True, default=canonical).encode()).hexdigest()
        # Locked, so that a form that only finds what it did waits for a synchronous standby as whoever writes does.
        found = self.raw("SELECT * FROM clients_formkey WHERE key = %s FOR NO KEY UPDATE", [form.key])
        first = next(iter(found), None)
        if first and makes is Client:
            form.client = first.client  # there was none before the form was sent
        if first and first.action == action and not first.outcome(makes):
            first.delete()
        elif first:
            if any(getattr(first, name) != getattr(form, name) for name in FormKey.SAME):
                raise KeyReused(f"{first.repeated_text} Open it again for something else.")
            form.made, form.text, form.at, form.repeated = first.made, first.text, first.at, True
        return form


class FormKey(models.Model):
    """What one form did when it was sent, so that a double click, a retry or the back button does not do it again.

    A view makes one of the form's key and gives it to the service, which begins and finishes it; a repeated form gets
    the first outcome, and `repeated` says so. It belongs to the client, and goes with it in a merge or a deletion.
    """

    # Where one of these differs, it is not the same form that was sent again.
    SAME = ("action", "client_id", "person_id", "digest")

    key = models.CharField(max_length=64)
    action = models.CharField(max_length=40)
    client = models.ForeignKey(Client, models.PROTECT, null=True, related_name="form_keys")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    digest = models.CharField(max_length=64)
    made = models.JSONField(default=dict)
    text = models.CharField(max_length=500)
    at = models.DateTimeField(default=timezone.now)

    repeated = False

    objects = FormKeyManager()

    class Meta:
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("key",), name="form_key_once"),)

    def __str__(self) -> str:
        return self.key

    @property
    def repeated_text(self) -> str:
        """What the form did when it was sent first, and that it did nothing now."""
        day = timezone.localtime(self.at)
        return f"This form was sent before, on {day:%-d %b %Y}: {self.text}. Nothing more was done."

    def finish(self, text: str, *made: models.Model) -> None:
        """Keep what was done, in words, and the rows that it made. Last in the transaction that made them."""
        if not self.key:
            return
        self.text = text[:500]
        for row in made:
            self.made.setdefault(row._meta.model_name, []).append(row.pk)
        with connection.cursor() as cursor:
            cursor.execute(_KEEP, [self.key, self.action, self.client_id, self.person_id, self.digest,
                                   json.dumps(self.made), self.text, self.at])  # fmt: skip

    def outcome[Row: models.Model](self, model: type[Row]) -> list[Row]:
        """The rows of this model that the form made when it was sent first, as they are now.

        A client is the one that the key belongs to: after a merge the one that was kept.
        """
        made = [self.client_id] if issubclass(model, Client) else self.made.get(model._meta.model_name, [])
        return list(model._default_manager.filter(pk__in=made).order_by("pk"))
