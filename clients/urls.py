"""/clients/ …"""

from django.urls import path

from clients import views
from clients.views import contacts, documents, mail, notes

app_name = "clients"

urlpatterns = [
    path("", views.clients_list, name="list"),
    path("add/", views.add, name="add"),
    path("choose/", views.choose, name="choose"),
    path("duplicates/", views.duplicates, name="duplicates"),
    path("import/", views.import_page, name="import"),
    path("import/<int:file_pk>/", views.import_preview, name="import_preview"),
    path("import/<int:file_pk>/answer/", views.import_answer, name="import_answer"),
    path("import/<int:file_pk>/discard/", views.import_discard, name="import_discard"),
    path("import/mappings/add/", views.add_mapping, name="add_mapping"),
    path("import/mappings/<int:mapping_pk>/", views.edit_mapping, name="edit_mapping"),
    path("import/mappings/<int:mapping_pk>/delete/", views.delete_mapping_view, name="delete_mapping"),
    path("<int:number>/", views.summary, name="summary"),
    path("<int:number>/lists/<slug:listed>/act/<slug:doing>/", views.act_on_rows, name="act_on_rows"),
    path("<int:number>/balances/", views.balances, name="balances"),
    path("<int:number>/panels/<slug:name>/", views.panel, name="panel"),
    path("<int:number>/charts/", views.charts, name="charts"),
    path("<int:number>/profile/", views.profile, name="profile"),
    path("<int:number>/statement/", views.statement, name="statement"),
    path("<int:number>/statement.pdf", views.statement_pdf, name="statement_pdf"),
    path("<int:number>/contacts/add/", contacts.add, name="add_contact"),
    path("<int:number>/contacts/<int:contact_pk>/", contacts.edit, name="edit_contact"),
    path("<int:number>/contacts/<int:contact_pk>/remove/", contacts.remove, name="remove_contact"),
    path("<int:number>/notes/", notes.notes, name="notes"),
    path("<int:number>/notes/pinned/", notes.pinned, name="pinned_notes"),
    path("<int:number>/notes/add/", notes.add, name="add_note"),
    path("<int:number>/notes/<int:note_pk>/", notes.edit, name="edit_note"),
    path("<int:number>/notes/<int:note_pk>/pin/", notes.pin, name="pin_note"),
    path("<int:number>/mail/", mail.of_client, name="mail"),
    path("<int:number>/files/", documents.documents, name="documents"),
    path("<int:number>/files/<int:document_pk>/", documents.document, name="document"),
    path("<int:number>/files/<int:document_pk>/delete/", documents.document_delete, name="delete_document"),
    path("<int:number>/activity/", views.activity_of_client, name="activity"),
    path("<int:number>/activity/imported/", views.imported_history, name="imported_history"),
    path("<int:number>/merge/", views.merge, name="merge"),
    path("<int:number>/merges/<int:pk>/", views.merge_proof, name="merge_proof"),
    path("<int:number>/reminders/", views.pause, name="pause_reminders"),
    path("<int:number>/close/", views.close, name="close"),
    path("<int:number>/export/", views.export, name="export"),
    path("<int:number>/delete/", views.delete, name="delete"),
]
