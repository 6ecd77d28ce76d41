"""A large file of credit that is read by two at once, and discarded while it is read."""

from functools import partial

import pytest
from django.contrib.auth.models import User

from billing_admin.db.limits import limited_request
from credits.models import CreditBatch, CreditBatchRow, CreditFile
from credits.services.bulk.stage import Discarded
from credits.services.bulk.upload import discard_credit_file, read_credit_file
from tests.concurrency.racing import kinds, race
from tests.factories import make_client, make_staff


def unheard(doing: str, done: int, total: int) -> None:
    """Nobody is told how far it is."""


@pytest.fixture
def robin() -> User:
    return make_staff(username="robin")


@pytest.fixture
def uploaded(robin) -> CreditBatch:
    batch = CreditBatch.objects.create(file_name="downtime.csv", digest="0", created_by=robin)
    file = CreditFile(batch=batch)
    file.content = f"Client ID,Amount,Currency,Description\n{make_client().number},5,USD,Downtime\n".encode()
    file.save()
    return batch


def read_twice(uploaded: CreditBatch, robin: User) -> list:
    reading = partial(read_credit_file, batch_id=uploaded.pk, by=robin, progress=unheard)
    return race(reading, reading, meet_before=["COPY", "SELECT number, client_id"])


def test_read_by_two_at_once_its_rows_are_there_once(uploaded, robin):
    assert kinds(read_twice(uploaded, robin)) == {"done": 2}
    assert (CreditBatchRow.objects.count(), CreditFile.objects.count()) == (1, 0)


@pytest.mark.usefixtures("without_locks")
def test_control_without_the_lock_the_second_reader_fails(uploaded, robin):
    assert kinds(read_twice(uploaded, robin)) == {"done": 1, "UniqueViolation": 1}


def test_a_page_that_discards_it_does_not_wait_for_the_reader(uploaded, robin):
    """It is discarded when the row is written and before the reader is done; `progress` is called in between."""
    gone = []

    def discard() -> bool:
        with limited_request():
            return discard_credit_file(batch_id=uploaded.pk)

    def in_the_middle(doing: str, done: int, total: int) -> None:
        gone.extend(race(discard))

    with pytest.raises(Discarded):
        read_credit_file(batch_id=uploaded.pk, by=robin, progress=in_the_middle)
    assert gone == [True]
    assert (CreditBatch.objects.count(), CreditBatchRow.objects.count()) == (0, 0)
