"""/invoices/ … and the invoices of one client."""

from django.urls import path

from invoices import views

app_name = "invoices"

urlpatterns = [
    path("invoices/", views.invoices_list, name="list"),
    path("invoices/<int:pk>/", views.detail, name="detail"),
    path("invoices/<int:pk>/cancel/", views.cancel, name="cancel"),
    path("invoices/<int:pk>/issue/", views.issue, name="issue"),
    path("clients/<int:number>/invoices/", views.of_client, name="of_client"),
    path("clients/<int:number>/invoices/create/", views.create, name="create"),
]
