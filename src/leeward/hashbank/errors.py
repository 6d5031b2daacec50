"""What can stand in the way in the hash bank."""

from django.utils.translation import gettext_lazy as _

from leeward.ground.errors import LeewardError


class NoHash(LeewardError):
    """A record needs a hash by which it can be found again."""

    code = "no_hash"
    sentence = _("There is no usable hash, so nothing could be found again by it.")
    hint = _("Pictures with too little in them have no usable picture hash; give a SHA-256.")


class HashesDisagree(LeewardError):
    """Equal in one kind of hash, different in another: these are two files."""

    code = "hashes_disagree"
    sentence = _("The hashes are those of two different files: {kind} differs from record {record}.")
    hint = _("Compute all hashes of the file again; somebody may have made two files with one MD5.")
    status = 409


class AlreadySettled(LeewardError):
    """Somebody has settled it before."""

    code = "already_settled"
    sentence = _("Somebody has settled this before.")
    hint = _("Look at the list again.")
    status = 409


class SignatureRefused(LeewardError):
    """A file is not what was signed, or was signed by somebody else."""

    code = "signature_refused"
    sentence = _("The signature of {path} is refused: {why}.")
    hint = _("Fetch the file again from whoever made it, and ask them for their key.")
