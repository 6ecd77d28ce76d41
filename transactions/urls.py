"""/transactions/ … and the transactions of one client."""

from django.urls import path

from transactions import views

app_name = "transactions"

urlpatterns = [
    path("transactions/", views.transactions_list, name="list"),
    path("transactions/add/", views.add, name="add"),
    path("transactions/import/", views.import_page, name="import"),
    path("transactions/import/<int:file_pk>/", views.preview, name="preview"),
    path("transactions/import/<int:file_pk>/discard/", views.discard, name="discard"),
    path("transactions/import/<int:file_pk>/answer/", views.answer, name="answer"),
    path("transactions/import/booked/<int:batch_pk>/take-back/", views.take_back, name="take_back"),
    path("transactions/import/formats/add/", views.add_format, name="add_format"),
    path("transactions/import/formats/<int:format_pk>/", views.edit_format, name="edit_format"),
    path("transactions/import/formats/<int:format_pk>/delete/", views.delete_format_view, name="delete_format"),
    path("transactions/import/formats/<int:format_pk>/ids/", views.confirm_format_ids, name="confirm_format_ids"),
    path("transactions/methods/", views.methods, name="methods"),
    path("transactions/methods/add/", views.add_method, name="add_method"),
    path("transactions/methods/<int:method_pk>/rename/", views.rename_method, name="rename_method"),
    path("transactions/methods/<int:method_pk>/switch/", views.switch_method, name="switch_method"),
    path("transactions/<int:transaction_pk>/", views.detail, name="detail"),
    path("transactions/<int:transaction_pk>/refund/", views.refund, name="refund"),
    path("transactions/<int:transaction_pk>/reverse/", views.reverse_view, name="reverse"),
    path("transactions/<int:transaction_pk>/attach/", views.attach, name="attach"),
    path("clients/<int:number>/transactions/", views.of_client, name="of_client"),
    path("clients/<int:number>/transactions/add/", views.add_for_client, name="add_for_client"),
    path("invoices/<int:pk>/payments/record/", views.record, name="record"),
]
