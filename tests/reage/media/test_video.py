"""Movies: the frame asked for, at its own bit depth, by its own matrix and range."""

from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.plate_files import write_movie
from reage.errors import ColorspaceError, MissingFrames, UnreadableFrame
from reage.media import yuv
from reage.media.sequence import open_shot
from reage.media.timecode import Timecode
from reage.media.video import Movie
from reage.pixels.color import plate_space
from reage.pixels.geometry import Region
from reage.pixels.plate import Attribute

RAMP = [(64 + 12 * n, 512, 512) for n in range(70)]
PRORES = ("prores_ks", "yuv422p10le")
GOP = {"g": "24", "bf": "3", "crf": "1"}


@pytest.fixture(scope="module", params=["prores", "x264", "x264 10 bit", "dnxhr"])
def ramp(request, tmp_path_factory):
    """70 frames of gray, each 12 ten-bit steps above the one before."""
    path = tmp_path_factory.mktemp("movie") / "ramp.mov"
    low = [(y // 4, 128, 128) for y, _, _ in RAMP]
    return {
        "prores": lambda: write_movie(path, *PRORES, RAMP, timecode="01:00:00:20"),
        "x264": lambda: write_movie(path, "libx264", "yuv420p", low, options=GOP),
        "x264 10 bit": lambda: write_movie(path, "libx264", "yuv422p10le", RAMP, options=GOP),
        "dnxhr": lambda: write_movie(
            path, "dnxhd", "yuv422p10le", RAMP, size=(256, 128), options={"profile": "dnxhr_hqx"}
        ),
    }[request.param]()


def gray(frame):
    return 12 * (frame - 1) / (219 * 4)


def test_every_frame_is_the_one_asked_for_in_any_order(ramp):
    shot = open_shot(ramp)
    assert shot.frames == tuple(range(1, 71))
    for frame in (1, 2, 3, 50, 49, 51, 7, 70, 69, 1, 30):
        assert abs(shot.read(frame).rgb - gray(frame)).max() < 0.005, frame


def test_threads_get_their_own_frames(ramp):
    shot = open_shot(ramp)
    frames = [n + d for n in range(1, 60, 4) for d in (2, 0, 3, 1)]
    with ThreadPoolExecutor(4) as pool:
        plates = list(pool.map(shot.read, frames))
    assert all(abs(p.rgb - gray(n)).max() < 0.005 for n, p in zip(frames, plates, strict=True))


def test_a_region_is_the_same_slice_of_the_whole(ramp):
    shot = open_shot(ramp)
    whole, region = shot.read(40), Region(7, 5, 33, 41)
    np.testing.assert_array_equal(shot.read(40, region).rgb, whole.rgb[region.slices(whole.region)])


def test_ten_bits_stay_ten_bits(tmp_path):
    """Neighbouring ten-bit levels, black's excursion and super-white are told apart."""
    levels = [(y, 512, 512) for y in (40, 500, 501, 502, 1000)]
    shot = open_shot(
        write_movie(tmp_path / "a.mov", "libx264", "yuv444p10le", levels, options={"qp": "0"})
    )
    for frame, (y, _, _) in enumerate(levels, 1):
        np.testing.assert_allclose(shot.read(frame).rgb, (y - 64) / 876, atol=1e-6)


@pytest.mark.parametrize("matrix", [1, 5, 9])
@pytest.mark.parametrize("full", [False, True])
def test_matrix_and_range_follow_the_tags(tmp_path, matrix, full):
    """Red of (0.8, 0.2, 0.1) through the standards' own forward formulas, in 8 bits."""
    r, g, b = 0.8, 0.2, 0.1
    kr, kb = {1: (0.2126, 0.0722), 5: (0.299, 0.114), 9: (0.2627, 0.0593)}[matrix]
    y = kr * r + (1 - kr - kb) * g + kb * b
    cb, cr = (b - y) / (2 - 2 * kb), (r - y) / (2 - 2 * kr)
    black, luma, chroma = (0, 255, 255) if full else (16, 219, 224)
    level = (round(black + luma * y), round(128 + chroma * cb), round(128 + chroma * cr))
    path = write_movie(
        tmp_path / "a.mp4", "libx264", "yuv420p", [level] * 3, matrix=matrix, full_range=full,
        options={"qp": "0"},
    )  # fmt: skip
    np.testing.assert_allclose(
        open_shot(path).read(2).rgb, np.broadcast_to([r, g, b], (48, 64, 3)), atol=0.008
    )


@given(st.integers(0, 20), st.integers(0, 14), st.integers(1, 30), st.integers(1, 20))
def test_subsampled_chroma_is_the_same_in_part_and_whole(x, y, width, height):
    rng = np.random.default_rng(0)
    planes = [rng.integers(0, 1024, s, np.uint16) for s in ((37, 51), (19, 26), (19, 26))]
    whole = Region(0, 0, 51, 37)
    part = Region(x, y, width, height).intersect(whole)
    all_of_it = yuv.to_rgb(planes, 10, False, 1, whole)
    np.testing.assert_array_equal(
        yuv.to_rgb(planes, 10, False, 1, part), all_of_it[part.slices(whole)]
    )


def test_chroma_sits_on_the_left_luma_sample():
    cr = np.repeat(np.uint8([[128, 192]]), 2, axis=0)
    planes = [np.full((4, 4), 128, np.uint8), np.full((2, 2), 128, np.uint8), cr]
    red = yuv.to_rgb(planes, 8, True, 1, Region(0, 0, 4, 4))[..., 0] - 128 / 255
    want = np.float32([0, 32, 64, 64]) / 255 * 2 * (1 - 0.2126)
    np.testing.assert_allclose(red, np.broadcast_to(want, (4, 4)), atol=1e-6)


def test_tags_name_the_color_space(tmp_path):
    tagged = open_shot(write_movie(tmp_path / "a.mov", *PRORES, RAMP[:2]))
    assert plate_space(tagged.info(1), None, tmp_path) == "Gamma 2.4 Encoded Rec.709"
    plain = open_shot(write_movie(tmp_path / "b.mov", *PRORES, RAMP[:2], transfer=2))
    with pytest.raises(ColorspaceError, match="--colorspace"):
        plate_space(plain.info(1), None, tmp_path)


def test_timecode_counts_on_in_the_metadata(tmp_path):
    shot = open_shot(write_movie(tmp_path / "a.mov", *PRORES, RAMP[:6], timecode="01:00:00:20"))
    codes = [shot.info(n).metadata["smpte:TimeCode"] for n in (1, 5)]
    assert codes == [Attribute("timecode", (v, 0)) for v in (0x01000020, 0x01000100)]
    assert shot.info(1).metadata["framesPerSecond"] == Attribute("rational", (24, 1))


@pytest.mark.parametrize(
    ("text", "rate", "frames", "fields"),
    [("00:00:59;29", Fraction(30000, 1001), 1, (0, 1, 0, 2)),
     ("00:09:59;29", Fraction(30000, 1001), 1, (0, 10, 0, 0)),
     ("23:59:59:23", Fraction(24), 1, (0, 0, 0, 0)),
     ("10:20:30:12", Fraction(25), 13, (10, 20, 31, 0))],
)  # fmt: skip
def test_timecode_arithmetic(text, rate, frames, fields):
    """Drop frame skips numbers 0 and 1 of each minute but the tenth (SMPTE ST 12-1)."""
    assert Timecode.parse(text, rate).after(frames).fields() == fields


@given(st.integers(0, 17982 * 144 - 1))
def test_drop_frame_timecode_reads_back(count):
    h, m, s, f = Timecode(count, 30, True).fields()
    text = f"{h:02}:{m:02}:{s:02};{f:02}"
    assert Timecode.parse(text, Fraction(30000, 1001)) == Timecode(count, 30, True)


def test_frames_outside_the_movie(ramp):
    shot = open_shot(ramp, "69-72")
    assert shot.missing == (71, 72)
    with pytest.raises(MissingFrames, match="has frames 1-70, no 71"):
        shot.read(71)
    with pytest.raises(MissingFrames, match="Not one of the frames 100-110"):
        open_shot(ramp, "100-110")


def test_a_damaged_frame_is_named_and_the_others_come(tmp_path):
    rng = np.random.default_rng(0)
    levels = [(int(y), 512, 512) for y in rng.integers(100, 900, 12)]
    path = write_movie(tmp_path / "a.mov", *PRORES, levels)
    good = Movie.open(path).read(11).rgb
    data = bytearray(path.read_bytes())
    fifth = [i for i in range(len(data)) if data[i : i + 4] == b"icpf"][4]
    data[fifth : fifth + 60] = bytes(60)
    path.write_bytes(data)
    movie = Movie.open(path)
    with pytest.raises(UnreadableFrame, match=r"a\.mov .*frame 5"):
        movie.read(4)
    np.testing.assert_array_equal(movie.read(11).rgb, good)


@pytest.mark.parametrize("content", [b"", b"no movie at all" * 99])
def test_what_is_no_movie_is_named(tmp_path, content):
    path = tmp_path / "bad.mp4"
    path.write_bytes(content)
    with pytest.raises(UnreadableFrame, match=r"bad\.mp4 is damaged or no movie"):
        open_shot(path)
    with pytest.raises(UnreadableFrame, match="There is no file"):
        open_shot(tmp_path / "gone.mov")


def test_frames_are_counted_where_timestamps_are_in_the_order_of_storing(tmp_path):
    low = [(y // 4, 128, 128) for y, _, _ in RAMP]
    shot = open_shot(write_movie(tmp_path / "ramp.avi", "libx264", "yuv420p", low, options=GOP))
    assert shot.frames == tuple(range(1, 71))
    (said,) = shot.notices
    assert "ramp.avi" in said and "counted" in said
    for frame in (1, 2, 3, 4, 40, 30, 29, 70, 1, 5, 69):
        assert abs(shot.read(frame).rgb - gray(frame)).max() < 0.005, frame


@pytest.mark.parametrize(
    ("name", "codec", "options"),
    [
        ("a.ts", "libx264", GOP),
        ("a.mts", "libx264", GOP),
        ("a.webm", "libvpx-vp9", {"crf": "4", "b": "0"}),
        ("a.mxf", "mpeg2video", {"g": "12", "bf": "2", "q": "1"}),
        ("a.mpg", "mpeg2video", {"g": "12", "bf": "2", "q": "1"}),
        ("a.mkv", "libx264", GOP),
    ],
)
def test_every_container_gives_the_frame_that_is_asked_for(tmp_path, name, codec, options):
    low = [(y // 4, 128, 128) for y, _, _ in RAMP]
    path = tmp_path / name
    shot = open_shot(write_movie(path, codec, "yuv420p", low, size=(352, 288), options=options))
    assert shot.frames == tuple(range(1, 71))
    for frame in (1, 2, 3, 4, 40, 30, 29, 70, 1, 69):
        assert abs(shot.read(frame).rgb - gray(frame)).max() < 0.012, frame


def test_timestamps_in_order_are_believed(ramp):
    assert open_shot(ramp).notices == ()


def test_of_several_pictures_the_largest_moving_one_is_read(tmp_path):
    path = tmp_path / "two.mkv"
    with av.open(str(path), "w") as container:
        streams = [container.add_stream("ffv1", rate=24) for _ in range(2)]
        for stream, size in zip(streams, (32, 64), strict=True):
            stream.width = stream.height = size
            stream.pix_fmt = "gray"
        for stream, size, level in zip(streams, (32, 64), (50, 200), strict=True):
            frame = av.VideoFrame.from_ndarray(np.full((size, size), level, np.uint8), "gray")
            frame.pts = 0
            container.mux(stream.encode(frame))
            container.mux(stream.encode())
    shot = open_shot(path)
    assert shot.info(1).data == Region(0, 0, 64, 64)
    assert "2 moving pictures" in shot.notices[0] and "64×64" in shot.notices[0]


def test_cover_art_is_no_movie(tmp_path):
    path = tmp_path / "song.mp4"
    with av.open(str(path), "w") as container:
        cover = container.add_stream("png", rate=1)
        cover.width = cover.height = 128
        cover.pix_fmt = "rgb24"
        cover.disposition = av.stream.Disposition.attached_pic
        film = container.add_stream("libx264", rate=24)
        film.width = film.height = 64
        film.pix_fmt = "yuv420p"
        picture = av.VideoFrame.from_ndarray(np.zeros((128, 128, 3), np.uint8), "rgb24")
        container.mux(cover.encode(picture))
        for n in range(3):
            frame = av.VideoFrame(64, 64, "yuv420p")
            frame.pts = n
            container.mux(film.encode(frame))
        container.mux(film.encode())
    shot = open_shot(path)
    assert shot.frames == (1, 2, 3) and shot.info(1).data == Region(0, 0, 64, 64)
    assert shot.notices == ()


@pytest.mark.parametrize(
    ("tags", "space", "doubt"),
    [
        ((5, 6), "g24_rec709_scene", ""),  # as Android's cameras tag
        ((6, 6), "g24_rec709_scene", ""),
        ((1, 13), "srgb_rec709_scene", ""),
        ((2, 2), "g24_rec709_scene", "taken for Rec.709"),
    ],
)
def test_tags_name_the_space_and_eight_bits_without_any_are_rec709(tmp_path, tags, space, doubt):
    path = tmp_path / "a.mov"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=24)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.codec_context.color_primaries, stream.codec_context.color_trc = tags
        frame = av.VideoFrame(64, 48, "yuv420p")
        frame.pts = 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode())
    info = open_shot(path).info(1)
    assert info.colorspace == space
    assert doubt in info.doubt and bool(doubt) == bool(info.doubt)
