"""Why something about a certificate is refused."""

from django.utils.translation import gettext_lazy as _

from leeward.foundation.errors import LeewardError


class CertificateGiven(LeewardError):
    """There is a valid certificate for it."""

    code = "certificate_given"
    sentence = _("There is a certificate for it that has not been revoked.")
    hint = _("Nothing was changed.")
    status = 409


class CertificateRevoked(LeewardError):
    """The certificate was revoked already."""

    code = "certificate_revoked"
    sentence = _("This certificate has been revoked already.")
    hint = _("Nothing was changed.")
    status = 409


class RevocationNotAsked(LeewardError):
    """Nobody asked to revoke the certificate."""

    code = "revocation_not_asked"
    sentence = _("Nobody has asked to revoke this certificate, or the request was withdrawn.")
    hint = _("Nothing was changed.")
    status = 409


class CertificateKeyUnusable(LeewardError):
    """The key is encrypted with another secret."""

    code = "certificate_key_unusable"
    sentence = _("The key that signs certificates can’t be read: it was stored with another secret.")
    hint = _("An administrator replaces it under Certificates.")
    status = 503


class TooManyNumbers(LeewardError):
    """Too many numbers were tried."""

    code = "too_many_tries"
    sentence = _("Too many certificates were asked for from your network.")
    hint = _("Wait a minute and try again.")
    status = 429
