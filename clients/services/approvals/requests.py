"""Asking for approval, withdrawing what was asked for, and refusing it."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction as db_transaction
from django.utils import timezone

from billing_admin.db.locks import lock_key
from billing_admin.errors import BusinessError, require_length
from billing_admin.money.amounts import money_text
from clients.models import Activity, ApprovalRequest, Client, FormKey, NeedsApproval
from clients.models.activity import actor_name

from .payload import pack
from .tell import tell_of_asked, tell_of_decision

State = ApprovalRequest.State
GONE = "There is no such request; it may have gone with its client."


@db_transaction.atomic
def request_approval(
    *,
    action: str,
    given: Mapping[str, Any],
    above: NeedsApproval,
    reason: str,
    by: User,
    client: Client | None,
    subject: str = "",
    uploader: User | None = None,
    key: FormKey | None = None,
) -> ApprovalRequest:
    """Let what is `above` a limit wait for somebody's approval; a form that is sent twice makes one request.

    `given` is what the service of this `action` was called with, without who acts. `subject` says what it is about
    where that is no client, as a file. `uploader` is who brought it, and may not decide either.
    """
    reason = reason.strip()
    require_length(reason, "ask_reason")
    if not reason:
        raise BusinessError("Say why it should be approved; who decides sees it.", field="ask_reason")
    if client is not None:
        client = Client.objects.lock_one(client.pk)
    payload = {name: pack(value) for name, value in given.items()}
    form = FormKey.objects.begin(
        key, f"approval {action}", ApprovalRequest, client=client, by=by, payload=payload, reason=reason
    )
    if form.repeated:
        return form.outcome(ApprovalRequest)[0]
    once = hashlib.sha256((form.key or json.dumps([action, by.pk, payload], sort_keys=True)).encode()).hexdigest()
    lock_key(f"approval once {once}")
    if there := ApprovalRequest.objects.filter(once=once, state=State.WAITING).first():
        return there
    why = above.why.replace("that you may", f"that {actor_name(by)} may")  # others read it
    request = ApprovalRequest.objects.create(
        client=client, action=action, subject=subject[:200], kind=above.kind, currency=above.amount.currency.code,
        amount=above.amount, payload=payload, why=why[:500], reason=reason, once=once, requester=by,
        requester_name=actor_name(by), uploader=uploader,
    )  # fmt: skip
    said = f"Approval of {money_text(above.amount)} asked for"
    _record(request, "asked", said, by, reason)
    tell_of_asked(request)
    form.finish(said, request)
    return request


@db_transaction.atomic
def withdraw_request(*, request_id: int, by: User) -> ApprovalRequest:
    """Take back what one asked for oneself, while nobody has decided on it."""
    request = lock_request(request_id)
    if request.requester_id != by.pk:
        raise BusinessError(f"{request.requester_name} asked for this; only they can withdraw it.")
    return close_request(request, State.WITHDRAWN, by=by)


@db_transaction.atomic
def refuse_request(*, request_id: int, by: User, reason: str) -> ApprovalRequest:
    """Say no, and why; nothing is booked."""
    reason = reason.strip()
    if not reason:
        raise BusinessError("Say why it is refused; who asked for it sees it. Nothing was done.", field="reason")
    request = lock_request(request_id)
    refuse_own(request, by)
    return close_request(request, State.REFUSED, by=by, reason=reason)


def lock_request(request_id: int) -> ApprovalRequest:
    """The request, which nobody else decides on until this transaction ends. Before clients are locked.

    Raises BusinessError where somebody has decided on it.
    """
    lock_key(f"approval {request_id}")
    request = ApprovalRequest.objects.filter(pk=request_id).first()
    if request is None:
        raise BusinessError(GONE)
    if not request.is_waiting:
        day = timezone.localtime(request.decided_at)
        raise BusinessError(
            f"This was {request.get_state_display().lower()} on {day:%-d %b %Y} by {request.decided_by_name}; nothing "
            "more was done."
        )
    return request


def refuse_own(request: ApprovalRequest, by: User) -> None:
    """Nobody decides on what they asked for, or on a file that they uploaded, whatever they may do by now."""
    if request.requester_id == by.pk:
        raise BusinessError("You asked for this yourself; somebody else has to decide on it.")
    if request.uploader_id == by.pk:
        raise BusinessError("You uploaded this file yourself; somebody else has to decide on it.")


def close_request(request: ApprovalRequest, state: State, *, by: User, reason: str = "") -> ApprovalRequest:
    """Write down how a request ended. What was asked with is no longer needed, and goes but for which row it was about.

    By that the undo of a merge finds it.
    """
    require_length(reason, "reason")
    request.refresh_from_db(fields=["client"])  # a merge may have moved it
    if request.client_id is not None:
        Client.objects.lock_one(request.client_id)
    about = {name: packed for name, packed in request.payload.items() if isinstance(packed, dict) and "row" in packed}
    decided = {
        "state": state, "decided_by": by, "decided_by_name": actor_name(by), "decided_at": timezone.now(),
        "decision": reason.strip(), "payload": about,
    }  # fmt: skip
    if not ApprovalRequest.objects.filter(pk=request.pk, state=State.WAITING).update(**decided):
        raise BusinessError(GONE)
    request.refresh_from_db()
    _record(request, state.value, f"Approval of {money_text(request.amount)} {state.label.lower()}", by, reason)
    tell_of_decision(request)
    return request


def _record(request: ApprovalRequest, done: str, said: str, by: User, reason: str) -> None:
    Activity.objects.record(
        by=by, client=request.client, verb=f"approval.{done}", summary=said, note=reason, data=request.said()
    )
