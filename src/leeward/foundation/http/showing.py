"""Shows a certificate of ours to servers that ask for one, without a file that others could read."""

import os
import ssl


def showing(certificate: str) -> ssl.SSLContext:
    """Return a TLS context that shows a certificate; PEM of the certificate, those above it, and its unencrypted key.

    Raises ValueError if it isn't that. OpenSSL reads files only: it gets one in memory that has no name.
    """
    context = ssl.create_default_context()
    held = os.memfd_create("certificate", os.MFD_CLOEXEC)
    try:
        with open(held, "wb", closefd=False) as file:
            file.write(certificate.encode())
        context.load_cert_chain(f"/proc/self/fd/{held}", password=_no_password)
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        raise ValueError("the certificate and its key don't belong together, or can't be read") from error
    finally:
        os.close(held)
    return context


def _no_password() -> bytes:
    """Stand in for the question at the terminal that OpenSSL would ask."""
    raise ValueError("the key is encrypted")
