"""Requests that nobody means well: to any address, as anybody, with names and values that may be anything.

`fuzzed(browser, number, role)` sends so many of them as somebody in this role, and fails where one is answered with a
500, leads to another host, takes suspiciously long, shows markup that was typed, or saves what the role may not.
"""

import re
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus, urlsplit

from django import forms
from django.test import Client as Browser
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing_admin.staff.groups import OWNER, VIEWER
from tests import hostile
from tests.every_url import addresses, make_rows
from tests.factories import make_staff
from tests.pages import parse, values_of
from tests.unchanged import all_rows, taken_back

ROOT = Path(__file__).resolve().parents[1]
READ_BY_NAME = re.compile(
    r"""(?:GET|POST|given|parameters|sent)(?:\.get\(|\[)"(\w+)"|"(\w+)" in (?:request\.)?(?:POST|GET|sent)"""
)

# What breaks readers of numbers, days, cursors, codes and texts. Bytes are sent as they are.
SLEEP = 25  # seconds, which SQL that got through would take
NASTY = [
    "", " ", "0", "-1", "1", "²", "٣", "1.5", "1,5", "-0", "1e400", "NaN", "Infinity", "None", "null", "true", "[]",
    "{}", "9" * 4400, str(2**31), str(2**63), str(2**64), "-9223372036854775809", "\0", "a\0b", "\x1b", "\n", "\t",
    '["1",1]', "[1,Infinity]", '["\\u0000",1]', '["\\ud800",1]', '["9999-12-31T23:59:59-14:00",1]', "[" * 20_000,
    '["0001-01-01",1]', '["0001-01-01T00:00:00+14:00",1]', '["x",99999999999999999999]', '["x",true]', '[["x"],1]',
    "0001-01-01", "1900-01-01", "9999-12-31", "9998-12-31", "10000-01-01", "2026-02-30", "0000-00-00", "20261128",
    "2026-W01-1", "2026-11-30T00:00:00", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "USD", "usd", "XXX",
    "1e5 USD", "\u202e", "🏳️‍🌈", "ﬀ", "İ", "%", "%s", "%(x)s", "{0}", "'", '"', "\\", "//evil.example", "http://[",
    "../../", "javascript:x", f"'||pg_sleep({SLEEP})||'", f"1;SELECT pg_sleep({SLEEP})--", "id) DESC--",
    "-id,-(SELECT 1)", "1 OR 1=1", "company_name__startswith", "client__pk", "/\\\\evil.example",
    "https:evil.example",
    "a" * 70_000, "csv", "holders", "ledger", hostile.TEXT, b"\xff", b"\xed\xa0\x80", b"%",
    b"\xfe\xff\x00",
]  # fmt: skip
REFUSED = {400, 403, 404, 405, 413, 422, 429}
OF_LOOKING = {
    "billing_admin_savedview", "billing_admin_savedfile", "billing_admin_job", "billing_admin_ratecount",
    "billing_admin_writtenrows", "clients_activity", "clients_issueddocument", "clients_unsealed",
}  # fmt: skip
TARGETS = [
    "dialog-body",
    "lines",
    "totals",
    "after",
    "job",
    "invoice",
    "transaction",
    "transactions",
    "items",
    "\x80",
    "",
]
TYPES = [
    "application/x-www-form-urlencoded; charset=utf-16", "application/x-www-form-urlencoded; charset=nonsense",
    "application/x-www-form-urlencoded; charset=utf-7", "x", "",
    "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=b; charset=utf-16",
    "multipart/form-data; boundary=" + "b" * 300, "application/json", "text/plain; charset=utf-16-be",
]  # fmt: skip
_FIELD = b'--b\r\nContent-Disposition: form-data; name="q"'
BODIES = [
    b"", b"\xff\xfe", b"--b", b"--b\r\n\r\n", b"[" * 9, b"&".join([b"a=1"] * 1001), _FIELD,
    _FIELD + b"\r\n\r\n\xff\r\n--b--\r\n", _FIELD + b'; filename="\0"\r\n\r\nx\r\n--b--',
    _FIELD + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n!\r\n--b--\r\n",
]  # fmt: skip

DAYS = ["0001-01-01", "1900-01-01", "9999-12-31", "9999-12-30", "9998-12-31", "2026-02-30", "2026-11-28"]

values = st.sampled_from(NASTY) | st.text(max_size=6) | st.integers().map(str) | st.binary(max_size=4)
days = st.sampled_from(DAYS) | values


def typed(draw: st.DrawFn, names: list[str]) -> dict[str, Any]:
    """Up to three of the names, each with a value; what is named like a day mostly gets one from the edge."""
    chosen = draw(st.lists(st.sampled_from(names), max_size=3, unique=True))
    return {name: draw(days if re.search(r"date|day|_on$|_of$|^(from|to|on|since|until)$", name) else values)
            for name in chosen}  # fmt: skip


def names_read() -> list[str]:
    """Every name that a form has or a view reads, out of the forms and the source."""

    def below(cls: type[Any]) -> set[type[Any]]:
        return {cls}.union(*(below(each) for each in cls.__subclasses__()))

    names = {name for form in below(forms.BaseForm) for name in getattr(form, "base_fields", ())}
    for app in ("billing_admin", "clients", "invoices", "transactions", "credits"):
        for path in (ROOT / app).rglob("*.py"):
            names |= {a or b for a, b in READ_BY_NAME.findall(path.read_text())}
    filters = {"q", "status", "group", "currency", "from", "to", "since", "until", "on", "method", "kind", "category"}
    return sorted(names | filters | {"state", "cycle", "show", "sort", "after", "before", "line-TOTAL_FORMS", "format"})


def encoded(sent: dict[str, str | bytes]) -> str:
    """As a query or a form: bytes as they are."""
    return "&".join(
        f"{quote_plus(name)}={quote(value) if isinstance(value, bytes) else quote_plus(value, errors='surrogatepass')}"
        for name, value in sent.items()
    )


class Fuzz:
    """Somebody signed in, in this role, and a database with something at every address."""

    def __init__(self, browser: Browser, role: str = OWNER) -> None:
        make_rows()
        self.role = role
        browser.force_login(make_staff(role))
        parse(browser.get("/"))  # with a form comes the cookie that its token is compared with
        self.token = browser.cookies["csrftoken"].value
        self.cookies = "; ".join(f"{name}={cookie.value}" for name, cookie in browser.cookies.items())
        self.addresses = sorted(addresses())
        self.forms: dict[str, list[tuple[str, dict[str, Any]]]] = {}
        self.answers: dict[int, int] = {}

    def send(self, method: str, address: str, **request: Any) -> None:
        """Send it and look at the answer; what it changed is undone. An exception that nobody caught is raised here."""
        cookies = f"{self.cookies}; theme={request.pop('theme', 'dark')}"
        browser = Browser(enforce_csrf_checks=True, headers={"Cookie": cookies})
        begun = time.monotonic()
        with taken_back():
            failing = address.startswith(("/account/", "/sign-in/"))  # a wrong password is written down
            before = self.business() if method not in ("GET", "HEAD") and not failing else {}
            answer: Any = browser.generic(method, address, **request)
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            if before and (self.role == VIEWER or answer.status_code in REFUSED):
                assert self.business() == before, (method, address, request)
        assert time.monotonic() - begun < SLEEP, (method, address, request)
        self.answers[answer.status_code] = self.answers.get(answer.status_code, 0) + 1
        assert answer.status_code < 500, (method, address, request)
        assert answer.has_header("X-Frame-Options")
        for name in ("Location", "HX-Redirect", "HX-Location"):
            led = urlsplit(answer.headers.get(name, ""))
            assert (led.scheme, led.netloc) == ("", ""), (method, address, request, answer.headers[name])
        if b"evil" in content and answer.headers.get("Content-Type", "").startswith("text/html"):
            hostile.assert_harmless(parse(answer), address)

    def business(self) -> dict[str, list[str]]:
        """Every row but of what somebody may do who may only look: save lists and documents as files, and views."""
        rows = all_rows()
        return {table: rows[table] for table in rows if table not in OF_LOOKING}

    def forms_of(self, address: str) -> list[tuple[str, dict[str, Any]]]:
        """The forms of a page: where each is sent, and what a browser would send."""
        if address not in self.forms:
            answer = Browser(headers={"Cookie": self.cookies}).get(address)
            whole = not answer.streaming and answer.headers.get("Content-Type", "").startswith("text/html")
            found = parse(answer).all("form[method=post][action]") if whole and answer.status_code == 200 else []
            self.forms[address] = [
                (form["action"], values_of(form)) for form in found if not form["action"].startswith("/sign-out/")
            ]
        return self.forms[address]


NAMES = names_read()


@st.composite
def requests(draw: st.DrawFn, fuzz: Fuzz) -> tuple[str, str, dict[str, Any]]:
    """One request: to any address, with names and values that may be anything."""
    address = draw(st.sampled_from(fuzz.addresses))
    headers: dict[str, Any] = draw(st.sampled_from([{}, {"X-CSRFToken": fuzz.token}]))
    if draw(st.booleans()):
        headers = headers | {
            "HX-Request": draw(st.sampled_from(["true", "x"])),
            "HX-Target": draw(st.sampled_from(TARGETS)),
        }
        headers = headers | draw(
            st.sampled_from([{}, {"HX-Current-URL": "http://["}, {"HX-Current-URL-URI-AutoEncoded": "true"}])
        )
    more = {"headers": headers, "theme": quote(draw(st.sampled_from(["dark", '"><evil>', "\x80", ""])))}
    match draw(st.sampled_from(["get", "get", "path", "form", "form", "names", "body"])):
        case "path":
            number = draw(
                st.sampled_from(["0", "9" * 30, str(2**63), str(2**63 - 1), "00001", "-1", "1e3", "%00", "²"])
            )
            return "GET", re.sub(r"[0-9]+", number, address, count=1), more
        case "form" if sent := fuzz.forms_of(address):
            action, as_it_stands = draw(st.sampled_from(sent))
            changed = typed(draw, [name for name in as_it_stands if name != "csrfmiddlewaretoken"] or NAMES)
            more |= {"data": encoded({**as_it_stands, **changed}), "content_type": "application/x-www-form-urlencoded"}
            return "POST", action, more
        case "names" | "form":
            more |= {"data": encoded(typed(draw, NAMES)), "content_type": "application/x-www-form-urlencoded"}
            return "POST", address, more
        case "body":
            more |= {"data": draw(st.sampled_from(BODIES)), "content_type": draw(st.sampled_from(TYPES))}
            return draw(st.sampled_from(["POST", "POST", "GET", "PUT"])), address, more
    return draw(st.sampled_from(["GET", "GET", "HEAD"])), f"{address}?{encoded(typed(draw, NAMES))}", more


def fuzzed(browser: Browser, number: int, role: str = OWNER) -> Fuzz:
    """Send so many of them as somebody in this role."""
    fuzz = Fuzz(browser, role)

    @settings(max_examples=number, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(st.data())
    def run(data: st.DataObject) -> None:
        method, address, more = data.draw(requests(fuzz))
        fuzz.send(method, address, **more)

    run()
    return fuzz
