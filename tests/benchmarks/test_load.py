"""The load: what is asked for may be looked at by all who ask, and wrk hears good answers of a server that runs."""

import os
import shutil
from http.cookies import SimpleCookie

import pytest
from django.test import Client as Browser
from django.utils import timezone

from billing_admin.staff.groups import VIEWER
from tests.benchmarks.load.measure import MIX, Target, one_by_one, rounds, told, told_alone
from tests.benchmarks.load.mix import ROLES, daily_mix, sign_in
from tests.benchmarks.load.prepare import prepare
from tests.benchmarks.load.processes import cpu_of
from tests.benchmarks.load.wrk import MISSING, Asked, script
from tests.benchmarks.synthetic.database import make_data
from tests.jobs import environment
from tests.real_commits import transactional_db  # noqa: F401
from tests.setup.test_serving import serving


@pytest.mark.django_db
def test_every_page_of_the_mix_is_shown_to_everybody_who_asks():
    today = timezone.localdate()
    make_data(clients=60, due=today, past=True)
    cookies = sign_in()
    mix = daily_mix(today, cookies)
    assert mix == daily_mix(today, cookies)
    assert len(mix) > 1_200
    browser = Browser()
    browser.cookies = SimpleCookie(cookies[ROLES.index(VIEWER)])  # the other roles may look at all that it may
    pages = {asked.name: asked.address for asked in mix}
    assert len(pages) > 35
    statuses = {name: browser.get(address).status_code for name, address in pages.items()}
    assert {name: status for name, status in statuses.items() if status not in (200, 302)} == {}
    text = script(mix, "127.0.0.1:8000")
    assert text.count("GET /") == text.count("sessionid=") == len(mix)


def test_cpu_is_that_of_a_process_and_its_children():
    before = cpu_of(os.getpid())
    assert os.system("for i in 1 2 3; do head -c 20000000 /dev/zero | sha256sum; done > /dev/null") == 0
    assert 0.02 < cpu_of(os.getpid()) - before < 5


@pytest.mark.slow
def test_wrk_hears_no_error_of_a_server(tmp_path, transactional_db):  # noqa: F811
    if shutil.which("wrk") is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(MISSING)
    made = prepare(60)
    mix = [Asked(*one) for one in made["mix"]][:40]
    settings = {"DJANGO_SETTINGS_MODULE": "tests.benchmarks.load.settings"}
    with serving(tmp_path / "log", "--queue-workers", "0", **environment() | settings) as (server, port):
        target = Target(port, server.pid, made["database"])
        alone = one_by_one(target, mix)
        lines = rounds(target, mix, connections=4, seconds=1, times=1, folder=tmp_path)
        lines += rounds(
            target, [Asked("none", "/no-such-page", "")], connections=2, seconds=1, times=1, folder=tmp_path
        )
    assert {page.status for page in alone} <= {200, 302}
    assert [line.what for line in lines][2::3] == [MIX, MIX]
    good, bad = lines[:3], lines[-1].heard
    assert [line.heard.errors for line in good] == [0, 0, 0]
    for line in good:
        assert line.heard.requests > 0
        assert 0 < line.heard.p50 <= line.heard.p95 <= line.heard.p99 <= line.heard.most
        assert line.web > 0
    assert good[2].database > 0
    assert bad.statuses == bad.requests > 0
    assert told(lines).count("\n") == 6
    assert "200" in told_alone(alone, 1)
