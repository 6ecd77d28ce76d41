"""/invoices/ … and the invoices of one client."""

from django.urls import path

from invoices import views

app_name = "invoices"

urlpatterns = [
    path("invoices/", views.invoices_list, name="list"),
    path("invoices/create/", views.create_for, name="create_for"),
    path("invoices/<int:pk>/", views.detail, name="detail"),
    path("invoices/<int:pk>/cancel/", views.cancel, name="cancel"),
    path("invoices/<int:pk>/credit-note/", views.issue_for_invoice, name="issue_credit_note"),
    path("invoices/<int:pk>/delete/", views.delete, name="delete"),
    path("invoices/<int:pk>/duplicate/", views.duplicate, name="duplicate"),
    path("invoices/<int:pk>/edit/", views.edit, name="edit"),
    path("invoices/<int:pk>/notes/", views.notes, name="notes"),
    path("invoices/<int:pk>/document/", views.documents.document, name="document"),
    path("invoices/<int:pk>/document.xml", views.documents.xml, name="document_xml"),
    path("invoices/<int:pk>/send/", views.send.send, name="send"),
    path("invoices/<int:pk>/issue/", views.issue, name="issue"),
    path("invoices/runs/", views.runs.runs, name="runs"),
    path("invoices/runs/start/", views.runs.start, name="start_run"),
    path("invoices/runs/<int:run_pk>/", views.runs.run, name="run"),
    path("invoices/runs/<int:run_pk>/cancel/", views.runs.cancel, name="cancel_run"),
    path("invoices/runs/errors/<int:error_pk>/", views.runs.try_again, name="try_again"),
    path("billable-items/", views.billable_items, name="billable_items"),
    path("billable-items/<int:pk>/", views.edit_item, name="edit_item"),
    path("billable-items/<int:pk>/pause/", views.item_actions.pause, name="pause_item"),
    path("billable-items/<int:pk>/resume/", views.item_actions.resume, name="resume_item"),
    path("billable-items/<int:pk>/end/", views.item_actions.end, name="end_item"),
    path("billable-items/<int:pk>/delete/", views.item_actions.delete, name="delete_item"),
    path("invoices/credit-notes/", views.credit_notes, name="credit_notes"),
    path("invoices/credit-notes/<int:pk>/", views.credit_note, name="credit_note"),
    path("invoices/credit-notes/<int:pk>/send/", views.send.send_note, name="send_note"),
    path("invoices/credit-notes/<int:pk>/document/", views.documents.note_document, name="note_document"),
    path("invoices/credit-notes/<int:pk>/document.xml", views.documents.note_xml, name="note_document_xml"),
    path("settings/company/", views.company.company, name="company"),
    path("settings/company/logo.png", views.company.company_logo, name="company_logo"),
    path("settings/company/preview/", views.company.company_preview, name="company_preview"),
    path("settings/company/preview.png", views.company.company_picture, name="company_picture"),
    path("settings/company/rates/", views.company.rates, name="exchange_rates"),
    path("settings/tax/", views.settings.tax, name="tax"),
    path("settings/tax/add/", views.settings.add_rate, name="add_rate"),
    path("settings/tax/<int:pk>/", views.settings.edit_rate, name="edit_rate"),
    path("settings/invoice-runs/", views.runs.run_limits, name="run_limits"),
    path("settings/numbering/", views.settings.numbering, name="numbering"),
    path("clients/<int:number>/billable-items/", views.billable_items_of_client, name="billable_items_of_client"),
    path("clients/<int:number>/billable-items/add/", views.add_item, name="add_item"),
    path("clients/<int:number>/invoices/", views.of_client, name="of_client"),
    path("clients/<int:number>/invoices/create/", views.create, name="create"),
]
