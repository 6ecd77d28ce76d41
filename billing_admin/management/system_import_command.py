"""What the commands have in common that bring everything from another system: look, decide, book and compare."""

import argparse
import json
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder

from billing_admin.csv_files.imports import Progress
from billing_admin.importing.opening import import_to_go_on_with
from billing_admin.importing.questions import Question
from billing_admin.models import SystemImport
from billing_admin.text import pluralize
from clients.services.system_import.commit import CLIENTS_AT_ONCE, commit
from clients.services.system_import.decisions import decide, questions, undecided
from clients.services.system_import.preview import preview

from .staff_command import StaffCommand

NOTHING_READ = "Nothing was read."
_READ = "What was read is kept for seven days: go on with --resume."
_BOOKED = "What was booked so far is booked: go on with --resume."


class SystemImportCommand(StaffCommand):
    """Reads a system, and books what was read by the decisions in a file or by the defaults, which are named.

    Subclasses name the `system`, say where it is read from (`add_places`) and `read` it.
    """

    required_permission = "billing_admin.import_system"
    kept = NOTHING_READ

    @property
    def system(self) -> SystemImport.System:
        """What is read."""
        raise NotImplementedError

    def add_places(self, parser: CommandParser) -> None:
        """Add the arguments that say where it is."""
        raise NotImplementedError

    def read(self, by: User | None, options: dict[str, Any], progress: Progress) -> SystemImport:
        """Read all of it into staged rows."""
        raise NotImplementedError

    def ask(self, options: dict[str, Any]) -> None:
        """Look at the arguments, and ask for what is missing, before anything is shown of progress."""

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        self.add_places(parser)
        parser.add_argument(
            "--source", default=self.system.label, metavar="NAME", help="what this installation is called here"
        )
        parser.add_argument("--preview", action="store_true", help="book nothing; say what would come, and ask")
        parser.add_argument(
            "--decisions", type=Path, metavar="FILE", help="with --preview it is written, else what it says is decided"
        )
        parser.add_argument(
            "--json", type=Path, metavar="FILE", help="write comparison and receipt there, or the preview"
        )
        parser.add_argument("--resume", action="store_true", help="go on with what was read before, or is half booked")
        parser.add_argument("--at-once", type=int, default=CLIENTS_AT_ONCE, help=argparse.SUPPRESS)

    def act(self, *, by: User | None, **options: Any) -> None:
        answers = self._answers(options["decisions"], may_be_missing=options["preview"])
        with ended_as_by_hand():
            run = import_to_go_on_with(options["source"]) if options["resume"] else self._read(by, options)
            self.kept = _READ
            if run.state == SystemImport.State.READ:
                self._decide(run, answers, options)
            if options["preview"]:
                self._preview(run, options)
                return
            self.kept = _BOOKED
            with self.progress() as progress:
                run = commit(run, by=by, progress=progress, clients_at_once=options["at_once"])
            self._compare(run)
            self._write(options["json"], {"comparison": run.comparison, "receipt": run.receipt})

    def _read(self, by: User | None, options: dict[str, Any]) -> SystemImport:
        self.ask(options)
        with self.progress() as progress:
            run = self.read(by, options, progress)
        what = " ".join(part for part in (run.get_system_display(), run.version) if part)
        self.say(f"{what}{f' ({run.identity})' if run.identity else ''}: {pluralize(run.total, 'row')} read.")
        for table in run.facts.get("unsteady", []):
            self.say(f"{table} knows no snapshots: what was written to it meanwhile came, or not.")
        return run

    def _answers(self, path: Path | None, *, may_be_missing: bool) -> dict[str, str]:
        if path is None or (may_be_missing and not path.exists()):
            return {}
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            return {str(key): str(each["answer"] if isinstance(each, dict) else each) for key, each in found.items()}
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}. {NOTHING_READ}") from error
        except (ValueError, KeyError, AttributeError) as error:
            raise CommandError(
                f"{path} is not what --preview writes: JSON with an answer each. {NOTHING_READ}"
            ) from error

    def _decide(self, run: SystemImport, answers: dict[str, str], options: dict[str, Any]) -> None:
        asked = {question.key for question in questions(run)}
        if passed := sorted(set(answers) - asked):
            self.say(f"Not asked any more: {', '.join(passed)}.")
        if given := {key: answer for key, answer in answers.items() if key in asked}:
            run.answers = decide(run, given).answers
        all_questions = questions(run)
        self.say(undecided(run, all_questions))
        if not options["preview"]:
            for question in all_questions:
                if not question.is_answered(run):
                    self.say(f"  {question.key}: {_as_it_reads(question, question.default)}")

    def _preview(self, run: SystemImport, options: dict[str, Any]) -> None:
        run = preview(run)
        for table in run.preview["tables"]:
            others = [f"{count:,} {outcome}" for outcome, count in table["outcomes"].items() if outcome and count]
            comes = f"{table['outcomes'].get('', 0):,} of {table['read']:,} come"
            self.say(f"{table['name']}: {', '.join([comes, *others])}; {table['mended']:,} mended.")
        for reason in run.preview["reasons"]:
            self.say(f"  {reason['outcome']}, {pluralize(reason['rows'], reason['kind'])}: {reason['why']}")
        asked = questions(run)
        for question in asked:
            self.say(f"? {question.key} ({pluralize(question.rows, 'row')}): {question.text} "
                     f"{_as_it_reads(question, question.answer(run))}")  # fmt: skip
        self._write(options["decisions"], {question.key: _told(question, run) for question in asked})
        self._write(options["json"], run.preview)
        self.say(f"Nothing was booked. {_READ}")

    def _compare(self, run: SystemImport) -> None:
        comparison = run.comparison
        same_months = 0
        for each in comparison["figures"]:
            if each["figure"].startswith("income ") and each["difference"] == "0":
                same_months += 1
                continue
            what = " ".join(part for part in (each["figure"], each["currency"], each["of"]) if part)
            is_same = each["difference"] == "0"
            rest = "" if is_same else f", {each['difference']} here beyond it"
            if each["unexplained"] != "0":
                rest += f", of which no row explains {each['unexplained']}"
            self.say(f"{what}: {each['there']} there, {each['here']} here{rest}.")
        self.say(f"{pluralize(same_months, 'figure')} of income by month: the same.")
        for notice in run.receipt.get("notices", []):
            self.say(notice)
        if comparison["is_equal"]:
            self.say("Equal to the cent.")
        elif comparison["is_explained"]:
            self.say("Every difference is made by the rows that the receipt names.")
        else:
            self.say("Not every difference is explained: look at the receipt.")

    def _write(self, path: Path | None, what: dict[str, Any]) -> None:
        if path is None:
            return
        try:
            path.write_text(
                json.dumps(what, cls=DjangoJSONEncoder, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
            )
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}. {self.kept}") from error
        self.say(f"Written: {path}.")


def _as_it_reads(question: Question, answer: str) -> str:
    return dict(question.choices).get(answer, answer)


def _told(question: Question, run: SystemImport) -> dict[str, Any]:
    return {
        "question": question.text,
        "answer": question.answer(run),
        "choices": dict(question.choices),
        "rows": question.rows,
    }


@contextmanager
def ended_as_by_hand() -> Iterator[None]:
    """A supervisor that ends the command has it clean up as Ctrl-C does."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
