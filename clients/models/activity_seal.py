"""The chain that holds activity: seals, each with the digests of many rows and of the seal before, signed off daily.

Whoever writes activity computes nothing of it and waits for nobody: a trigger puts the ids of WrittenRows into
UnsealedRows, and who seals takes them from there, one at a time. See docs/decisions/0020.
"""

import datetime
import hmac
import re

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db import transaction as db_transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from billing_admin.db.locks import lock_key
from billing_admin.db.triggers import never_changed

from .activity import Activity
from .activity_parts import HASH

MOST_ROWS = 50_000
# Held by who seals or signs off, so that there is one of them at a time.
SEALING = "seal activity"
# Stands for a row that was not what had been written down, or gone, before it was sealed.
_BROKEN = r"'\x" + "00" * 32 + "'::bytea"

_LINE = re.compile(r"(\d{1,18}) (\S+Z) seal (\d{1,18}) rows (\d{1,18}) ([0-9a-f]{64}) ([0-9a-f]{64})", re.ASCII)

# Of a seal (number, day, row_ids, hashes), with the link of the one before.
LINK = """
    sha256({before} || int8send({seal}number) || int4send({seal}day - DATE '2000-01-01')
           || sha256(convert_to({seal}row_ids::text, 'UTF8')) || sha256({seal}hashes))
"""
_SEAL = f"""
    WITH taken AS (
        DELETE FROM clients_unsealed USING (
            SELECT written_id FROM (
                SELECT queued.written_id, sum(cardinality(row_ids)) OVER (ORDER BY queued.written_id)
                           - cardinality(row_ids) AS before
                FROM (SELECT written_id FROM clients_unsealed ORDER BY written_id LIMIT %(most)s) queued
                LEFT JOIN billing_admin_writtenrows written ON written.id = queued.written_id
            ) counted WHERE before < %(most)s OR before IS NULL
        ) first WHERE clients_unsealed.written_id = first.written_id
        RETURNING first.written_id
    ), hashed AS (
        SELECT id, CASE WHEN is_as_written OR was_emptied THEN {HASH} ELSE {_BROKEN} END AS hash
        FROM (
            SELECT written.id, written.client_id AS written_for, present.actor_id, present.actor_name,
                   present.verb, present.summary, present.at, present.data, present.source, present.personal,
                   present.id IS NULL AS is_gone, is_as_written,
                   is_as_written IS NOT TRUE AND EXISTS (
                       SELECT FROM billing_admin_deletedrows
                       WHERE table_name = 'clients_activity' AND written.id = ANY (row_ids)) AS was_emptied
            FROM taken JOIN billing_admin_writtenrows rows ON rows.id = taken.written_id
            CROSS JOIN unnest(rows.row_ids, rows.client_ids, rows.digests, rows.typed)
                AS written (id, client_id, digest, typed)
            LEFT JOIN clients_activity present ON present.id = written.id
            CROSS JOIN LATERAL (SELECT {{digest}} AS digest, {{typed}} AS typed FROM (SELECT present.*) row) now
            CROSS JOIN LATERAL (SELECT present.id IS NOT NULL AND now.digest = written.digest
                                AND (now.typed = written.typed OR now.typed IS NULL) AS is_as_written) compared
        ) looked_at
        WHERE NOT (is_gone AND was_emptied)
    ), seal AS (
        SELECT coalesce(last.number, 0) + 1 AS number, %(day)s::date AS day, row_ids, hashes, last.link AS before
        FROM (SELECT array_agg(id ORDER BY id) AS row_ids, string_agg(hash, '' ORDER BY id) AS hashes FROM hashed) part
        LEFT JOIN (SELECT number, link FROM clients_activityseal ORDER BY number DESC LIMIT 1) last ON true
        WHERE row_ids IS NOT NULL
    ), sealed AS (
        INSERT INTO clients_activityseal (number, day, row_ids, hashes, link, at)
        SELECT number, day, row_ids, hashes, {LINK.format(before="coalesce(before, '')", seal="seal.")}, now() FROM seal
        RETURNING cardinality(row_ids) AS count
    )
    SELECT (SELECT count(*) FROM taken), coalesce((SELECT count FROM sealed), 0)
"""


class UnsealedRows(models.Model):
    """Which WrittenRows of activity are not sealed yet: a queue."""

    written_id = models.BigIntegerField(primary_key=True)

    class Meta:
        db_table = "clients_unsealed"
        default_permissions = ()
        verbose_name_plural = "unsealed rows"

    def __str__(self) -> str:
        return f"Unsealed: {self.written_id}"


class ActivitySealManager(models.Manager["ActivitySeal"]):
    def seal(self) -> int:
        """Seal what was committed by now, in as many seals as it takes; returns how many activities that were.

        Each seal is a transaction unless the caller is in one. Two at once: the second waits, and seals what is left.
        """
        count, taken = 0, 1
        while taken:
            taken, sealed = self._seal_some()
            count += sealed
        return count

    @db_transaction.atomic
    def _seal_some(self) -> tuple[int, int]:
        if not UnsealedRows.objects.exists():
            return 0, 0
        lock_key(SEALING)
        rows = Activity.rows
        with connection.cursor() as cursor:
            cursor.execute(
                _SEAL.format(digest=rows.digest, typed=rows.typed), {"most": MOST_ROWS, "day": timezone.localdate()}
            )
            return cursor.fetchone()


class ActivitySeal(models.Model):
    """The digests of activities, 32 bytes each and in the order of `row_ids`, chained by `link` to the seal before."""

    number = models.PositiveBigIntegerField(primary_key=True)
    day = models.DateField()
    row_ids = ArrayField(models.BigIntegerField())
    hashes = models.BinaryField()
    link = models.BinaryField()
    at = models.DateTimeField(default=timezone.now)

    objects = ActivitySealManager()

    class Meta:
        default_permissions = ()
        constraints = (models.CheckConstraint(name="seal_number_positive", condition=Q(number__gt=0)),)
        triggers = (never_changed("A seal stays as it was made."),)

    def __str__(self) -> str:
        return f"Seal {self.number} of {self.day}"


class ActivitySignOffManager(models.Manager["ActivitySignOff"]):
    @db_transaction.atomic
    def make(self) -> "ActivitySignOff | None":
        """Sign off the chain as it stands; None where nothing was sealed since the last time."""
        lock_key(SEALING)
        last, seal = self.order_by("-number").first(), ActivitySeal.objects.order_by("-number").first()
        if seal is None or (last and last.seal >= seal.number):
            return None
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT sum(octet_length(hashes)) / 32 FROM clients_activityseal WHERE number > %s",
                [last.seal if last else 0],
            )
            (more,) = cursor.fetchone()
        number, count = (last.number + 1, last.count) if last else (1, 0)
        made = ActivitySignOff(number=number, seal=seal.number, count=count + int(more), link=bytes(seal.link))
        made.signature = made.sign(settings.SECRET_KEY)
        made.save(force_insert=True)
        return made


class ActivitySignOff(models.Model):
    """What the chain came to on one day: the number and link of its last seal, and how many activities were sealed.

    The signature is made with the secret key, which is not in the database. `line` is kept in a second place.
    """

    number = models.PositiveBigIntegerField(primary_key=True)
    seal = models.PositiveBigIntegerField()
    count = models.PositiveBigIntegerField()
    link = models.BinaryField()
    signature = models.BinaryField()
    at = models.DateTimeField(default=timezone.now)

    objects = ActivitySignOffManager()

    class Meta:
        default_permissions = ()
        constraints = (models.CheckConstraint(name="sign_off_number_positive", condition=Q(number__gt=0)),)
        triggers = (never_changed("A sign-off stays as it was made."),)

    def __str__(self) -> str:
        return self.line

    @property
    def _said(self) -> str:
        at = self.at.astimezone(datetime.UTC)
        return f"{self.number} {at:%Y-%m-%dT%H:%M:%S.%fZ} seal {self.seal} rows {self.count} {self.hex}"

    @property
    def hex(self) -> str:
        """The link as it is written."""
        return bytes(self.link).hex()

    @property
    def line(self) -> str:
        """What the second place keeps: `3 2026-11-30T02:10:00.123456Z seal 812 rows 40210 <link> <signature>`."""
        return f"{self._said} {bytes(self.signature).hex()}"

    @staticmethod
    def read(line: str) -> "ActivitySignOff | None":
        """The sign-off that such a line has; None where it is none."""
        if not (found := _LINE.fullmatch(line.strip())):
            return None
        number, at, seal, count, link, signature = found.groups()
        try:
            moment = datetime.datetime.fromisoformat(at)
        except ValueError:
            return None
        return ActivitySignOff(
            number=int(number), at=moment, seal=int(seal), count=int(count), link=bytes.fromhex(link),
            signature=bytes.fromhex(signature),
        )  # fmt: skip

    def sign(self, key: str | bytes) -> bytes:
        """The signature with this secret key."""
        return salted_hmac("clients.ActivitySignOff", self._said, secret=key, algorithm="sha256").digest()

    @property
    def is_genuine(self) -> bool:
        """Whether it was signed with the secret key, or with one that was in use before and is still known."""
        keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
        return any(hmac.compare_digest(self.sign(key), bytes(self.signature)) for key in keys)
