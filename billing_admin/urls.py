"""Every URL of the product."""

from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, URLResolver, include, path

# Each `rows_actions` registers what is done with many rows of the lists of its app.
import clients.rows_actions  # noqa: F401
import invoices.rows_actions  # noqa: F401
import transactions.rows_actions  # noqa: F401
from billing_admin.guide.views import guide
from billing_admin.home.views import home, reports, settings
from billing_admin.listing import results
from billing_admin.listing import views as list_views
from billing_admin.listing.acting_page import act
from billing_admin.search.views import search
from billing_admin.staff.sign_in import security
from billing_admin.staff.sign_in.views import code, passkey, sign_in, signed_in
from billing_admin.staff.views import roles
from billing_admin.web.needs import open_to_all
from clients.views import activity, activity_row, approvals, custom_fields, limits, system_import
from clients.views.documents import document_settings
from clients.views.staff import second_factor_page

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("reports/", reports, name="reports"),
    path("search/", search, name="search"),
    path("activity/", activity, name="activity"),
    path("activity/<int:activity_pk>/", activity_row, name="activity_row"),
    path("files/<int:job_pk>/", list_views.saved_file, name="saved_file"),
    path("lists/<slug:listed>/save/", list_views.save, name="save_view"),
    path("lists/<slug:listed>/views/", list_views.views, name="saved_views"),
    path("lists/<slug:listed>/columns/", list_views.columns, name="choose_columns"),
    path("lists/<slug:listed>/act/<slug:doing>/", act, name="act_on_rows"),
    path("acted/", results.acted_before, name="acted_before"),
    path("acted/<int:job_pk>/", results.acted, name="acted"),
    path("settings/", settings, name="settings"),
    path("guide/", guide, name="guide"),
    path("guide/<slug:page>/", guide, name="guide_page"),
    path("settings/imports/", system_import.imports, name="system_imports"),
    path("settings/imports/<int:import_pk>/", system_import.system_import, name="system_import"),
    path("settings/imports/<int:import_pk>/decide/", system_import.decide_import, name="decide_import"),
    path("settings/imports/<int:import_pk>/rows/<slug:kind>/", system_import.import_rows, name="system_import_rows"),
    path("settings/imports/<int:import_pk>/book/", system_import.commit_import, name="commit_import"),
    path("settings/imports/<int:import_pk>/discard/", system_import.discard_import, name="discard_import"),
    path("settings/imports/<int:import_pk>/receipt/", system_import.receipt, name="system_import_receipt"),
    path("settings/imports/<int:import_pk>/receipt.json", system_import.receipt_json, name="system_import_json"),
    path("settings/imports/<int:import_pk>/switch/", system_import.switch_import, name="switch_import"),
    path("settings/fields/", custom_fields.custom_fields, name="custom_fields"),
    path("settings/fields/add/", custom_fields.add, name="add_custom_field"),
    path("settings/fields/<int:field_pk>/", custom_fields.edit, name="edit_custom_field"),
    path("settings/files/", document_settings, name="document_settings"),
    path("settings/roles/", roles, name="roles"),
    path("settings/limits/", limits.limits, name="limits"),
    path("settings/limits/roles/<int:role_pk>/", limits.of_role, name="limits_of_role"),
    path("settings/limits/people/<int:person_pk>/", limits.of_person, name="limits_of_person"),
    path("settings/roles/<int:group_pk>/second-factor/", second_factor_page, name="require_second_factor"),
    # These names are those by which allauth finds its way.
    path("sign-in/", sign_in, name="account_login"),
    path("sign-in/code/", code, name="mfa_authenticate"),
    path("sign-in/passkey/", passkey, name="mfa_login_webauthn"),
    path("account/", security.security, name="mfa_index"),
    path("account/password/", security.change_password, name="account_change_password"),
    path("account/sessions/<int:session_pk>/end/", security.end_session, name="end_session"),
    path("account/sessions/end-others/", security.end_other_sessions, name="end_other_sessions"),
    path("account/app/add/", security.add_app, name="mfa_activate_totp"),
    path("account/app/remove/", security.remove_app, name="mfa_deactivate_totp"),
    path("account/passkeys/add/", security.add_passkey, name="mfa_add_webauthn"),
    path("account/passkeys/<int:pk>/rename/", security.rename_passkey, name="mfa_edit_webauthn"),
    path("account/passkeys/<int:pk>/remove/", security.remove_passkey, name="mfa_remove_webauthn"),
    path("account/recovery-codes/", security.recovery_codes, name="mfa_view_recovery_codes"),
    path("account/recovery-codes/new/", security.new_recovery_codes, name="mfa_generate_recovery_codes"),
    path("signed-in/", signed_in, name="signed_in"),
    path("sign-out/", open_to_all(LogoutView.as_view()), name="sign_out"),
    path("approvals/", approvals.approvals, name="approvals"),
    path("approvals/<int:request_pk>/", approvals.approval, name="approval"),
    path("approvals/<int:request_pk>/decide/", approvals.decide, name="decide_approval"),
    path("approvals/<int:request_pk>/withdraw/", approvals.withdraw, name="withdraw_approval"),
    path("clients/", include("clients.urls")),
    path("", include("clients.mail_urls")),
    path("", include("clients.staff_urls")),
    path("", include("credits.urls")),
    path("", include("invoices.urls")),
    path("", include("transactions.urls")),
]

handler400 = "billing_admin.web.error_pages.bad_request"
handler403 = "billing_admin.web.error_pages.forbidden"
handler404 = "billing_admin.web.error_pages.not_found"
handler500 = "billing_admin.web.error_pages.server_error"
