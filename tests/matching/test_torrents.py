"""Torrents and magnet links of every version are read, anything else is refused in one sentence."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leeward.matching.hashing import TorrentUnreadable, digest_stream, read_magnet, read_torrent

libtorrent = pytest.importorskip("libtorrent")
HYBRID, V1, V2 = 0, 64, libtorrent.create_torrent_flags_t.v2_only


@pytest.fixture
def made(tmp_path):
    def make(flags):
        folder = tmp_path / "folder"
        (folder / "inner").mkdir(parents=True, exist_ok=True)
        (folder / "a.bin").write_bytes(b"a" * 300_000)
        (folder / "inner" / "b.bin").write_bytes(b"b" * 17_000)
        storage = libtorrent.file_storage()
        libtorrent.add_files(storage, str(folder))
        torrent = libtorrent.create_torrent(storage, 0, flags)
        torrent.add_tracker("http://tracker.example/announce")
        libtorrent.set_piece_hashes(torrent, str(tmp_path))
        return libtorrent.bencode(torrent.generate()), folder

    return make


@pytest.mark.parametrize(("flags", "has_v1", "has_v2"), [(HYBRID, True, True), (V1, True, False), (V2, False, True)])
def test_a_torrent_of_every_version(made, flags, has_v1, has_v2):
    data, folder = made(flags)
    torrent = read_torrent(data)
    assert (torrent.v1 is not None, torrent.v2 is not None) == (has_v1, has_v2)
    assert torrent.name == "folder"
    assert torrent.trackers == ("http://tracker.example/announce",)
    assert {(file.path, file.size) for file in torrent.files} == {
        ("folder/a.bin", 300_000),
        ("folder/inner/b.bin", 17_000),
    }
    for file in torrent.files:
        with (folder.parent / file.path).open("rb") as stream:
            expected = digest_stream(stream, ["bt2"]).bt2
        assert file.bt2 == (expected if has_v2 else None)


@pytest.mark.parametrize("flags", [HYBRID, V1, V2])
def test_a_torrents_magnet_link_has_its_infohashes(made, flags):
    data, _ = made(flags)
    torrent = read_torrent(data)
    magnet = read_magnet(libtorrent.make_magnet_uri(libtorrent.load_torrent_buffer(data)))
    assert (magnet.v1, magnet.v2) == (torrent.v1, torrent.v2)
    assert magnet.files == ()


def test_both_spellings_of_a_v1_infohash():
    in_hex = read_magnet("magnet:?xt=urn:btih:" + "00" * 20 + "&dn=name")
    assert (in_hex.v1, in_hex.v2, in_hex.name) == (None, None, "name") or in_hex.v1 == "00" * 20
    in_base32 = read_magnet(" magnet:?xt=urn:btih:MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43U\n")
    assert in_base32.v1 == b"abcdefghijklmnopqrst".hex()


@pytest.mark.parametrize(
    "text", ["", "hello", "magnet:?dn=x", "magnet:?xt=urn:btih:zz", "magnet:?xt=urn:ed2k:" + "a" * 32]
)
def test_what_is_no_magnet_link_is_refused(text):
    with pytest.raises(TorrentUnreadable):
        read_magnet(text)


def test_a_torrent_that_is_too_large_is_refused():
    with pytest.raises(TorrentUnreadable, match="more than"):
        read_torrent(bytes(10_000_001))


@given(st.binary(max_size=200))
def test_any_bytes_are_refused(data):
    with pytest.raises(TorrentUnreadable):
        read_torrent(data)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_damaged_torrent_is_read_or_refused(data):
    info = b"d6:lengthi5e4:name1:x12:piece lengthi16384e6:pieces20:" + b"p" * 20 + b"e"
    whole = bytearray(b"d4:info" + info + b"e")
    place = data.draw(st.integers(0, len(whole) - 1))
    patch = data.draw(st.binary(min_size=1, max_size=5))
    whole[place : place + len(patch)] = patch
    try:
        torrent = read_torrent(bytes(whole))
    except TorrentUnreadable:
        return
    assert torrent.v1
