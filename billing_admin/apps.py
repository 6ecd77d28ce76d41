from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate


class BillingAdminConfig(AppConfig):
    name = "billing_admin"
    verbose_name = "Billing Admin"

    def ready(self) -> None:
        from billing_admin.checks import register_checks
        from billing_admin.db.constraints import validate_constraints
        from billing_admin.db.versions import check_version
        from billing_admin.staff.groups import synchronize_groups
        from billing_admin.staff.sign_in import receivers
        from billing_admin.staff.sign_in.addresses import check_proxies

        post_migrate.connect(synchronize_groups, sender=self, dispatch_uid="synchronize_groups")
        post_migrate.connect(validate_constraints, sender=self, dispatch_uid="validate_constraints")
        receivers.connect()
        checks.register(check_version, checks.Tags.database)
        checks.register(check_proxies, checks.Tags.security, deploy=True)
        register_checks()
