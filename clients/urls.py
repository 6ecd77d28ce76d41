"""/clients/ …"""

from django.urls import path

from clients import views

app_name = "clients"

urlpatterns = [
    path("", views.clients_list, name="list"),
    path("add/", views.add, name="add"),
    path("<int:number>/", views.summary, name="summary"),
    path("<int:number>/balances/", views.balances, name="balances"),
    path("<int:number>/panels/<slug:name>/", views.panel, name="panel"),
    path("<int:number>/profile/", views.profile, name="profile"),
    path("<int:number>/statement/", views.statement, name="statement"),
    path("<int:number>/activity/", views.activity, name="activity"),
]
