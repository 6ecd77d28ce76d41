"""/transactions/ …"""

from django.urls import path

from transactions import views

app_name = "transactions"

urlpatterns = [
    path("invoices/<int:pk>/payments/record/", views.record, name="record"),
]
