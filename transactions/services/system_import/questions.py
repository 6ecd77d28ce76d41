"""What staff decide about the money of another system: which method each gateway is, and what becomes of nobody's."""

from django.db.models import Count

from billing_admin.importing.currencies import currency_codes
from billing_admin.importing.questions import LEAVE_OUT, Question
from billing_admin.models import StagedMoney, SystemImport
from transactions.models import PaymentMethod
from transactions.services.methods import LONGEST_NAME

OF_NOBODY = "money of nobody"
BRING = "bring"
_NO_GATEWAY = "Other"


def questions(run: SystemImport) -> list[Question]:
    """A gateway each, currencies that are not known here, and money that names no client."""
    rows = StagedMoney.objects.filter(of=run)
    asked = [_method_asked(run, gateway, count) for gateway, count in _gateways(run)]
    known, default = currency_codes(run), str(run.facts.get("default_currency", ""))
    for currency, count in rows.order_by("currency").values_list("currency").annotate(rows=Count("pk")):
        id_ = currency if currency not in ("", "0") else default
        if id_ not in known and f"currency:{id_}" not in {question.key for question in asked}:
            asked.append(Question(f"currency:{id_}", _which_currency(run, id_), LEAVE_OUT, (), count))
    if count := rows.filter(client_source_id="").count():
        asked.append(of_nobody_asked(count))
    return asked


def methods_of(run: SystemImport) -> dict[str, tuple[str, bool, bool]]:
    """Gateway → the name of its method, whether that was decided, and whether it is offered: those in use there are."""
    found = {}
    for gateway, count in _gateways(run):
        question = _method_asked(run, gateway, count)
        name = " ".join(question.answer(run).split())[:LONGEST_NAME]
        is_named = bool(_display_name(run, gateway))
        found[gateway] = (name or question.default, is_named or question.is_answered(run), is_named)
    return found


def notices(run: SystemImport) -> list[str]:
    """Which methods will be added, in sentences."""
    there = {name.upper() for name in PaymentMethod.objects.values_list("name", flat=True)}
    missing = {name.upper(): name for name, *_ in methods_of(run).values() if name.upper() not in there}
    return [f"The payment method “{name}” is added." for name in sorted(missing.values())]


def of_nobody_asked(rows: int = 0) -> Question:
    """What becomes of money that names no client."""
    return Question(
        OF_NOBODY,
        "What becomes of money that names no client?",
        LEAVE_OUT,
        ((BRING, "Bring it: it waits until it is attached to a client"), (LEAVE_OUT, "Leave it out")),
        rows,
    )


def _gateways(run: SystemImport) -> list[tuple[str, int]]:
    rows = StagedMoney.objects.filter(of=run).order_by("gateway")
    return list(rows.values_list("gateway").annotate(rows=Count("pk")))


def _display_name(run: SystemImport, gateway: str) -> str:
    return str(run.facts.get("gateways", {}).get(gateway, "")).strip()


def _method_asked(run: SystemImport, gateway: str, rows: int) -> Question:
    name = _display_name(run, gateway) or gateway.strip() or _NO_GATEWAY
    called = f"gateway “{gateway}”" if gateway else "money without a gateway"
    return Question(f"method:{gateway}", f"Which payment method is {called}?", name[:LONGEST_NAME], (), rows)


def _which_currency(run: SystemImport, id_: str) -> str:
    code = run.facts.get("currencies", {}).get(id_, "")
    return f"Which currency is “{code or id_}”? Give a code such as USD, or leave its money out."
