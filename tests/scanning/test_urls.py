"""Addresses: an object store (moto's on loopback), a web server, a file address; and what is told of passwords."""

import functools
import http.server
import os
import sys
import threading

import boto3
import pytest
import s3fs
from fsspec.registry import _registry
from moto.server import ThreadedMotoServer

from leeward.foundation.errors import LeewardError
from leeward.scanning.sources import Item, Since, items_of
from leeward.scanning.sources.urls import url_items
from tests.scanning.material import by_place, command, jpeg, list_of, looked, md5, png, rows_of
from tests.scanning.test_archives import zip_of


@pytest.fixture
def store(monkeypatch):
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    s3fs.S3FileSystem.clear_instance_cache()  # which knows the server of the test before
    client = boto3.client("s3")
    client.create_bucket(Bucket="storage")
    yield client
    server.stop()


@pytest.mark.slow
def test_a_bucket(store, tmp_path):
    for key, data in {
        "in/0.jpg": jpeg(0),
        "in/deep/1.jpg": jpeg(1),
        "in/deep/a.zip": zip_of({"2.png": png(2)}),
        "other/3.jpg": jpeg(3),
        "in/empty": b"",
        "in/ä ?#.jpg": jpeg(4),
    }.items():
        store.put_object(Bucket="storage", Key=key, Body=data)
    known = list_of(tmp_path / "known.txt", *(f"md5:{md5(data)}" for data in (jpeg(1), png(2), jpeg(3), jpeg(4))))
    out = tmp_path / "rows.jsonl"
    ran = command("s3://storage/in", "s3://storage/nowhere", "--list", known, "--out", out, "--processes", "1")
    assert ran.returncode == 1, ran.stderr
    rows = by_place(rows_of(out.read_bytes()))
    assert [place for place, row in rows.items() if row["matches"]].sort() is None
    assert {place for place, row in rows.items() if row["matches"]} == {("1.jpg",), ("a.zip", "2.png"), ("ä ?#.jpg",)}
    assert rows["1.jpg",]["path"] == "s3://storage/in/deep/1.jpg"
    assert rows["empty",]["error"] is None
    assert rows["nowhere",]["error"] == "there is no such file"
    store.put_object(Bucket="storage", Key="in/0.jpg", Body=jpeg(1))
    ran = command(
        "s3://storage/in", "s3://storage/nowhere", "--list", known, "--out", out, "--processes", "1", "--resume"
    )
    again = rows_of(out.read_bytes())[len(rows) :]
    assert [(row["path"], bool(row["matches"])) for row in again] == [("s3://storage/in/0.jpg", True)]
    one = list(url_items("s3://storage/other/3.jpg"))
    assert [(item.path, item.size, item.modified is not None) for item in one] == [
        ("s3://storage/other/3.jpg", len(jpeg(3)), True)
    ]


def test_a_store_that_does_not_answer_is_a_row(monkeypatch, tmp_path):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    s3fs.S3FileSystem.clear_instance_cache()
    (row,) = looked(tmp_path, "s3://storage/in")
    assert "127.0.0.1:9" in row["error"]


@pytest.fixture
def web(tmp_path):
    class Handler(http.server.SimpleHTTPRequestHandler):
        def do_GET(self):
            if self.path == "/dripping.jpg":  # a server that says no length and knows no ranges
                self.send_response(200)
                self.end_headers()
                self.wfile.write(jpeg(2))
            else:
                super().do_GET()

        def do_HEAD(self):
            if self.path == "/dripping.jpg":
                self.send_response(200)
                self.end_headers()
            else:
                super().do_HEAD()

        def send_head(self):
            return self.send_error(403) if self.path == "/shut.jpg" else super().send_head()

        def log_message(self, *arguments):
            pass

    folder = tmp_path / "web"
    folder.mkdir()
    (folder / "1.jpg").write_bytes(jpeg(1))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("name", ["1.jpg", "dripping.jpg"])
def test_a_web_server(web, tmp_path, name):
    (row,) = looked(tmp_path, f"{web}/{name}", f"md5:{md5(jpeg(1))}", f"md5:{md5(jpeg(2))}")
    assert row["matches"]
    assert (row["kind"], row["error"]) == ("file", None)


def test_a_page_that_is_not_there_is_told_from_one_that_is_not_given_out_and_a_server_that_is_down(web, tmp_path):
    def error(address: str) -> str:
        (row,) = looked(tmp_path, address)
        return row["error"]

    assert error(f"{web}/nowhere.jpg") == "it can't be read (there is no such file)"
    assert error(f"{web}/shut.jpg") == "it can't be read (the server answered 403)"
    assert "Cannot connect" in error("http://127.0.0.1:9/1.jpg")


def test_a_file_address_and_one_of_fsspec(tmp_path):
    (tmp_path / "a b.jpg").write_bytes(jpeg(1))
    (row,) = looked(tmp_path, f"file://{tmp_path}/a%20b.jpg", f"md5:{md5(jpeg(1))}")
    assert row["matches"]
    (item,) = items_of(f"local://{tmp_path}/a b.jpg", Since())
    assert item.size == len(jpeg(1))


def test_no_password_is_shown():
    item = Item("sftp://officer:secret@host.example/in/1.jpg", is_url=True)
    assert item.shown == "sftp://officer:***@host.example/in/1.jpg"
    assert os.fspath(item.path).count("secret") == 1


@pytest.mark.parametrize(
    ("address", "package"),
    [
        ("sftp://h.example/in", "paramiko"),
        ("gs://bucket/in", "gcsfs"),
        ("az://container/in", "adlfs"),
        ("nothing://h/in", ""),
    ],
)
def test_what_is_missing_is_said_in_one_line(monkeypatch, address, package):
    monkeypatch.setitem(sys.modules, package or "unheard_of", None)
    monkeypatch.delitem(sys.modules, "fsspec.implementations.sftp", raising=False)  # of a test before
    monkeypatch.delitem(_registry, address.partition("://")[0], raising=False)
    with pytest.raises(LeewardError) as refused:
        list(url_items(address))
    said = f"{refused.value.text} {refused.value.hint}"
    assert "\n" not in said
    assert (f"uv pip install {package}" if package else "nothing:// can't be opened") in said
