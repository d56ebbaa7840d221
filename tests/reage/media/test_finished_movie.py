"""Movies that are made of finished pictures: what goes in comes out, and so does what the plate's
movie says beside its pictures."""

from fractions import Fraction

import av
import cv2
import numpy as np
import pytest

from helpers.plate_files import sound_of, write_talkie
from reage.errors import OutputError
from reage.media import yuv
from reage.media.finished_movie import FinishedMovie, MovieSpec
from reage.media.timecode import Timecode
from reage.media.video import Movie
from reage.pixels.geometry import Region


def soft(number=0, size=(96, 64)):
    """uint8, colorful, without hard edges."""
    small = np.random.default_rng(number).random((4, 6, 3)).astype(np.float32)
    return (cv2.resize(small, size) * 200 + 30).astype(np.uint8)


def copied(plate, path, frames=None, **more):
    """The plate's movie, written anew frame by frame."""
    frames = list(range(plate.length)) if frames is None else frames
    spec = MovieSpec(
        (plate.header.size.width, plate.header.size.height), plate.header.rate,
        plate.header.colorspace, plate.header.pixel_aspect, plate.timecode(frames[0]),
        plate=plate, frames=frames, **more,
    )  # fmt: skip
    movie = FinishedMovie(path, spec)
    for frame in frames:
        movie.write(plate.read(frame).rgb)
    movie.close()
    return Movie.open(path), movie.notices


@pytest.fixture(scope="module")
def talkie(tmp_path_factory):
    path = tmp_path_factory.mktemp("plate") / "face.mov"
    return write_talkie(path, [soft(n) for n in range(50)], aspect=Fraction(2), turned=90)


@pytest.mark.parametrize("rows", [False, True])
def test_chroma_that_was_interpolated_comes_back_as_it_was(rows):
    draw = np.random.default_rng(0)
    half = (8 if rows else 16, 12)
    planes = [draw.integers(400, 600, shape, np.uint16) for shape in ((16, 24), half, half)]
    rgb = yuv.to_rgb(planes, 10, False, 1, Region(0, 0, 24, 16))
    for back, plane in zip(yuv.from_rgb(rgb, 10, 1, rows, True), planes, strict=True):
        assert np.array_equal(back, plane)


@pytest.mark.parametrize(("name", "mean", "most"), [("a.mov", 0.3, 4), ("a.mp4", 1.7, 14)])
def test_pictures_sound_time_and_shape_of_the_plate_go_on(talkie, tmp_path, name, mean, most):
    plate = Movie.open(talkie)
    made, notices = copied(plate, tmp_path / name, tags={"comment": "altered", "reage:model": "7"})
    assert made.length == 50 and made.header.rate == 25 and made.header.pixel_aspect == 2
    assert made.timecode(0).text == "10:00:00:00"
    assert made.header.colorspace == plate.header.colorspace
    assert made.display_matrix() == plate.display_matrix() is not None
    assert (made.tags["comment"], made.tags["reage:model"]) == ("altered", "7")
    off = np.abs(made.read(30).rgb - plate.read(30).rgb) * 255
    assert off.mean() < mean and off.max() < most, (off.mean(), off.max())
    if name == "a.mov":
        assert notices == [] and sound_of(tmp_path / name) == sound_of(talkie)


def test_part_of_a_movie_has_the_sound_that_lies_under_it(talkie, tmp_path):
    made, _ = copied(Movie.open(talkie), tmp_path / "a.mov", list(range(10, 30)))
    assert made.timecode(0).text == "10:00:00:10" and made.length == 20
    want = [(data, at - 0.4) for data, at in sound_of(talkie) if 0.4 <= at < 1.2]
    have = sound_of(tmp_path / "a.mov")
    assert [data for data, _ in have] == [data for data, _ in want]
    assert np.allclose([at for _, at in have], [at for _, at in want], atol=1e-3)


def heard(path):
    """All samples of a movie's sound, -1 to 1, from when its pictures begin."""
    with av.open(str(path)) as container:
        flat = av.AudioResampler("flt", "mono", 48000)
        frames = [f for frame in container.decode(audio=0) for f in flat.resample(frame)]
    return np.concatenate([f.to_ndarray()[0] for f in frames])


@pytest.mark.parametrize("frames", [range(50), range(10, 30)])
def test_pcm_becomes_aac_in_mp4_at_the_very_same_time(talkie, tmp_path, frames):
    """Few players of .mp4 play PCM."""
    _, told = copied(Movie.open(talkie), tmp_path / "a.mp4", list(frames))
    assert "few players of .mp4 play sound of the kind pcm_s16le" in told[0].lower()
    with av.open(str(tmp_path / "a.mp4")) as made:
        assert [s.codec_context.name for s in made.streams.audio] == ["aac"]
    begin, end = frames[0] * 1920, (frames[-1] + 1) * 1920  # 48,000 / 25 samples a frame
    want, have = heard(talkie)[begin:end], heard(tmp_path / "a.mp4")
    assert abs(len(have) - len(want)) <= 2048
    short = min(len(have), len(want))
    alike = [np.corrcoef(want[:short - 1], have[k : short - 1 + k])[0, 1] for k in (0, 1)]
    assert alike[0] > 0.5 > 0.1 > alike[1]  # of white noise, which no codec keeps whole


def test_sound_that_cannot_go_on_is_told(talkie, tmp_path):
    path = write_talkie(tmp_path / "v.mkv", [soft(n) for n in range(9)], sound="flac")
    _, told = copied(Movie.open(path), tmp_path / "b.mov")
    assert "b.mov refuses the plate's sound" in told[0]
    path = write_talkie(tmp_path / "v.mkv", [soft(n) for n in range(9)], sound="wavpack")
    made, told = copied(Movie.open(path), tmp_path / "b.mov")
    assert "takes no sound of the kind wavpack" in told[0] and made.length == 9
    _, told = copied(Movie.open(talkie), tmp_path / "c.mov", [1, 3, 5])
    assert told == ["The frames are no run, so the sound was left out."]


def test_uneven_frames_are_shown_when_the_plates_are(tmp_path):
    at = [0, 33, 66, 200, 233, 900, 933]
    plate = Movie.open(write_talkie(tmp_path / "v.mp4", [soft(n) for n in range(7)], sound="aac",
                                    rate=Fraction(30), at=at))  # fmt: skip
    made, _ = copied(plate, tmp_path / "a.mov")
    times = [float(made.time(n) - made.time(0)) for n in range(7)]
    assert np.allclose(times, np.array(at) / 1000, atol=1e-3)


def test_nothing_stands_until_a_movie_is_whole(tmp_path):
    spec = MovieSpec((33, 25), Fraction(24), "g24_rec709_scene", timecode=Timecode(0, 24))
    path = tmp_path / "a.mov"
    movie = FinishedMovie(path, spec)
    movie.write(np.full((25, 33, 3), 0.5, np.float32))
    assert not path.exists()
    movie.abandon()
    assert list(tmp_path.iterdir()) == []
    movie = FinishedMovie(path, spec)
    movie.write(np.full((25, 33, 3), 0.5, np.float32))
    movie.close()
    assert [p.name for p in tmp_path.iterdir()] == ["a.mov"]
    assert "34×26 px, its last column or row once more" in movie.notices[0]
    with av.open(str(path)) as there:
        assert there.streams.video[0].frames == 1
    with pytest.raises(OutputError, match="there is no folder"):
        FinishedMovie(tmp_path / "gone" / "a.mov", spec)
