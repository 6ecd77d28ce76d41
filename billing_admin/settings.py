"""Settings of Billing Admin, all of them readable from the environment.

Without any environment the project runs on one machine with its own embedded PostgreSQL: see
`billing_admin/embedded_database/`. In production set DATABASE_URL, DJANGO_SECRET_KEY and DJANGO_ALLOWED_HOSTS.
"""

import sys
from pathlib import Path
from typing import Any

import dj_database_url
from django.utils.csp import CSP

from billing_admin.db.connections import Connection
from billing_admin.embedded_database import database_url, local_secret_key
from billing_admin.environment import (
    database,
    flag,
    listed,
    networks,
    number,
    one_of,
    text,
    time_zone,
    web_addresses,
)
from billing_admin.mail.mailer_url import read_mailer_url
from billing_admin.money.currencies import CURRENCIES as MINOR_UNITS

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(text("BILLING_DATA_DIR", str(BASE_DIR / ".data")))

DEBUG = flag("DJANGO_DEBUG")
SECRET_KEY = text("DJANGO_SECRET_KEY") or local_secret_key(DATA_DIR)
# The keys of before, where it was changed: what is sealed with them, as second factors, is still read.
SECRET_KEY_FALLBACKS = listed("DJANGO_SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = listed("DJANGO_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
# Where browsers find this installation, for links in mail: never by what a request says of itself.
PUBLIC_URL = next(iter(web_addresses("BILLING_URL")), "")
CSRF_TRUSTED_ORIGINS = web_addresses("DJANGO_CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "billing_admin",
    "clients",
    "invoices",
    "transactions",
    "credits",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "lucide",
    "pgtrigger",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "billing_admin.web.answers.IsolateAnswers",
    "billing_admin.web.probes.ProbesMiddleware",
    "billing_admin.watching.scrape.MetricsMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "billing_admin.web.requests.RequestsMiddleware",
    "billing_admin.web.answers.CompressText",
    "billing_admin.web.answers.KeepOutOfCaches",
    "billing_admin.web.bodies.BodiesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "billing_admin.web.limits.LimitsMiddleware",
    "billing_admin.web.replica.WrittenMiddleware",
    "billing_admin.staff.sign_in.middleware.SignInMiddleware",
]

ROOT_URLCONF = "billing_admin.urls"
WSGI_APPLICATION = "billing_admin.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["billing_admin.templatetags.addresses"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

FORM_RENDERER = "billing_admin.web.form_renderer.FormRenderer"

# What changes tables is done by the role that owns them, all else by one that cannot: docs/database-roles.md.
AS_OWNER = not {"migrate", "load_demo", "make_database_roles", "restore"}.isdisjoint(sys.argv[1:2])


def _server(url: str, *, timeout: int) -> dict[str, Any]:
    """How a server is reached; where no connection of its pool is free for these seconds, that is an outage.

    The pool hands a broken connection to nobody: a restart of the database then fails no request. After an outage it
    does not wait longer and longer before it tries again: what fails for a second is given up, and the next request
    tries. Behind a pooler that hands out connections by transaction a cursor of the server's is gone when it is read.
    """
    found: dict[str, Any] = {**dj_database_url.parse(url, conn_max_age=0, conn_health_checks=True)}
    pool = {"min_size": 1, "max_size": 8, "timeout": timeout, "reconnect_timeout": 1, "connection_class": Connection}
    options = {**found.get("OPTIONS", {}), "pool": pool}
    return {**found, "OPTIONS": options, "ATOMIC_REQUESTS": False, "DISABLE_SERVER_SIDE_CURSORS": True}


DATABASES = {"default": _server(database_url(DATA_DIR, owner=AS_OWNER), timeout=3)}
# Where lists and reports may be read from: docs/decisions/0026.
if text("DATABASE_REPLICA_URL"):
    DATABASES["replica"] = _server(database("DATABASE_REPLICA_URL", ""), timeout=1)
# The same past a pooler, for backups; the embedded server has none in front.
DATABASE_DIRECT_URL = database("DATABASE_DIRECT_URL", "") if text("DATABASE_DIRECT_URL") else ""
# Where “daily” puts a backup, and how many are kept there; nowhere where it is not set.
BACKUP_DIR = text("BILLING_BACKUP_DIR")
BACKUPS_KEPT = number("BILLING_BACKUPS_KEPT", 7, least=1)
# So many requests a process of the web server answers at once; half of them may wait for locks or hash passwords.
REQUEST_THREADS = number("BILLING_REQUEST_THREADS", 4, least=1)

# What queue workers do stands here; nobody else loads it before a job is put into the queue.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
PROCRASTINATE_IMPORT_PATHS = [
    "clients.tasks", "invoices.tasks", "transactions.tasks", "credits.tasks",
    "clients.rows_actions", "invoices.rows_actions", "transactions.rows_actions",
    "clients.lists", "invoices.lists", "transactions.lists", "credits.lists",  # whose files a worker makes
]  # fmt: skip

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "invoices.selectors.passwords.CompanyNameValidator"},
]
PASSWORD_HASHERS = ["billing_admin.staff.sign_in.hashing.BoundedHasher"]
PASSWORD_RESET_TIMEOUT = 60 * 60  # seconds
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
SESSION_ENGINE = "billing_admin.staff.sign_in.session_store"  # says when a session ends
SESSION_COOKIE_AGE = 7 * 24 * 60 * 60

# Second factors by allauth; all else of it is switched off. Who may try how often: billing_admin/staff/sign_in.
ACCOUNT_ADAPTER = "billing_admin.staff.sign_in.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = False
MFA_ADAPTER = "billing_admin.staff.sign_in.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "billing_admin.staff.sign_in.forms.CodeForm",
    "activate_totp": "billing_admin.staff.sign_in.forms.AddAppForm",
    "add_webauthn": "billing_admin.staff.sign_in.forms.AddPasskeyForm",
    "authenticate_webauthn": "billing_admin.staff.sign_in.forms.PasskeyForm",
    "edit_webauthn": "billing_admin.staff.sign_in.forms.RenamePasskeyForm",
    "login_webauthn": "billing_admin.staff.sign_in.forms.SignInPasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_RATE_LIMITS = False
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Billing Admin"
# What X-Forwarded-For says counts only from these addresses or networks.
TRUSTED_PROXIES = networks("BILLING_TRUSTED_PROXIES")

# How often one person may search in a minute, save files in an hour and look at reports in a minute: what costs much.
# The box on every page asks at each letter. 0: as often as they like.
_SEARCHES = number("BILLING_SEARCHES_PER_MINUTE", 60)
RATES = {
    "search": _SEARCHES,
    "search box": 5 * _SEARCHES,
    "file": number("BILLING_FILES_PER_HOUR", 30),
    "report": number("BILLING_REPORTS_PER_MINUTE", 60),
}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = time_zone("BILLING_TIME_ZONE", "UTC")
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / ".static"
WHITENOISE_ALLOW_ALL_ORIGINS = False  # ours alone
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Today's ISO 4217 codes, so that no form offers a dead currency.
CURRENCIES = tuple(MINOR_UNITS)

# Not in ISO 3166, but what banks, the post and the EU write.
COUNTRIES_OVERRIDE = {"XK": "Kosovo"}

# Strict from the first day: no inline script or style, nothing from another host.
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

# BILLING_HTTPS=1 where TLS ends at a proxy in front; the demo on localhost speaks plain HTTP.
HTTPS = flag("BILLING_HTTPS")
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = ["^mail/events/$"]  # for no person: it refuses what comes in the clear
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
# Only who runs a whole domain can promise for it to the makers of browsers, and they forget late: not unless asked for.
SECURE_HSTS_PRELOAD = HTTPS and flag("BILLING_HSTS_PRELOAD")
SILENCED_SYSTEM_CHECKS = ["security.W021"]  # that it is off
# Names that a browser takes from this host alone, over HTTPS.
SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None

# How mail leaves: EMAIL_URL, in docs/deploy.md. Without it, it is kept in a mailbox that a page shows.
_MAIL = read_mailer_url(text("EMAIL_URL"))
MAILERS = _MAIL.mailers
MAIL_PROVIDER = _MAIL.provider  # "" is the mailbox
# A provider tells what became of mail with this user and password; without them it is not listened to.
ANYMAIL = dict(_MAIL.anymail)

# Who shows this may read the metrics; without it there are none, and nothing is counted.
METRICS_TOKEN = text("BILLING_METRICS_TOKEN")

# The second place of the daily sign-offs of activity, beside the log: a file that they are added to, and an address.
# From here alone, so that nobody who may change settings on a page puts them elsewhere.
AUDIT_FILE = text("BILLING_AUDIT_FILE")
AUDIT_MAIL = text("BILLING_AUDIT_MAIL")

# What went wrong goes to the terminal, also where DEBUG is off and nobody is mailed: in lines for people, or as JSON
# for a program that collects them, and then each request is a line.
LOG = one_of("BILLING_LOG", "plain", "json")
_ALL_OR_SLOW = "INFO" if LOG == "json" else "WARNING"
_FORMATTERS = {
    "plain": {
        "()": "billing_admin.web.log.PlainFormatter",
        "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
    },
    "json": {"()": "billing_admin.web.json_log.JsonFormatter"},
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {LOG: _FORMATTERS[LOG]},
    "filters": {"plain_refusals": {"()": "billing_admin.web.log.PlainRefusals"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG, "filters": ["plain_refusals"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # What the pool warns of is said of each request that it concerns.
    "loggers": {
        "psycopg.pool": {"level": "ERROR"},
        # Each sign-in is one line, whether it went well or not.
        "billing_admin.sign_in": {"level": "INFO"},
        "billing_admin.audit": {"level": "INFO"},
        "billing_admin.commands": {"level": "INFO"},
        "billing_admin.requests": {"level": _ALL_OR_SLOW},
        "billing_admin.statements": {"level": _ALL_OR_SLOW},
        "_granian": {"level": "WARNING"},  # the web server, which is given all this
    },
}
