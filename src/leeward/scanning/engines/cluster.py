"""The Dask engine: batches as tasks; each worker opens the lists once, from shared storage or from a copy sent with the
work."""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from queue import Empty, Queue

from distributed import Client, Future, LocalCluster, Worker, WorkerPlugin, get_worker

from leeward.matching.index.journal import journal_path
from leeward.scanning.engines.work import Done, Work, lost, scan_item
from leeward.scanning.errors import EngineFailed
from leeward.scanning.file_matcher import FileMatcher
from leeward.scanning.lists.compiled import ListFiles
from leeward.scanning.lists.folder import PrivateFolder
from leeward.scanning.sources import Item

FIRST_BATCH = 2
MOST_IN_BATCH = 64
BATCH_SECONDS = 0.25
"""How long a batch should take: long enough that scheduling costs little, short enough that workers finish together."""
_BATCHES_EACH_THREAD = 4
_TRIES = 3
_CONNECT_SECONDS = 20
WAIT_SECONDS = 60.0
"""How long a scan waits for a worker if there is none."""
_LOOKERS: dict[tuple[str, str], tuple[FileMatcher, Work]] = {}


@contextmanager
def client_of(scheduler: str | None, processes: int) -> Iterator[Client]:
    """Connect to a scheduler, or start one with processes of this machine. Raises EngineFailed."""
    if scheduler is None:
        cluster = LocalCluster(n_workers=processes, threads_per_worker=1, dashboard_address=None)
        with cluster, Client(cluster, set_as_default=False) as client:
            yield client
        return
    try:
        client = Client(scheduler, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise EngineFailed(f"no scheduler answers at {scheduler}") from error
    with client:
        yield client


def run_cluster(
    items: Iterator[Item],
    work: Work,
    client: Client,
    *,
    roots: tuple[str, ...] = (),
    wait_seconds: float = WAIT_SECONDS,
) -> Iterator[Done]:
    """Yield a Done for every item, in any order; losing a worker only costs time. `roots`: paths that all workers must
    see.

    Raises EngineFailed if no worker comes or stays, or one doesn't see those paths.
    """
    name = f"leeward-{uuid.uuid4().hex}"
    _prepare(client, name, work, roots, wait_seconds)
    try:
        yield from _Batches(client, name, wait_seconds).results(items)
    finally:
        if client.status == "running":
            client.unregister_worker_plugin(name)


class _Batches:
    """The running tasks of one scan."""

    def __init__(self, client: Client, name: str, wait_seconds: float) -> None:
        self._client = client
        self._name = name
        self._wait_seconds = wait_seconds
        self._held: dict[str, tuple[Future, list[Item]]] = {}
        self._ended: Queue[str] = Queue()
        self._size = float(FIRST_BATCH)

    def results(self, items: Iterator[Item]) -> Iterator[Done]:
        room = max(1, sum(self._client.nthreads().values())) * _BATCHES_EACH_THREAD
        while True:
            while len(self._held) < room and (batch := list(islice(items, int(self._size)))):
                self._send(batch)
            if not self._held:
                return
            future, batch = self._held.pop(self._next())
            if future.status == "finished":
                seconds, found = future.result()
                self._learn(seconds / len(batch))
                yield from found
            elif self._client.status != "running":
                raise EngineFailed("the scheduler is gone")
            elif len(batch) > 1:
                for item in batch:
                    self._send([item])
            else:
                yield lost(batch[0], f"no worker could read it ({type(future.exception()).__name__})")

    def _send(self, batch: list[Item]) -> None:
        future = self._client.submit(_scan_batch, self._name, batch, pure=False, retries=_TRIES)
        self._held[future.key] = future, batch
        future.add_done_callback(lambda ended: self._ended.put(ended.key))

    def _learn(self, seconds: float) -> None:
        """Grow batches towards their target time, slowly, since files differ."""
        wanted = BATCH_SECONDS / max(seconds, 1e-6)
        self._size = min(max(self._size * 0.75 + min(wanted, MOST_IN_BATCH) * 0.25, 1.0), MOST_IN_BATCH)

    def _next(self) -> str:
        """Wait for a task to end; raises EngineFailed if no worker is left."""
        while True:
            try:
                return self._ended.get(timeout=self._wait_seconds)
            except Empty:
                if self._client.status != "running" or not self._client.nthreads():
                    raise EngineFailed("all workers are gone") from None


def _prepare(client: Client, name: str, work: Work, roots: tuple[str, ...], wait_seconds: float) -> None:
    try:
        client.wait_for_workers(1, timeout=wait_seconds)
    except TimeoutError as error:
        raise EngineFailed("the scheduler has no workers") from error
    for worker, missing in client.run(_missing, roots).items():
        if missing:
            why = "every worker needs the same folder at the same place, or give a URL"
            raise EngineFailed(f"the worker {worker} does not see {missing[0]}: {why}")
    paths = [_files_of(files) for files in work.lists]
    marks = [(str(path), _mark(path)) for one in paths for path in one]
    is_shared = all(client.run(_sees_same, marks).values())
    content = [] if is_shared else [{path.name: path.read_bytes() for path in one} for one in paths]
    try:
        client.register_plugin(_Lists(name, work, content), name=name)
    except Exception as error:  # anything that a worker raised while it opened the lists
        raise EngineFailed(f"a worker can't open the lists ({error})") from error


def _missing(paths: tuple[str, ...]) -> list[str]:
    return [path for path in paths if not Path(path).exists()]


def _files_of(files: ListFiles) -> list[Path]:
    """Return every file that a list consists of."""
    found = sorted(files.folder.iterdir()) if files.folder is not None else []
    if files.index is not None and files.index not in found:
        found += [path for path in (files.index, journal_path(files.index)) if path.exists()]
    return found


def _mark(path: Path) -> tuple[int, int]:
    facts = path.stat()
    return facts.st_size, facts.st_mtime_ns


def _sees_same(marks: list[tuple[str, tuple[int, int]]]) -> bool:
    try:
        return all(_mark(Path(path)) == mark for path, mark in marks)
    except OSError:
        return False


class _Lists(WorkerPlugin):
    """Opens the lists when a worker joins, however late, and drops them after the scan."""

    def __init__(self, name: str, work: Work, content: list[dict[str, bytes]]) -> None:
        self._name = name
        self._work = work
        self._content = content
        self._folder: PrivateFolder | None = None

    def setup(self, worker: Worker) -> None:
        """Open the lists, from a private copy in memory if their files are not accessible here."""
        work = self._work
        if self._content:
            self._folder = PrivateFolder()
            work = _copied(work, self._content, self._folder.path)
            self._content = []
        _LOOKERS[self._name, worker.address] = work.matcher(), work

    def teardown(self, worker: Worker) -> None:
        """Drop the lists."""
        _LOOKERS.pop((self._name, worker.address), None)
        if self._folder is not None:
            self._folder.remove()


def _copied(work: Work, content: list[dict[str, bytes]], folder: Path) -> Work:
    """Write the files of the lists to a folder of this worker and return the work with paths in that folder."""
    lists = []
    for number, (files, parts) in enumerate(zip(work.lists, content, strict=True)):
        place = folder / str(number)
        place.mkdir()
        for name, data in parts.items():
            (place / name).write_bytes(data)
        lists.append(files.moved_to(place))
    return replace(work, lists=tuple(lists))


def _scan_batch(name: str, batch: list[Item]) -> tuple[float, list[Done]]:
    """Examine the items; also return how long that took."""
    started = time.perf_counter()
    matcher, work = _LOOKERS[name, get_worker().address]
    found = [scan_item(matcher, item, only_matches=work.only_matches) for item in batch]
    return time.perf_counter() - started, found
