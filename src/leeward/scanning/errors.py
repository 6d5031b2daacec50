"""What can stop a whole scan; a problem with one file is a row of the output instead."""

from leeward.foundation.errors import LeewardError


class ListRefused(LeewardError):
    """A list of hashes can't be used."""

    code = "list_refused"
    sentence = "The list {name} can't be used: {why}."
    hint = (
        "Nothing was scanned. A list is an index (leeward index), a file of hashes (text or CSV), or a signed snapshot."
    )

    def __init__(self, name: object, why: str) -> None:
        super().__init__(name=name, why=why)


class DriverMissing(LeewardError):
    """An address scheme needs a package that is not installed."""

    code = "driver_missing"
    sentence = "Addresses that begin with {scheme}:// need the package {package}, which is not installed."
    hint = "Install it beside Leeward, for example with: uv pip install {package}"

    def __init__(self, scheme: str, package: str) -> None:
        super().__init__(hint=self.hint.format(package=package), scheme=scheme, package=package)


class SchemeUnknown(LeewardError):
    """An unknown address scheme."""

    code = "scheme_unknown"
    sentence = "Addresses that begin with {scheme}:// can't be opened."
    hint = "Known are file, s3, gs, az, sftp, smb, http and https."

    def __init__(self, scheme: str) -> None:
        super().__init__(scheme=scheme)


class EngineFailed(LeewardError):
    """The processes or the cluster for the scan are unavailable."""

    code = "engine_failed"
    sentence = "The scan can't run: {why}."
    hint = "Nothing is lost: what was finished stands in the output; go on with --resume."

    def __init__(self, why: str) -> None:
        super().__init__(why=why)


class ScanUnfinished(LeewardError):
    """The output belongs to a scan that has not ended, or that was started with other options."""

    code = "scan_unfinished"
    sentence = "{path} belongs to another scan: {why}."
    hint = "Go on with the same sources and lists and --resume, or choose another file for --out."

    def __init__(self, path: object, why: str) -> None:
        super().__init__(path=path, why=why)
