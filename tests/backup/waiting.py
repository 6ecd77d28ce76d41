"""What may wait in a database: mail of each state, what a run put aside, jobs, and people who are signed in."""

from django.contrib.auth.models import User
from django.utils import timezone

from billing_admin.jobs.enqueue import enqueue_job
from billing_admin.models import Job, StaffSession
from clients.models import ActivitySignOff, Client, MailMessage, MailSettings, MailWave
from clients.models.activity_seal import ActivitySeal
from clients.models.mail.kinds import MailKind
from invoices.models import Invoice


def put_in() -> None:
    """Put it into the database of this process."""
    olga = User.objects.get(username="olga")
    MailSettings.objects.update_or_create(
        pk=1,
        defaults={
            "from_address": "billing@house.example", "tested_at": timezone.now(), "switched_on": [MailKind.INVOICE],
            "stopped_until": None, "stopped_why": "", "stops": 0,
        },
    )  # fmt: skip
    Client.objects.filter(email="").update(email="somebody@house.example")
    MailMessage.objects.filter(state__in=["waiting", "sending"]).update(state="failed", sender=None)
    MailMessage.objects.queue_test("waiting@house.example", by=olga)
    sending = MailMessage.objects.queue_test("sending@house.example", by=olga)
    MailMessage.objects.filter(pk=sending.pk).update(state="sending", sender=1)
    issued = Invoice.objects.exclude(status="draft").exclude(client=None).order_by("pk").first()
    MailMessage.objects.filter(kind=MailKind.INVOICE, subject_id=issued.pk).delete()
    MailWave.objects.create(kind=MailKind.INVOICE, subject_ids=[issued.pk], by=olga, by_name="Olga")
    enqueue_job(kind="credits.check_ledger", by=olga)
    Job.objects.create(kind="daily.check_ledger", state=Job.State.RUNNING)
    StaffSession.objects.create(
        digest="d" * 64, person=olga, data="", made_at=timezone.now(), last_used_at=timezone.now()
    )
    ActivitySeal.objects.seal()
    ActivitySignOff.objects.make()
