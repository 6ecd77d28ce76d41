"""What staff decide about an import: all questions of all apps, and their answers."""

from collections.abc import Mapping

from django.db import transaction as db_transaction

from billing_admin.errors import BusinessError
from billing_admin.importing.questions import Question
from billing_admin.models import SystemImport
from billing_admin.text import pluralize
from credits.services import system_import as credit
from invoices.services import system_import as invoices
from transactions.services import system_import as money

from . import judge_clients, units


def questions(run: SystemImport) -> list[Question]:
    """All of them, in the order in which they are asked."""
    asking = (units, judge_clients, invoices, money, credit)
    return [question for each in asking for question in each.questions(run)]


@db_transaction.atomic
def decide(run: SystemImport, answers: Mapping[str, str]) -> SystemImport:
    """Keep answers, by the key of their question; what is not named stays as it was.

    Raises BusinessError for a question that is not asked, or an answer that it does not take.
    """
    run = SystemImport.objects.select_for_update(no_key=True).get(pk=run.pk)
    if run.state != SystemImport.State.READ:
        raise BusinessError(f"{run} is {run.get_state_display().lower()}: nothing of it is decided any more.")
    asked = {question.key: question for question in questions(run)}
    for key, answer in answers.items():
        question = asked.get(key)
        if question is None:
            raise BusinessError(f"“{key}” is no question of this import. Nothing was decided.")
        _check(question, answer)
        run.answers[key] = answer
    run.save(update_fields=["answers"])
    return run


def _check(question: Question, answer: str) -> None:
    offered = [choice for choice, _ in question.choices]
    if offered and answer not in offered:
        choices = ", ".join(f"“{choice}”" for choice in offered)
        raise BusinessError(f"“{answer[:100]}” is no answer to “{question.text}” ({question.key}): {choices}.")
    if not offered and not answer.strip():
        raise BusinessError(f"Say something to “{question.text}” ({question.key}).")


def undecided(run: SystemImport, asked: list[Question]) -> str:
    """In a sentence, how many questions take their default."""
    left = [question for question in asked if not question.is_answered(run)]
    if not left:
        return "Every question was answered."
    return (
        f"{pluralize(len(left), 'question')} of {len(asked)} {'has' if len(left) == 1 else 'have'} the default answer."
    )
