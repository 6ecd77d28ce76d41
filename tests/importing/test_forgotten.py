"""What was read and never booked goes after seven days; what is half booked stays."""

import datetime

import pytest
from django.utils import timezone

from billing_admin.models import StagedClient, SystemImport
from tests.commands import run_command
from tests.staged import make_import, stage

pytestmark = pytest.mark.django_db

OLD = datetime.timedelta(days=7, minutes=1)


@pytest.mark.parametrize(("state", "stays"), [("read", False), ("committing", True)])
def test_daily_forgets_what_was_only_read_a_week_ago(state, stays):
    run = make_import(state=state, created_at=timezone.now() - OLD)
    young = make_import(source="Another")
    stage(run, StagedClient, 1)
    stage(young, StagedClient, 1)
    said = "forget_sign_ins: 1 import that was only read forgotten."
    assert (said in run_command("daily").printed) != stays
    assert SystemImport.objects.get(pk=run.pk).state == (state if stays else "discarded")
    assert StagedClient.objects.filter(of=run).exists() == stays
    assert StagedClient.objects.filter(of=young).exists()
