"""/clients/<number>/credits/ …"""

from django.urls import path

from credits import views

app_name = "credits"

urlpatterns = [
    path("", views.of_client, name="of_client"),
    path("manage/", views.manage, name="manage"),
    path("balance/", views.adjust, name="adjust"),
]
