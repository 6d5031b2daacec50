"""Django's settings, made from `config.Config`; nothing else reads the environment."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from django.conf.locale import LANG_INFO
from django.utils.translation import gettext_lazy as _

from leeward.foundation.database_address import read_address
from leeward.languages import catalogues
from leeward.site import own_file
from leeward.site.apart.guarded import Guarded
from leeward.site.config import read_config
from leeward.site.faces import FACES, PUBLIC
from leeward.site.logging import logging_config
from leeward.site.private import be_private

be_private()
LEEWARD = read_config()
FACE = FACES[LEEWARD.face]

# The public face never has the installation’s secret; Django signs nothing there.
SECRET_KEY = LEEWARD.public_bytes.hex() if LEEWARD.face == PUBLIC else LEEWARD.secret_bytes.decode()
DEBUG = False
_base = urlsplit(LEEWARD.base_url)
ALLOWED_HOSTS = [_base.hostname or "localhost", "127.0.0.1", "localhost", "[::1]", *LEEWARD.hosts]
CSRF_TRUSTED_ORIGINS = [LEEWARD.base_url]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "leeward.web",
    "leeward.people",  # before allauth, whose templates it overrides
    "allauth",
    "allauth.account" if FACE.has_sign_in else "leeward.people.sign_in.tables_only.AccountTables",
    "allauth.mfa",
    "django_htmx",
    "leeward.audit",
    "leeward.sealing",
    "leeward.spool",
    "leeward.backup",
    "leeward.jobs",
    "leeward.web_security",
    "leeward.installation",
    "leeward.languages",
    "leeward.laws",
    "leeward.payments",
    "leeward.hosting",
    "leeward.monitoring",
    "leeward.witnessing",
    "leeward.awareness",
    "leeward.capacity",
    "leeward.notices",
    "leeward.blocklist",
    "leeward.blocklist.publishing",
    "leeward.hashbank",
    "leeward.intake",
    "leeward.clocks",
    "leeward.exchange",
    "leeward.oncall",
    "leeward.tips",
    "leeward.providers",
    "leeward.casework",
    "leeward.casework.quality",
    "leeward.outputs",
    "leeward.indicators",
    "leeward.national",
    "leeward.administration",
    "leeward.site",
]
MIDDLEWARE = list(FACE.middleware)
ROOT_URLCONF = FACE.urls
WSGI_APPLICATION = "leeward.site.wsgi.application"
APPEND_SLASH = False
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [("django.template.loaders.cached.Loader", ["leeward.web.templating.loaders.LeanLoader"])],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "leeward.web.templating.context.page",
                "leeward.site.context.alarms",
            ],
        },
    }
]


def _sqlite(path: Path, seconds: int = 30, **options: object) -> dict[str, object]:
    os.environ["SQLITE_TMPDIR"] = str(LEEWARD.data_dir)  # its temporary files stay with the data
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "TEST": {"NAME": LEEWARD.data_dir / "test.sqlite3"},  # a file, so that threads contend as in production
        "CONN_MAX_AGE": 600,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": seconds,
            "init_command": f"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout={seconds * 1000}; PRAGMA cache_size=-32000; "
            "PRAGMA journal_size_limit=67108864; PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY;",
            **options,
        },
    }


def _database(url: str) -> dict[str, object]:
    if not url:
        return _sqlite(LEEWARD.data_dir / own_file.NAME, factory=own_file.OwnFile)
    address = read_address(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": address.name,
        "USER": address.user,
        "PASSWORD": address.password,
        "HOST": address.host,
        "PORT": address.port,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        # A server that went away without a word is noticed within a minute; the system's own limits are a quarter of an hour and more.
        "OPTIONS": {
            "tcp_user_timeout": 30_000,
            "keepalives_idle": 30,
            "keepalives_interval": 10,
            "keepalives_count": 3,
            **dict(address.parameters),
        },
    }


DATABASES = {"default": _database(LEEWARD.database_url)}
if LEEWARD.public_file is not None:  # in the public face's process it is the database, and there is no other
    if LEEWARD.face == PUBLIC:
        DATABASES["default"] = _sqlite(LEEWARD.public_file, factory=Guarded)
    else:  # whoever has taken that face over can keep it locked: the desk doesn’t wait for long
        # Nor does anybody keep it open for long: another file may be put in its place.
        DATABASES["public"] = _sqlite(LEEWARD.public_file, 3, factory=Guarded) | {"CONN_MAX_AGE": 10}
SILENCED_SYSTEM_CHECKS = ["fields.E180"]  # no JSON in SQLite: it says that only of a database that somebody has locked
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# -- people ---------------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "/desk/account/login/"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "/desk/account/login/"
ACCOUNT_ADAPTER = "leeward.people.sign_in.adapters.StaffAccounts"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
# Attempts are counted by people/sign_in/attempts.py, which knows devices and works across processes.
ACCOUNT_RATE_LIMITS = {"login": "", "login_failed": ""}
MFA_ADAPTER = "leeward.people.sign_in.adapters.StaffFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Leeward"
MFA_TOTP_TOLERANCE = 1  # phones' clocks are up to one step of 30 seconds off
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LEEWARD.demonstration

# Staff cookies are never sent to the public pages: their path is the desk's.
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = "/desk"
SESSION_COOKIE_AGE = 9 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _base.scheme == "https"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "leeward.web.views.forged"
if LEEWARD.behind_proxy:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000 if _base.scheme == "https" else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# -- words ----------------------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", _("English")),
    ("bn", _("Bengali")),
    ("fr", _("French")),
    ("hi", _("Hindi")),
    ("ms", _("Malay")),
    ("pt", _("Portuguese")),
    ("sm", _("Samoan")),
    ("sw", _("Swahili")),
    ("to", _("Tongan")),
    ("ur", _("Urdu")),
]
# Django doesn't know these two.
LANG_INFO.update(
    {
        "sm": {"bidi": False, "code": "sm", "name": "Samoan", "name_local": "Gagana Samoa"},
        "to": {"bidi": False, "code": "to", "name": "Tongan", "name_local": "Lea faka-Tonga"},
    }
)
# Texts reviewed here take precedence over the shipped catalogues.
LOCALE_PATHS = [
    *catalogues.whole(LEEWARD.data_dir / catalogues.FOLDER),
    *(path for path in (Path(__file__).parents[3] / "locale", Path(__file__).parents[1] / "locale") if path.is_dir()),
]
USE_I18N = True
FORMAT_MODULE_PATH = "leeward.languages.formats"
USE_TZ = True
TIME_ZONE = "UTC"

# -- pages ----------------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = None  # files are served from where they are installed
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "leeward.web.static_files.HashedNames",
]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "leeward.web.static_files.HashedStorage"},
}
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
MAILERS = {"default": {"BACKEND": "leeward.people.sign_in.adapters.NoDjangoMail"}}

LOGGING = logging_config()
LOGGING_CONFIG = "logging.config.dictConfig"
