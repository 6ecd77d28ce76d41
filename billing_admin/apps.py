from django.apps import AppConfig


class BillingAdminConfig(AppConfig):
    name = "billing_admin"
    verbose_name = "Billing Admin"
