"""Merge one client into another."""

from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import CommandParser

from billing_admin.errors import BusinessError
from billing_admin.management.staff_command import StaffCommand
from billing_admin.money.amounts import totals_text
from clients.management.client_number import client_numbered
from clients.management.confirmation import confirm
from clients.selectors.merge import PROFILE_FIELDS, MergePreview, contact_words, merge_preview
from clients.services.merge.merge_clients import Choices, merge_clients, what_moved


class Command(StaffCommand):
    help = "Merge client DISCARD into client KEEP: everything moves, the number of DISCARD leads to KEEP from then on."
    required_permission = "clients.merge_client"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("keep", type=int, metavar="KEEP", help="the number of the client that stays")
        parser.add_argument("discard", type=int, metavar="DISCARD", help="the number of the client that goes into it")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and change nothing")
        parser.add_argument("--no-input", action="store_true", help="do not ask")
        parser.add_argument(
            "--take", action="append", default=[], choices=PROFILE_FIELDS, metavar="FIELD",
            help="a profile field to take from DISCARD; without it KEEP’s stays: " + ", ".join(PROFILE_FIELDS),
        )  # fmt: skip

    def act(self, *, by: User | None, **options: Any) -> None:
        kept, discarded = client_numbered(options["keep"]), client_numbered(options["discard"])
        if kept == discarded:
            raise BusinessError(f"{options['keep']} and {options['discard']} are one client; nothing was merged.")
        preview = merge_preview(kept, discarded)
        self._tell(preview, options["take"])
        if options["dry_run"]:
            self.say("Nothing was changed: this was a dry run.")
            return
        if not options["no_input"]:
            confirm(f"Client {discarded.number} goes into client {kept.number}.", str(discarded.number))
        merge = merge_clients(kept=kept, discarded=discarded, by=by, choices=Choices(fields=frozenset(options["take"])))
        self.say(f"Client {discarded.number} merged into client {kept.number}: {what_moved(merge.counts)}.")
        self.say("The totals per currency are the same before and after.")

    def _tell(self, preview: MergePreview, take: list[str]) -> None:
        self.say(f"Kept: {preview.kept}. Discarded: {preview.discarded}.")
        for name, ours, theirs, together in preview.moving:
            self.say(f"  {name}: {theirs:,} move to {ours:,}, which makes {together:,}")
        for line in preview.together:
            code = line.currency
            kept, discarded, both = (totals_text([(code, part)]) for part in (line.kept, line.discarded, line.together))
            self.say(f"  {line.label}: {kept} and {discarded}, together {both}")
        for part in preview.differences:
            taken = part.discarded if part.field in take else part.kept
            self.say(f"  {part.label}: “{part.kept}” or “{part.discarded}”; “{taken}” stays")
        for clash in preview.clashes:
            if not clash.same:
                self.say(
                    f"  Contact {contact_words(clash.kept)} stays; {contact_words(clash.discarded)} goes to a note"
                )
        for sentence in preview.conflicts:
            self.say(f"  {sentence}")
