"""Say, client by client, what would be billed here on a day and what the system that was imported would bill."""

import datetime
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from billing_admin.errors import BusinessError
from billing_admin.importing.address import read_address
from billing_admin.importing.mysql import reading
from billing_admin.importing.whmcs.reader import WhmcsReader
from billing_admin.management.asking import known_password
from billing_admin.management.staff_command import StaffCommand
from billing_admin.models import SystemImport
from billing_admin.money.amounts import amount_text
from billing_admin.text import pluralize
from clients.services.system_import.next_run import NextItem, by_client, compare_next_run


def _day(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"{text} is no day as in 2026-12-31. Nothing was done.") from None


class Command(StaffCommand):
    help = (
        "Compare what would be billed here by a day with what the WHMCS that was imported would bill by then: the next "
        "period of each item, net. Nothing is changed on either side. The password is asked."
    )
    required_permission = "billing_admin.import_system"
    kept = "Nothing was changed."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--as-of", required=True, type=_day, metavar="DATE", help="2026-12-31")
        parser.add_argument("--database", required=True, metavar="URL", help="mysql://user@host[:port]/database")
        parser.add_argument("--source", default="WHMCS", metavar="NAME", help="what this installation is called here")
        parser.add_argument("--all", action="store_true", help="name the clients who would be billed the same, too")
        parser.add_argument("--json", type=Path, metavar="FILE", help="write every item there")

    def act(self, *, by: User | None, **options: Any) -> None:
        source, as_of = options["source"], options["as_of"]
        if not SystemImport.objects.filter(source=source, state=SystemImport.State.DONE).exists():
            raise BusinessError(f"Nothing of {source} was booked here yet, so there is nothing to compare.")
        address = read_address(options["database"])
        if address.password is None:
            address = address.with_password(known_password(f"{address.user} at {address}"))
        with reading(address) as database:
            items = compare_next_run(
                source=source, reader=WhmcsReader(database), as_of=as_of, today=timezone.localdate()
            )
        self._tell(items, as_of, everybody=options["all"])
        if options["json"]:
            self._write(options["json"], items)

    def _tell(self, items: list[NextItem], as_of: datetime.date, *, everybody: bool) -> None:
        same = 0
        for (number, there_id, currency), of_client in by_client(items).items():
            differing = [item for item in of_client if not item.is_same]
            same += not differing
            if differing or everybody:
                status = of_client[0].client_status
                who = f"Client {number}" if number else f"Client {there_id} there, who is not here"
                who += f" ({status} here)" if status not in ("", "active") else ""
                there, here = (sum((amount or 0 for amount in side), Decimal(0)) for side in _sides(of_client))
                self.say(f"{who}: {_amount(there, currency)} there, {_amount(here, currency)} here.")
            for item in differing:
                self.say(
                    f"  {item.id_there} “{item.description}”: {_side(item.there, item.due_there, currency)} there, "
                    f"{_side(item.here, item.due_here, currency)} here"
                )
        self.say(f"By {as_of:%-d %b %Y} {pluralize(same, 'client')} would be billed the same on both sides.")

    def _write(self, path: Path, items: list[NextItem]) -> None:
        try:
            text = json.dumps([vars(item) for item in items], cls=DjangoJSONEncoder, indent=1, ensure_ascii=False)
            path.write_text(f"{text}\n", encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
        self.say(f"Written: {path}.")


def _sides(items: list[NextItem]) -> tuple[list[Decimal | None], list[Decimal | None]]:
    return [item.there for item in items], [item.here for item in items]


def _amount(amount: Any, currency: str) -> str:
    return f"{amount_text(amount, currency)} {currency}" if currency else str(amount)


def _side(amount: Any, due: datetime.date | None, currency: str) -> str:
    return "nothing" if amount is None else f"{_amount(amount, currency)} due {due:%-d %b %Y}"
