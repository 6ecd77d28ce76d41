"""What each verb of activity is called: in filters, in files and in docs/activity.md. The words are here alone.

A verb is a subject and what was done to it. A new subject has a line here; what was done is the participle itself,
unless it says too little.
"""

from collections.abc import Iterator, Mapping

from .activity_permissions import PERMISSIONS

# Subject → what it is called, in the order in which the filter offers them.
SUBJECTS: Mapping[str, str] = {
    "client": "Client",
    "clients": "Clients",
    "contact": "Contact",
    "note": "Note",
    "document": "File of a client",
    "statement": "Statement",
    "statements": "Statements",
    "credit": "Credit",
    "credits": "List of credits",
    "credit_entries": "List of credit entries",
    "credit_batch": "Bulk credit",
    "credit_holders": "List of who holds credit",
    "credit_liability": "Credit liability",
    "invoice": "Invoice",
    "invoices": "Invoices",
    "credit_note": "Credit note",
    "credit_notes": "Credit notes",
    "billable_item": "Billable item",
    "billable_items": "Billable items",
    "run": "Invoice run",
    "reminder": "Reminder",
    "reminders": "Reminders",
    "payment": "Payment",
    "payments": "File of payments",
    "receipt": "Receipt",
    "approval": "Request for approval",
    "transaction": "Transaction",
    "transactions": "Transactions",
    "mail": "Mail",
    "company": "Company",
    "credit_settings": "Settings of credit",
    "custom_field": "Field of profiles",
    "document_settings": "Limits of files",
    "exchange_rate": "Exchange rate",
    "mail_settings": "Settings of mail",
    "mail_text": "Text of mail",
    "numbering": "Numbering",
    "reminder_levels": "Levels of reminders",
    "run_limits": "Limits of invoice runs",
    "limits": "Limits of people",
    "tax": "Tax",
    "payment_method": "Payment method",
    "payment_file_format": "Format of payment files",
    "client_file_mapping": "Mapping of client files",
    "staff": "Person of staff",
    "role": "Role",
    "account": "Account",
    "sign_in": "Sign-in",
    "session": "Session",
    "password": "Password",
    "second_factor": "Second factor",
    "activity": "Activity",
    "demo": "Demo data",
    "system_import": "Import of another system",
    "database": "Database",
}

# Where the participle says too little.
_OTHERWISE: Mapping[str, str] = {
    "client.opened": "added",
    "client.edited": "profile changed",
    "client.told_apart": "no duplicate of another",
    "client.merged": "took another in by a merge",
    "client.merged_away": "merged into another",
    "client.merge_undone": "split again, merge undone",
    "client.fields_changed": "further fields changed",
    "client.exported": "everything held saved as a file",
    "invoice.draft_changed": "draft changed",
    "invoice.draft_deleted": "draft deleted",
    "invoice.noted": "notes changed",
    "mail.came_back": "came back",
    "mail.arrived": "said to have arrived",
    "mail.file_saved": "file saved",
    "document.saved": "saved",
    "payment.shortfall_billed": "missing part billed",
    "payments.taken_back": "taken back",
    "reminder.lifted": "no longer held",
    "reminder.fee_withdrawn": "fee withdrawn",
    "reminder.fee_stays": "fee stays",
    "account.email_changed": "e-mail changed",
    "account.password_reset": "password set anew by a link",
    "staff.reset_sent": "sent a link for a new password",
    "sign_in.code_failed": "refused, wrong code",
    "sign_in.refused": "refused after many failures",
    "sign_in.confirmed": "confirmed before something dangerous",
    "sign_in.unlocked": "failures forgotten by a command",
    "session.signed_out": "ended by signing out",
    "second_factor.codes_made": "recovery codes made anew",
    "second_factor.required": "required of a role",
    "second_factor.not_required": "no longer required of a role",
    "second_factor.reset": "removed by a command",
    "system_import.begun": "booking begun",
    "system_import.switched": "switched over",
    "database.restored": "restored from a backup",
}
_SAVED = {"exported": "saved as a file", "saved": "saved as a file"}


def words_of(verb: str) -> str:
    """What a verb is called: `Invoice draft changed`. One that no version declares is called as it is written."""
    done = verb.partition(".")[2]
    said = _OTHERWISE.get(verb) or _SAVED.get(done) or done.replace("_", " ")
    return f"{subject_words(verb)} {said}"


def subject_words(verb: str) -> str:
    """What the subject of a verb is called."""
    subject = verb.partition(".")[0]
    return SUBJECTS.get(subject, subject.replace("_", " ").capitalize())


def verbs_by_subject() -> Iterator[tuple[str, list[str]]]:
    """Each subject that a verb is declared of, with its verbs, in the order of `SUBJECTS`."""
    of: dict[str, list[str]] = {}
    for verb in PERMISSIONS:
        of.setdefault(verb.partition(".")[0], []).append(verb)
    for subject in (*SUBJECTS, *(of.keys() - SUBJECTS.keys())):
        if subject in of:
            yield subject, of[subject]
