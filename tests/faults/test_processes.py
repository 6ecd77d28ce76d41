"""Processes of ours killed under load: what is started again goes on, and nothing acknowledged is lost."""

import os
import signal

import pytest

from tests.setup.test_serving import answers, free_port

from .installation import embedded, wait_for
from .under_load import under_load

pytestmark = [pytest.mark.django_db, pytest.mark.long]


def test_a_web_worker_is_killed(django_db_setup, data_dir, tmp_path):
    house, port = embedded(data_dir, tmp_path), free_port()
    with house.serve(port) as serve, house.work():
        wait_for(lambda: answers(port))
        with under_load("SIGKILL of a web worker", house, port) as load:
            load.strike(lambda: os.kill(serve.children(b"spawn_main")[0], signal.SIGKILL))
