"""/invoices/ … and the invoices of one client."""

from django.urls import path

from invoices import views

app_name = "invoices"

urlpatterns = [
    path("invoices/", views.invoices_list, name="list"),
    path("invoices/<int:pk>/", views.detail, name="detail"),
    path("invoices/<int:pk>/cancel/", views.cancel, name="cancel"),
    path("invoices/<int:pk>/delete/", views.delete, name="delete"),
    path("invoices/<int:pk>/duplicate/", views.duplicate, name="duplicate"),
    path("invoices/<int:pk>/edit/", views.edit, name="edit"),
    path("invoices/<int:pk>/notes/", views.notes, name="notes"),
    path("invoices/<int:pk>/print/", views.printed, name="print"),
    path("invoices/<int:pk>/issue/", views.issue, name="issue"),
    path("clients/<int:number>/invoices/", views.of_client, name="of_client"),
    path("clients/<int:number>/invoices/create/", views.create, name="create"),
]
