"""Clients and what staff write about them. Knows no invoice, transaction or credit."""

from .activity import Activity
from .activity_count import ActivityCount
from .activity_seal import ActivitySeal, ActivitySignOff, UnsealedRows
from .approval import ApprovalRequest
from .client import Client, ClientGroup, CreditUse
from .contact import ClientNote, Contact, ContactRole
from .custom_field import CustomField
from .document import ClientDocument, DocumentSettings
from .form_key import FormKey, KeyReused
from .importing import ClientFile, ClientFileMapping, ExternalReference, ImportedEvent
from .issued_document import IssuedDocument
from .lifecycle import ClientDeletion, ClientMerge, ClientNumberAlias, MergedRows, NotADuplicate
from .limits import Limit, LimitKind, LimitSettings, LimitUse, NeedsApproval
from .mail import MailboxMail, MailMessage, MailSettings, MailTemplate, MailWave

__all__ = [
    "Activity",
    "ActivityCount",
    "ActivitySeal",
    "ActivitySignOff",
    "ApprovalRequest",
    "Client",
    "ClientDeletion",
    "ClientDocument",
    "ClientFile",
    "ClientFileMapping",
    "ClientGroup",
    "ClientMerge",
    "ClientNote",
    "ClientNumberAlias",
    "Contact",
    "ContactRole",
    "CreditUse",
    "CustomField",
    "DocumentSettings",
    "ExternalReference",
    "FormKey",
    "ImportedEvent",
    "IssuedDocument",
    "KeyReused",
    "Limit",
    "LimitKind",
    "LimitSettings",
    "LimitUse",
    "MailMessage",
    "MailSettings",
    "MailTemplate",
    "MailWave",
    "MailboxMail",
    "MergedRows",
    "NeedsApproval",
    "NotADuplicate",
    "UnsealedRows",
]
