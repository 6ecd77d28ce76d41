"""/clients/<number>/credits/ …, /invoices/<id>/credit/ … and /credits/ …"""

from django.urls import path

from credits import views

app_name = "credits"

urlpatterns = [
    path("clients/<int:number>/credits/", views.of_client, name="of_client"),
    path("clients/<int:number>/credits/manage/", views.manage, name="manage"),
    path("clients/<int:number>/credits/remove/", views.remove, name="remove"),
    path("clients/<int:number>/credits/transfer/", views.transfer, name="transfer"),
    path("clients/<int:number>/credits/<int:pk>/", views.grant, name="grant"),
    path("clients/<int:number>/credits/<int:pk>/receipt/", views.receipt, name="receipt"),
    path("clients/<int:number>/credits/<int:pk>/edit/", views.edit, name="edit"),
    path("clients/<int:number>/credits/<int:pk>/take-back/", views.take_back, name="take_back"),
    path("clients/<int:number>/credits/entries/<int:pk>/reverse/", views.reverse_one, name="reverse_entry"),
    path("invoices/<int:pk>/credit/apply/", views.apply, name="apply"),
    path("invoices/<int:pk>/credit/release/", views.release, name="release"),
    path("credits/", views.holders, name="holders"),
    path("credits/entries/", views.entries, name="entries"),
    path("credits/expiring/", views.expiring, name="expiring"),
    path("credits/liability/", views.liability, name="liability"),
    path("credits/batches/", views.batches, name="batches"),
    path("credits/give/", views.give_to_many, name="give_to_many"),
    path("credits/batches/upload/", views.upload, name="upload"),
    path("credits/batches/<uuid:batch_id>/", views.batch, name="batch"),
    path("credits/batches/<uuid:batch_id>/discard/", views.discard, name="discard_batch"),
    path("credits/batches/<uuid:batch_id>/reverse/", views.reverse_batch, name="reverse_batch"),
    path("credits/checks/", views.checks, name="checks"),
    path("credits/checks/activity/", views.activity_chain, name="activity_chain"),
]
