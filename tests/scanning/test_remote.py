"""Addresses of other machines, each against a server on loopback: SFTP, Google's and Azure's stores; names that are hard to write."""

import base64
import os
import socket
import threading

import paramiko
import pytest

from leeward.scanning.sources import Since, items_of, urls
from leeward.scanning.sources.urls import url_items
from tests.scanning.material import by_place, command, jpeg, list_of, looked, md5, png, rows_of
from tests.scanning.servers.azure import blob_server
from tests.scanning.servers.sftp import sftp_server
from tests.scanning.test_archives import zip_of
from tests.scanning.test_urls import store

__all__ = ["store"]
os.environ["GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT"] = (
    "false"  # gcsfs reads it once; else it asks by gRPC what no emulator answers
)
FILES = {
    "in/0.jpg": jpeg(0),
    "in/deep/1.jpg": jpeg(1),
    "in/deep/a.zip": zip_of({"2.png": png(2)}),
    "in/empty": b"",
    "in/a@b/ä #.jpg": jpeg(4),
    "other/3.jpg": jpeg(3),
}
KNOWN = [f"md5:{md5(data)}" for data in (jpeg(1), png(2), jpeg(3), jpeg(4))]
FOUND = {("1.jpg",), ("a.zip", "2.png"), ("ä #.jpg",)}


def matched(rows):
    return {place for place, row in by_place(rows).items() if row["matches"]}


@pytest.fixture(scope="module")
def host_key():
    return paramiko.RSAKey.generate(2048)


@pytest.fixture
def ssh(tmp_path, monkeypatch, host_key):
    """A server with the files, whose key this home knows; its address without a password."""
    root, home = tmp_path / "root", tmp_path / "home"
    for name, data in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    (home / ".ssh").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    with sftp_server(root, host_key) as port:
        known = f"[127.0.0.1]:{port} {host_key.get_name()} {host_key.get_base64()}\n"
        (home / ".ssh" / "known_hosts").write_text(known)
        yield f"127.0.0.1:{port}"


@pytest.mark.slow
def test_a_server_by_sftp(ssh, tmp_path):
    url = f"sftp://officer:p%40ss%3A1@{ssh}"
    known, out = list_of(tmp_path / "known.txt", *KNOWN), tmp_path / "rows.jsonl"
    asked = (f"{url}/in", f"{url}/other/3.jpg", f"{url}/nowhere", "--list", known, "--out", out, "--processes", "1")
    ran = command(*asked)
    assert ran.returncode == 1, ran.stderr
    rows = by_place(rows_of(out.read_bytes()))
    assert {place for place, row in rows.items() if row["matches"]} == FOUND | {("3.jpg",)}
    assert rows["1.jpg",]["path"] == f"sftp://officer:***@{ssh}/in/deep/1.jpg"
    assert (rows["empty",]["size"], rows["empty",]["error"]) == (0, None)
    assert rows["nowhere",]["error"] == "there is no such file"
    assert b"p%40ss" not in out.read_bytes() + ran.stderr
    (tmp_path / "root" / "in" / "0.jpg").write_bytes(jpeg(1) + b" ")
    command(*asked, "--resume")
    assert [row["path"].rpartition("/")[2] for row in rows_of(out.read_bytes())[len(rows) :]] == ["0.jpg"]


def test_a_large_file_is_read_piece_by_piece(ssh, tmp_path, monkeypatch):
    monkeypatch.setattr(urls, "_NEAR_BYTES", 0)
    rows = looked(tmp_path, f"sftp://officer:p@ss:1@{ssh}/in", *KNOWN)
    assert [row["error"] for row in rows] == [None] * 6
    assert matched(rows) == FOUND
    assert by_place(rows)["a.zip",]["kind"] == "zip"


def test_what_is_no_file_on_a_server_is_told_and_not_opened(ssh, tmp_path):
    folder = tmp_path / "root" / "other"
    os.mkfifo(folder / "pipe")
    (folder / "here").symlink_to(".")
    (folder / "why?.jpg").write_bytes(jpeg(1))
    with open(os.fsencode(folder) + b"/caf\xe9.jpg", "wb") as stream:
        stream.write(jpeg(1))
    rows = by_place(looked(tmp_path, f"sftp://officer:p@ss:1@{ssh}/other", *KNOWN))
    assert rows["pipe",]["error"] == "it is a pipe, not a file"
    assert (rows["here",]["kind"], rows["here",]["error"]) == ("link", None)
    assert rows["why?.jpg",]["matches"]
    assert rows["caf\\xe9.jpg",]["matches"]
    assert base64.b64decode(rows["caf\\xe9.jpg",]["path_base64"]).endswith(b"/other/caf\xe9.jpg")


def test_a_server_whose_key_is_not_known_gets_no_password(ssh, tmp_path, host_key):
    known_hosts = tmp_path / "home" / ".ssh" / "known_hosts"
    good = known_hosts.read_text()
    known_hosts.write_text("")
    (row,) = looked(tmp_path, f"sftp://officer:p@ss:1@{ssh}/in")
    assert "is not among the known ones" in row["error"]
    assert host_key.fingerprint in row["error"]
    other = paramiko.RSAKey.generate(2048)
    known_hosts.write_text(good.replace(host_key.get_base64(), other.get_base64()))
    (row,) = looked(tmp_path, f"sftp://officer:p@ss:1@{ssh}/in")
    assert "does not match" in row["error"]


@pytest.mark.parametrize(
    ("server", "said"),
    [("officer:wrong@{}", "Authentication failed"), ("officer@127.0.0.1:9", "Unable to connect"), ("h:x", "Port")],
)
def test_a_server_that_lets_nobody_in_is_a_row(ssh, tmp_path, server, said):
    (row,) = looked(tmp_path, f"sftp://{server.format(ssh)}/in")
    assert said.lower() in row["error"].lower()


def test_a_connection_that_broke_is_made_anew(ssh, tmp_path):
    url = f"sftp://officer:p@ss:1@{ssh}/other"
    assert matched(looked(tmp_path, url, *KNOWN)) == {("3.jpg",)}
    for thread in threading.enumerate():
        if isinstance(thread, paramiko.Transport):
            thread.close()
    assert matched(looked(tmp_path, url, *KNOWN)) == {("3.jpg",)}


@pytest.fixture
def google(monkeypatch):
    import gcsfs  # takes seconds, which workers with other tests are spared
    from gcp_storage_emulator.server import create_server

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", f"http://127.0.0.1:{port}")
    server = create_server("127.0.0.1", port, in_memory=True, default_bucket="storage")
    server.start()
    gcsfs.GCSFileSystem.clear_instance_cache()
    system = gcsfs.GCSFileSystem(token="anon")
    for name, data in FILES.items():
        system.pipe_file(f"storage/{name}", data)
    yield
    server.stop()
    gcsfs.GCSFileSystem.clear_instance_cache()


def test_a_bucket_of_google_s(google, tmp_path, monkeypatch):
    rows = looked(tmp_path, "gs://storage/in", *KNOWN)
    assert matched(rows) == FOUND
    assert by_place(rows)["1.jpg",]["path"] == "gs://storage/in/deep/1.jpg"
    assert len(rows) == 6
    assert matched(looked(tmp_path, "gs://storage/other/3.jpg", *KNOWN)) == {("3.jpg",)}
    (item,) = items_of("gs://storage/other/3.jpg", Since(0.0))
    assert (item.size, item.modified is not None, bool(item.version)) == (len(jpeg(3)), True, True)
    monkeypatch.setattr(urls, "_NEAR_BYTES", 0)  # read piece by piece, as large ones are
    assert matched(looked(tmp_path, "gs://storage/in", *KNOWN)) == FOUND
    (row,) = looked(tmp_path, "gs://nowhere/in")
    assert row["error"] == "there is no such file"


@pytest.fixture
def azure(monkeypatch):
    with blob_server({f"storage/{name}": data for name, data in FILES.items()}) as connection:
        monkeypatch.setenv("AZURE_STORAGE_CONNECTION_STRING", connection)
        yield


@pytest.mark.parametrize("container", ["az://storage", "abfs://storage@store.dfs.core.windows.net"])
def test_a_container_of_azure_s(azure, tmp_path, container, monkeypatch):
    rows = looked(tmp_path, f"{container}/in", *KNOWN)
    assert matched(rows) == FOUND
    assert by_place(rows)["1.jpg",]["path"] == f"{container}/in/deep/1.jpg"
    assert [row["error"] for row in rows] == [None] * 6
    assert matched(looked(tmp_path, f"{container}/other/3.jpg", *KNOWN)) == {("3.jpg",)}
    monkeypatch.setattr(urls, "_NEAR_BYTES", 0)
    assert matched(looked(tmp_path, f"{container}/in", *KNOWN)) == FOUND
    (row,) = looked(tmp_path, f"{container}/nowhere")
    assert row["error"] == "there is no such file"


def test_a_sign_of_a_user_in_a_key_is_part_of_the_key(store, tmp_path):
    store.put_object(Bucket="storage", Key="marked/a@b/1.jpg", Body=jpeg(1))
    (item,) = url_items("s3://storage/marked/a@b/")
    assert item.path == "s3://storage/marked/a@b/1.jpg"
    assert matched(looked(tmp_path, "s3://storage/marked/a@b", *KNOWN)) == {("1.jpg",)}
