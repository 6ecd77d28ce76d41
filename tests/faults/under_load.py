"""People at work while something breaks: what they are answered, and what stands in the books afterwards.

    with under_load("SIGKILL of a web worker", house) as load:
        load.strike(lambda: os.kill(pid, signal.SIGKILL))  # in the middle of a run
        load.mend(…)                                       # where somebody has to
    # what was acknowledged is there once, the run is whole, the books are in order, people were answered in time

Four people give credit, each time with a fresh form; a form that failed they send again as it is. Every key that they
were given is acknowledged in the end, and that is what is looked for.
"""

import datetime
import http.client
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from http import HTTPStatus
from itertools import count, cycle
from urllib.parse import urlencode

import lxml.html
import psycopg

from tests.pages import Element, values_of

from .installation import LIMIT, Installation, wait_for

SECONDS_TO_BE_BACK = 30
# Posts of each person that have to be acknowledged after the fault.
GOOD_ONES = 5
NO_ANSWER = 0  # in place of a status
SENT_AWAY = 399  # to another page than one's own, as to sign in
DONE = (302, 204)
_CSRF = "a" * 32
_TIMEOUT = 40  # longer than a statement may take


@dataclass(frozen=True)
class Answer:
    person: int
    begun: float
    ended: float
    method: str
    status: int
    said: str

    @property
    def is_failure(self) -> bool:
        """Whether it is anything but what was asked for; a client who is being billed is none."""
        return self.status not in (200, 409, *DONE)


class NoAnswer(Exception):
    pass


@dataclass
class Load:
    """What people meet. `ports`: of web servers, asked in turn where there are several."""

    name: str
    house: Installation
    ports: list[int]
    answers: list[Answer] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    struck_at: float = 0
    mended_at: float = 0
    turns: Iterator[int] = field(init=False)
    ended: threading.Event = field(default_factory=threading.Event)
    run_failed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.turns = cycle(self.ports)

    def strike(self, fault: Callable[[], object]) -> None:
        """Bring the fault about, in the middle of the run."""
        billed = "SELECT count(*) FROM invoices_invoicerun WHERE state = 'running' AND invoice_count >= 20"
        wait_for(lambda: self.house.value(billed))
        self.struck_at = self.mended_at = time.monotonic()
        fault()

    def mend(self, act: Callable[[], object]) -> None:
        """Do what an operator does about it; from here on it is to be back by itself."""
        act()
        self.mended_at = time.monotonic()

    def good_since(self, moment: float) -> dict[int, list[float]]:
        """Person → seconds from then to the end of each acknowledged post that was begun after it."""
        found: dict[int, list[float]] = {person: [] for person in range(len(self.house.cookies))}
        for answer in list(self.answers):
            if answer.begun >= moment and answer.status in DONE:
                found[answer.person].append(answer.ended - moment)
        return found

    def is_back(self) -> bool:
        return all(len(each) >= GOOD_ONES for each in self.good_since(self.mended_at).values())

    def seconds(self) -> float:
        """From the fault (where it was mended: from then) until everybody had a post acknowledged."""
        return max(each[0] for each in self.good_since(self.mended_at).values())

    def failures(self) -> list[Answer]:
        return [answer for answer in self.answers if answer.is_failure]

    def tell(self) -> str:
        """The figures, in a line, and what people read."""
        good = self.good_since(self.mended_at)
        statuses = Counter(f"{each.method} {each.status or 'no answer'}" for each in self.answers)
        last = max((each.ended - self.mended_at for each in self.failures()), default=0)
        said = Counter(each.said for each in self.answers if each.said)
        first = min(each[0] for each in good.values())
        lines = [
            f"\n{self.name}:",
            f"  seconds to a good answer {first:.1f}, everybody's {self.seconds():.1f}, to the last failure {last:.1f}",
            f"  {dict(sorted(statuses.items()))}, {len(self.acknowledged)} acknowledged",
            *(f"  {number} × {text}" for text, number in said.most_common()),
            *(f"  run: {text}" for text in self.run_failed),
        ]
        return "\n".join(lines)

    # One person

    def be(self, person: int) -> None:
        numbers = self.house.numbers[person * 20 : person * 20 + 20]
        for serial in count():
            if self.ended.is_set():
                return
            address = f"/clients/{numbers[serial % len(numbers)]}/credits/manage/"
            if form := self._open(person, address):
                self._send(person, address, form | {"amount": "1.00", "description": f"{self.name} {person}-{serial}"})

    def _open(self, person: int, address: str) -> dict[str, str] | None:
        while not self.ended.is_set():
            status, body = self._ask(person, "GET", address)
            if status == 200:
                return values_of(Element(lxml.html.document_fromstring(body)).one("#add-credit"))
            self.ended.wait(0.2)
        return None

    def _send(self, person: int, address: str, form: dict[str, str]) -> None:
        """The same form again until it is taken, also when all others have gone home."""
        given_up = time.monotonic() + LIMIT
        while time.monotonic() < given_up:
            if self._ask(person, "POST", address, urlencode(form))[0] in DONE:
                self.acknowledged.append(form["description"])
                return
            time.sleep(0.2)

    def _ask(self, person: int, method: str, address: str, body: str | None = None) -> tuple[int, str]:
        begun = time.monotonic()
        headers = {"Cookie": f"sessionid={self.house.cookies[person]}; csrftoken={_CSRF}"}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        line = http.client.HTTPConnection("127.0.0.1", self._port(), timeout=_TIMEOUT)
        try:
            line.request(method, address, body, headers)
            response = line.getresponse()
            status, page = response.status, response.read().decode()
            if (elsewhere := response.headers["Location"] or address) != address:
                status, said = SENT_AWAY, f"sent to {elsewhere.partition('?')[0]}"
            else:
                said = "" if status in (200, *DONE) else sentence_of(page)
        except (OSError, http.client.HTTPException) as error:
            # As nginx does: what was not sent, or only asks, goes to another web server.
            if len(self.ports) > 1 and (method == "GET" or isinstance(error, ConnectionRefusedError)):
                return self._ask(person, method, address, body)
            status, page, said = NO_ANSWER, "", f"no answer: {type(error).__name__}"
        finally:
            line.close()
        self.answers.append(Answer(person, begun, time.monotonic(), method, status, said))
        return status, page

    def _port(self) -> int:
        """Where there are several, the next that says that it is ready, as a proxy does."""
        while len(self.ports) > 1 and not self.ended.is_set():
            port = next(self.turns)
            if is_ready(port):
                return port
        return self.ports[0]

    # The run

    def bill(self) -> None:
        """One run of another month, a few clients at a time; begun again where it ends in a failure, as by a timer."""
        today = datetime.datetime.now(datetime.UTC).date()
        self.house.months += 1
        as_of = today + datetime.timedelta(days=31 * (self.house.months - 1))
        command = ["generate_invoices", "--as-of", as_of, "--chunk-size", 2, "--workers", 2]
        for _ in range(20):
            code, said = self.house.run(*command)
            assert "Traceback" not in said, said
            if code == 0:
                return
            self.run_failed.append(said.strip().splitlines()[-1])
            time.sleep(1)


def is_ready(port: int) -> bool:
    """As a proxy looks before it passes anything on."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT)
    try:
        line.request("GET", "/readyz")
        return line.getresponse().status == HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def sentence_of(page: str) -> str:
    """What an answer says that is no page asked for."""
    root = Element(lxml.html.document_fromstring(page or "<p>"))
    found = root.all("[data-error-text], .error-summary, [role=alert]")
    return found[0].text if found else root.text[:200]


@contextmanager
def under_load(name: str, house: Installation, *ports: int) -> Iterator[Load]:
    """People and a run at work while the block brings about its fault; at its end all of it is looked at."""
    load = Load(name, house, list(ports))
    biller = threading.Thread(target=load.bill)
    people = [threading.Thread(target=load.be, args=(person,)) for person in range(len(house.cookies))]
    for thread in (biller, *people):
        thread.start()
    try:
        yield load
        wait_for(load.is_back)
        biller.join(LIMIT)
    finally:
        load.ended.set()
        for thread in (*people, biller):
            thread.join(LIMIT)
        print(load.tell() if any(load.good_since(load.mended_at).values()) else load.answers[-20:])
    assert not biller.is_alive(), "the run did not end"
    assert_nothing_is_lost(load)
    assert load.seconds() <= SECONDS_TO_BE_BACK, load.tell()


def assert_nothing_is_lost(load: Load) -> None:
    """Each credit that was acknowledged is there once, each period is billed once, and the books are in order."""
    with psycopg.connect(load.house.url) as session:
        given = session.execute(
            "SELECT grant_.description, entry.amount FROM credits_creditgrant grant_"
            " JOIN credits_creditentry entry ON entry.grant_id = grant_.id AND entry.kind = 'grant'"
            " WHERE grant_.description LIKE %s",
            [f"{load.name} %"],
        ).fetchall()
        (billed,) = session.execute(
            "SELECT (SELECT count(*) FROM invoices_invoiceline),"
            " (SELECT count(*) FROM (SELECT DISTINCT billable_item_id, period FROM invoices_invoiceline) periods),"
            " (SELECT count(*) FROM invoices_invoice), (SELECT max(number) FROM invoices_invoice),"
            " (SELECT count(*) FROM invoices_invoicerunerror)"
        ).fetchall()
    lines, periods, numbers, last, unbilled = billed
    assert sorted(given) == sorted((description, Decimal(1)) for description in load.acknowledged)
    assert len(set(load.acknowledged)) == len(load.acknowledged)
    assert lines == periods == numbers == last == load.house.months * len(load.house.numbers)
    assert unbilled == 0
    code, said = load.house.run("check_ledger")
    assert code == 0, said
