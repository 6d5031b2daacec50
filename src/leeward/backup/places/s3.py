"""An object store that speaks S3: Amazon's, MinIO, Ceph, Garage and others. Keys and endpoint come from boto3's usual variables and files
(`AWS_ACCESS_KEY_ID`, `AWS_SHARED_CREDENTIALS_FILE`, `AWS_ENDPOINT_URL_S3`); nothing of them is stored.

The store takes an object whole or not at all, and checks it against the checksum that is sent along.
"""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, override

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError
from urllib3.exceptions import HTTPError

from leeward.backup.places.face import CHUNKS, MOST_AT_ONCE, MOST_NAMES, Place, shown
from leeward.backup.places.remote import Remote
from leeward.foundation.errors import BadInput
from leeward.foundation.lazy_text import LazyText as _

CONNECT_SECONDS, SILENT_SECONDS, TRIES = 20, 60, 3
_BLOCK = 1 << 20
# That nothing answers, or something else than a store: a proxy, or one that dies in the middle.
_BROKEN = (BotoCoreError, HTTPError, ResponseParserError, ValueError, LookupError)
_MISSING = frozenset({"NoSuchKey", "404", "NotFound"})
_TAKEN = frozenset({"PreconditionFailed", "ConditionalRequestConflict", "412", "409"})


@contextmanager
def connected(address: str) -> Iterator[Place]:
    """Open `s3://bucket/folder`. Raises BadInput, and OSError where nothing can be asked."""
    bucket, _slash, folder = address.partition("://")[2].partition("/")
    if not bucket or "@" in bucket:
        raise BadInput(what=shown(address), why=_("it is not of the form {form}", form="s3://bucket/folder"))
    place = Bucket(bucket, folder.strip("/"))
    try:
        yield place
    finally:
        place.close()


class Bucket(Remote):
    """A folder of a bucket."""

    def __init__(self, bucket: str, folder: str) -> None:
        self.name = f"s3://{bucket}/{folder}".rstrip("/")
        self._bucket, self._before = bucket, f"{folder}/" if folder else ""
        options = Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=SILENT_SECONDS,
            retries={"mode": "standard", "total_max_attempts": TRIES},
        )
        try:
            self._client: Any = boto3.session.Session().client("s3", config=options)
        except (BotoCoreError, ValueError) as error:
            raise self._failed(error) from error

    def close(self) -> None:
        """End the connections."""
        self._client.close()

    @override
    def begin(self) -> None:
        """A bucket isn't made here, and a killed backup leaves nothing."""
        self._asked(self._client.head_bucket)

    @override
    def files(self, folder: str = "") -> Iterator[tuple[str, int]]:
        yield from self._listed(f"{folder}/" if folder else "", delimiter="/")

    @override
    def pieces(self) -> Iterator[tuple[str, int]]:
        for name, size in self._listed(f"{CHUNKS}/"):
            yield name.rpartition("/")[2], size

    @override
    def read(self, path: str, most: int = MOST_AT_ONCE) -> bytes:
        return b"".join(self._blocks(path, most))

    @override
    def write(self, path: str, raw: bytes) -> None:
        self._asked(self._client.put_object, path, Body=raw)

    @override
    def send(self, path: str, source: Path) -> None:
        with source.open("rb") as file:
            self._asked(self._client.put_object, path, Body=file)

    @override
    def fetch(self, path: str, target: Path) -> None:
        with target.open("wb") as file:
            file.writelines(self._blocks(path))

    @override
    def delete(self, path: str) -> None:
        self._asked(self._client.delete_object, path)

    @override
    def _create(self, path: str, raw: bytes) -> bool:
        try:
            self._client.put_object(Bucket=self._bucket, Key=self._before + path, Body=raw, IfNoneMatch="*")
        except ClientError as error:
            if error.response["Error"]["Code"] in _TAKEN:
                return False
            raise self._failed(_answer_of(error)) from error
        except _BROKEN as error:
            raise self._failed(error) from error
        return True

    def _blocks(self, path: str, most: int | None = None) -> Iterator[bytes]:
        """Yield an object block by block; one that ends early or late is a failure."""
        answer, had = self._asked(self._client.get_object, path), 0
        try:
            with closing(answer["Body"]) as body:
                for block in body.iter_chunks(_BLOCK):
                    had += len(block)
                    if most is not None and had > most:
                        raise self._failed(f"{path} is larger than it can be")
                    yield block
        except (BotoCoreError, HTTPError) as error:
            raise self._failed(error) from error

    def _listed(self, folder: str, delimiter: str = "") -> Iterator[tuple[str, int]]:
        before, count = self._before + folder, 0
        more: dict[str, str] = {}
        while True:
            answer = self._asked(self._client.list_objects_v2, Prefix=before, Delimiter=delimiter, **more)
            try:
                some = [(one["Key"].removeprefix(before), int(one["Size"])) for one in answer.get("Contents", ())]
                more = {"ContinuationToken": answer["NextContinuationToken"]} if answer.get("IsTruncated") else {}
            except _BROKEN as error:
                raise self._failed(f"its list of files can't be read ({error})") from error
            yield from some
            count += max(len(some), 1)
            if not more:
                return
            if count > MOST_NAMES:
                raise self._failed("its list of files has no end")

    def _asked(self, ask: Callable[..., Any], path: str | None = None, **more: Any) -> Any:
        if path is not None:
            more["Key"] = self._before + path
        try:
            return ask(Bucket=self._bucket, **more)
        except ClientError as error:
            if path is not None and error.response["Error"]["Code"] in _MISSING:
                raise self._missing(path) from None
            raise self._failed(_answer_of(error)) from error
        except _BROKEN as error:
            raise self._failed(error) from error


def _answer_of(error: ClientError) -> str:
    found = error.response["Error"]
    return f"the server said {found.get('Code', '')}: {found.get('Message') or 'nothing else'}"
