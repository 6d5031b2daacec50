"""Videos: frames a second, pruning, matching both ways, damage; agrees with Meta's frames where they are there."""

import io

import av
import numpy as np
import pytest

from leeward.matching.hashing import Limits, Pdq, PictureBroken, hash_video, match_videos
from leeward.matching.hashing.video import frames_from_text, looks_like_video
from tests.matching.pictures import picture
from tests.matching.reference import needs_reference, path_of


def video(seeds, *, kind="mp4", codec="mpeg4", rate=5, seconds_each=2):
    """A video that shows a generated picture after the other."""
    stream = io.BytesIO()
    with av.open(stream, "w", format=kind) as container:
        track = container.add_stream(codec, rate=rate)
        track.width, track.height, track.pix_fmt = 320, 240, "yuv420p"
        track.bit_rate = 4_000_000
        for seed in seeds:
            frame = av.VideoFrame.from_ndarray(np.asarray(picture(320, 240, seed)), format="rgb24")
            for _ in range(rate * seconds_each):
                container.mux(track.encode(frame))
        container.mux(track.encode())
    return io.BytesIO(stream.getvalue())


@pytest.mark.parametrize(
    ("kind", "codec"), [("mp4", "mpeg4"), ("matroska", "mpeg4"), ("avi", "mpeg4"), ("mpegts", "mpeg2video")]
)
def test_a_video_gives_the_frames_that_differ(kind, codec):
    stream = video([1, 2, 3], kind=kind, codec=codec)
    assert looks_like_video(stream.getvalue()[:512])
    found = hash_video(stream)
    assert found.note is None
    assert len(found.frames) >= 3
    expected = [hash_of(seed) for seed in (1, 2, 3)]
    for code in expected:
        assert min(frame.pdq.bits_from(code) for frame in found.frames) <= 16
    seconds = [frame.second for frame in found.frames]
    assert seconds == sorted(seconds)
    assert seconds[0] < 2


def hash_of(seed):
    from leeward.matching.hashing import pdq

    return pdq(np.asarray(picture(320, 240, seed)))


def test_pruning_can_be_switched_off_and_progress_is_told():
    told = []
    found = hash_video(video([1, 2]), prune_bits=-1, progress=lambda second, seconds: told.append((second, seconds)))
    assert len(found.frames) >= 4
    assert told[-1][0] <= told[-1][1] == pytest.approx(4.0, abs=0.3)


def test_limits_are_kept_and_said():
    few = hash_video(video([1, 2, 3, 4]), limits=Limits(frames=2))
    assert len(few.frames) == 2
    assert "more than 2" in few.note
    with pytest.raises(PictureBroken, match="pixels"):
        hash_video(video([1]), limits=Limits(pixels=1000))
    times = iter([0.0, 1.0, 9.0, 9.0, 9.0])
    slow = hash_video(video([1, 2, 3]), limits=Limits(seconds=5), clock=lambda: next(times, 9.0))
    assert "too long" in slow.note


def test_a_video_that_is_cut_off_keeps_what_was_there():
    whole = video([1, 2, 3, 4], kind="matroska").getvalue()
    found = hash_video(io.BytesIO(whole[: len(whole) * 2 // 3]))
    assert found.frames


@pytest.mark.parametrize(
    "data", [b"", b"\x00\x00\x00\x18ftypisom" + bytes(300), b"\x1a\x45\xdf\xa3" + bytes(300), b"hello"]
)
def test_what_is_no_video_is_a_finding(data):
    with pytest.raises(PictureBroken):
        hash_video(io.BytesIO(data))


@pytest.mark.parametrize(
    ("kind", "said"), [("mp4", "no picture track"), ("avi", "no frame"), ("matroska", r"damaged \(End of file\)")]
)
def test_a_video_without_frames_is_a_finding(kind, said):
    stream = io.BytesIO()
    with av.open(stream, "w", format=kind) as container:
        track = container.add_stream("mpeg4", rate=5)
        track.width, track.height, track.pix_fmt = 64, 64, "yuv420p"
        container.start_encoding()
    with pytest.raises(PictureBroken, match=said):
        hash_video(io.BytesIO(stream.getvalue()))


def test_a_sound_file_has_no_picture_track():
    stream = io.BytesIO()
    with av.open(stream, "w", format="matroska") as container:
        track = container.add_stream("pcm_s16le", rate=8000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 800), np.int16), format="s16", layout="mono")
        frame.sample_rate = 8000
        container.mux(track.encode(frame))
        container.mux(track.encode())
    with pytest.raises(PictureBroken, match="no picture track"):
        hash_video(io.BytesIO(stream.getvalue()))


def test_matching_counts_both_ways():
    long, short = hash_video(video([1, 2, 3, 4])), hash_video(video([2, 3]))
    match = match_videos([frame.pdq for frame in short.frames], [frame.pdq for frame in long.frames])
    assert match.query_percent == 100
    assert 30 < match.known_percent < 80
    assert not match.is_match
    back = match_videos([frame.pdq for frame in long.frames], [frame.pdq for frame in short.frames])
    assert back.known_percent == 100
    assert back.is_match


def test_frames_without_quality_do_not_match():
    code = bytes(range(32))
    assert match_videos([Pdq(code, 49, ())], [Pdq(code, 100, ())]).known_percent == 0
    assert match_videos([Pdq(code, 50, ())], [Pdq(code, 100, ())]).known_percent == 100
    assert not match_videos([], []).is_match


@needs_reference
def test_the_reference_video_agrees_with_metas_frames():
    theirs = frames_from_text(path_of("vpdq/doorknob-hd-no-bar.txt").read_text())
    with path_of("vpdq/doorknob-hd-no-bar.mp4").open("rb") as stream:
        every = hash_video(stream, every_seconds=0.001, prune_bits=-1)
    assert len(every.frames) == len(theirs)
    for ours, reference in zip(every.frames, theirs, strict=True):
        assert ours.second == pytest.approx(reference.second, abs=0.01)
        assert abs(ours.pdq.quality - reference.pdq.quality) <= 2
        if reference.pdq.is_usable:
            assert ours.pdq.bits_from(reference.pdq) <= (10 if reference.pdq.quality >= 80 else 16)
    with path_of("vpdq/doorknob-hd-no-bar.mp4").open("rb") as stream:
        sampled = hash_video(stream)
    assert [frame.second for frame in sampled.frames] == [0, 1, 2, 3]
    assert match_videos([frame.pdq for frame in sampled.frames], [frame.pdq for frame in theirs]).query_percent == 100
