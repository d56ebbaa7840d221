"""Movie files in real time, and streams that are not there."""

from __future__ import annotations

import time
from fractions import Fraction

import av
import numpy as np
import pytest

from reage.errors import PlateError, SettingsError
from reage_live.camera import CameraSource
from reage_live.movie import MovieFile, NetworkStream
from reage_live.opening import source_of
from reage_live.source import SourceLost
from reage_live.synthetic import TestSource


def write_movie(path, pictures, codec="mpeg4", pixel_format="yuv420p", rate=24, timecode=""):
    """Flat pictures, each of one gray, 0 … 255."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate)
        stream.width, stream.height, stream.pix_fmt = 64, 48, pixel_format
        context = stream.codec_context
        context.color_primaries, context.color_trc, context.colorspace = 1, 1, 1
        if timecode:
            stream.metadata["timecode"] = timecode
        for gray in pictures:
            picture = np.full((48, 64, 3), gray, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return path


def test_a_squeezed_movie_comes_unsqueezed(tmp_path):
    path = tmp_path / "wide.mov"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=24)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.codec_context.sample_aspect_ratio = Fraction(2)
        picture = np.full((48, 64, 3), 90, np.uint8)
        container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    (grab,) = all_of(MovieFile(path))
    assert grab.picture.shape == (48, 128, 3)


def all_of(source, most=100):
    source.open()
    grabs = []
    while len(grabs) < most and (grab := source.read()) is not None:
        grabs.append(grab)
    source.close()
    return grabs


def test_every_frame_in_order_with_its_timecode_and_then_the_end(tmp_path):
    grays = list(range(40, 200, 16))
    path = write_movie(
        tmp_path / "a.mov", grays, "prores_ks", "yuv422p10le", timecode="01:00:00:20"
    )
    source = MovieFile(path)
    grabs = all_of(source)
    assert [g.timecode.text for g in grabs[:5]] == [
        "01:00:00:20", "01:00:00:21", "01:00:00:22", "01:00:00:23", "01:00:01:00",
    ]  # fmt: skip
    assert source.rate == 24
    assert source.colorspace == "g24_rec709_scene"
    assert grabs[0].picture.dtype == np.uint16  # ten bits stay ten bits
    seen = [int(g.picture.mean() / 257) for g in grabs]
    assert np.abs(np.subtract(seen, grays)).max() <= 2


def test_eight_bits_come_as_eight(tmp_path):
    (first, *_) = all_of(MovieFile(write_movie(tmp_path / "a.mp4", [90] * 3)))
    assert first.picture.dtype == np.uint8
    assert abs(int(first.picture.mean()) - 90) <= 2
    assert first.timecode is None


def test_it_plays_at_its_own_rate(tmp_path):
    source = MovieFile(write_movie(tmp_path / "a.mp4", [90] * 24, rate=48))
    start = time.monotonic()
    assert len(all_of(source)) == 24
    assert time.monotonic() - start > 22 / 48


def test_over_and_over(tmp_path):
    path = write_movie(tmp_path / "a.mp4", [50, 100, 150], rate=100)
    grabs = all_of(MovieFile(path, loop=True), most=10)
    means = [round(int(g.picture.mean()) / 50) for g in grabs]
    assert means == [1, 2, 3] * 3 + [1]


def test_a_damaged_file_is_lost_in_a_sentence(tmp_path):
    path = tmp_path / "a.mov"
    path.write_bytes(b"no movie" * 100)
    with pytest.raises(SourceLost, match=r"a\.mov cannot be opened"):
        MovieFile(path).open()


def test_a_stream_that_is_not_there_is_lost_and_its_password_is_not_told():
    source = NetworkStream("rtsp://me:secret@127.0.0.1:9/live")
    with pytest.raises(SourceLost) as e:
        source.open()
    assert "127.0.0.1:9/live" in str(e.value)
    assert "secret" not in str(e.value)


def test_a_camera_that_is_not_there_is_lost_in_a_sentence(capfd):
    with pytest.raises(SourceLost, match="There is no camera 97"):
        CameraSource(97).open()
    assert capfd.readouterr().err == ""


def test_what_the_operator_types(tmp_path):
    path = write_movie(tmp_path / "a.mp4", [90] * 3)
    assert isinstance(source_of("0"), CameraSource)
    assert isinstance(source_of(str(path)), MovieFile)
    assert isinstance(source_of("rtsp://camera/live"), NetworkStream)
    test = source_of("test", size=(320, 180), rate=23.976)
    assert isinstance(test, TestSource)
    assert test.rate == Fraction(24000, 1001)
    with pytest.raises(PlateError, match="no file"):
        source_of(str(tmp_path / "none.mov"))
    with pytest.raises(SettingsError, match="for cameras"):
        source_of(str(path), size=(640, 480))


def test_the_test_source_is_the_same_every_time_and_moves(head):
    other = TestSource((640, 360), paced=False)
    other.open()
    for number in range(3):
        assert (other.read().picture == head(number)).all()
    assert (head(30) != head(0)).mean() > 0.5
    assert other.timecode(25).text == "01:00:01:01"


def test_nobody_is_there_when_the_head_is_gone():
    source = TestSource((320, 180), gone=5.0, paced=False)
    source.open()
    assert source.picture(24 * 6).std() < 25 < source.picture(0).std()
