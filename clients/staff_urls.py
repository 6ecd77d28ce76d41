"""People of the staff: /settings/staff/ …, their roles, and what they open with a link from a mail."""

from django.urls import path

from clients.views import staff

app_name = "staff"

urlpatterns = [
    path("settings/staff/", staff.people_page, name="list"),
    path("settings/staff/invite/", staff.invite_page, name="invite"),
    path("settings/staff/invitations/<int:invitation_pk>/again/", staff.invite_again_page, name="invite_again"),
    path("settings/staff/invitations/<int:invitation_pk>/withdraw/", staff.withdraw, name="withdraw"),
    path("settings/staff/<int:person_pk>/", staff.person_page, name="person"),
    path("settings/staff/<int:person_pk>/deactivate/", staff.deactivate_page, name="deactivate"),
    path("settings/staff/<int:person_pk>/activate/", staff.activate_page, name="activate"),
    path("settings/staff/<int:person_pk>/reset/", staff.send_reset_page, name="send_reset"),
    path("settings/roles/add/", staff.add_role_page, name="add_role"),
    path("settings/roles/<int:role_pk>/", staff.role_page, name="role"),
    path("settings/roles/<int:role_pk>/delete/", staff.delete_role_page, name="delete_role"),
    path("join/", staff.join, name="join"),
    path("forgotten-password/", staff.forgotten, name="forgotten"),
    path("new-password/", staff.new_password, name="new_password"),
    path("account/e-mail/", staff.own_email, name="own_email"),
    path("account/e-mail/confirm/", staff.confirm_own_email, name="confirm_email"),
    path("account/e-mail/keep/", staff.keep_email, name="keep_email"),
]
