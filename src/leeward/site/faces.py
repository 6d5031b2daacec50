"""The faces of the installation: which pages a process answers, and what each request passes on its way to them.

A process is one face (`LEEWARD_FACE`) or all of them. The names are used before Django is set up: nothing is imported here.
"""

from dataclasses import dataclass

PUBLIC, DESK, API = "public", "desk", "api"
NAMES = (PUBLIC, DESK, API)

# Nobody signs in on the public pages or by a link: no session, no account and no cookie is ever looked at there.
_PLAIN = (
    "django.middleware.security.SecurityMiddleware",
    "leeward.web.middleware.Compressed",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "leeward.web.middleware.PageHeaders",
    "leeward.web.middleware.Flooded",
    "leeward.web.middleware.WithoutNul",
    "leeward.web.middleware.LanguageFromPath",
    "leeward.web.middleware.BodyLimit",
    "django.middleware.common.CommonMiddleware",
    "leeward.web.middleware.Refusals",
)
_FOR_STAFF = (
    *_PLAIN[:8],
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "leeward.web.middleware.CsrfOfTheDesk",
    "leeward.web.middleware.CardsOfTheDesk",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "leeward.web.middleware.Refusals",
)


@dataclass(frozen=True, slots=True)
class Face:
    """A table of addresses, and the middleware that requests to them pass."""

    urls: str
    middleware: tuple[str, ...]

    @property
    def has_sign_in(self) -> bool:
        """Return whether staff can sign in here. Where nobody can, nobody reads words, and no key opens them."""
        return self.middleware is _FOR_STAFF


FACES = {
    PUBLIC: Face("leeward.site.urls.public", ("leeward.web.middleware.TypedIsForgotten", *_PLAIN)),
    DESK: Face("leeward.site.urls.desk", _FOR_STAFF),
    API: Face("leeward.site.urls.api", _PLAIN),
    "": Face("leeward.site.urls.whole", _FOR_STAFF),
}
