"""Which permissions one needs to see an activity: what a row says must not tell figures that its reader may not see."""

from collections.abc import Iterator, Mapping

_CLIENT = "clients.view_client"
_INVOICE = "invoices.view_invoice"
_TRANSACTION = "transactions.view_transaction"
_CREDIT = "credits.view_credit"
_MAIL = "clients.view_mailmessage"
_STAFF, _ROLES = "billing_admin.manage_staff", "billing_admin.manage_roles"
_ACTIVITY = "clients.view_activity"
_IMPORT = "billing_admin.import_system"

# Permissions → subject → what was done to it. A new verb is declared here.
_DECLARED: dict[tuple[str, ...], dict[str, str]] = {
    (_CLIENT,): {
        "client": "opened edited fields_changed closed reopened told_apart exported merged merged_away merge_undone "
        "imported deleted reminders_paused reminders_resumed",
        "clients": "imported exported",
        "activity": "exported",
        "client_file_mapping": "added changed deleted",
        "contact": "added changed removed",
        "custom_field": "added changed",
        "document": "added deleted saved",
        "document_settings": "changed",
        "mail_settings": "changed",
        "mail_text": "changed reset",
        "note": "added changed pinned unpinned",
        "demo": "loaded",
    },
    (_CLIENT, _MAIL): {"mail": "sent sent_again arrived came_back tested exported file_saved"},
    (_INVOICE,): {
        "invoice": "drafted draft_changed draft_deleted issued noted written_off write_off_reversed saved",
        "invoices": "generated exported",
        "billable_item": "added changed paused resumed ended deleted",
        "billable_items": "imported exported",
        "company": "changed",
        "credit_note": "saved",
        "credit_notes": "exported",
        "exchange_rate": "set",
        "numbering": "changed",
        "reminder": "held lifted fee_withdrawn fee_stays",
        "reminder_levels": "changed",
        "reminders": "sent exported",
        "run": "started cancelled",
        "run_limits": "changed",
        "tax": "added changed removed",
    },
    # What it gave back to credit.
    (_INVOICE, _CREDIT): {"invoice": "cancelled"},
    (_INVOICE, _TRANSACTION, _CREDIT): {"credit_note": "issued", "payment": "shortfall_billed"},
    (_TRANSACTION,): {
        "transaction": "deleted",
        "transactions": "deleted exported",
        "payments": "imported taken_back",
        "payment_method": "added renamed switched_on switched_off",
        "payment_file_format": "added changed deleted",
    },
    # What of it became credit, or was credit.
    (_TRANSACTION, _CREDIT): {"payment": "recorded attached refunded reversed", "receipt": "exported"},
    (_CREDIT,): {
        "credit": "added applied balance_adjusted edited entry_reversed expired released removed rest_taken_back "
        "reversed taken_back transferred",
        "credit_batch": "booked reversed",
        "credit_settings": "changed",
        "credit_liability": "exported",
        "credit_holders": "exported",
        "credits": "exported",
        "credit_entries": "exported",
    },
    (_CLIENT, _INVOICE, _TRANSACTION, _CREDIT): {
        "approval": "asked approved refused withdrawn",
        "limits": "changed switched_on switched_off",
        "statement": "exported",
        "statements": "sent",
    },
    (_STAFF,): {
        "staff": "invited invited_again invitation_withdrawn joined roles_changed deactivated activated reset_sent",
        "account": "email_changed password_reset",
    },
    (_ROLES,): {"role": "added changed deleted"},
    (_IMPORT,): {"system_import": "begun booked switched"},
    # About people and their accounts, not about the business: on the Activity page alone.
    (_ACTIVITY,): {
        "sign_in": "done confirmed failed refused code_failed unlocked",
        "session": "signed_out ended",
        "password": "changed",
        "second_factor": "added removed codes_made reset required not_required",
        "activity": "looked_at",
        "database": "restored",
    },
}


def _verbs() -> Iterator[tuple[str, tuple[str, ...]]]:
    for permissions, subjects in _DECLARED.items():
        for subject, participles in subjects.items():
            for participle in participles.split():
                yield f"{subject}.{participle}", permissions


# Verb → the permissions that one needs, all of them. Who lacks one does not see the row; nor one of an unknown verb.
PERMISSIONS: Mapping[str, tuple[str, ...]] = dict(_verbs())

# What is not about the business: Home does not tell it.
OF_ACCOUNTS = tuple(verb for verb, permissions in PERMISSIONS.items() if permissions == (_ACTIVITY,))
