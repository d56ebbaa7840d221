"""Track, render and write are one pass over the shot, and come to what two passes do."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import reage
from helpers.shots import face
from reage import home
from reage.errors import Cancelled, UnreadableFrame
from reage.faces import FaceTrack
from reage.faces.shot import TrackEnds
from reage.media import sequence
from reage.media.exr import write_layers
from reage.media.imagefile import read_channels, read_plate
from reage.models.model import NullModel
from reage.models.model_card import ModelCard
from reage.pixels.geometry import Region
from reage.pixels.plate import PlateInfo
from reage.shot import track_stream
from reage.shot.clock import Clock
from reage.shot.track_stream import Outgrown, TrackStream

CARD = replace(NullModel().card, face_sizes=(60.0, 700.0))
DELTA = ("reage_delta.red", "reage_delta.green", "reage_delta.blue")


@pytest.fixture(scope="module")
def growing(tmp_path_factory) -> str:
    """The demo's head in 30 frames of ACEScg; from the twelfth on it is twice as large."""
    folder = tmp_path_factory.mktemp("growing")
    head = read_plate(home.samples() / "demo.1001.exr").rgb
    small = head[::2, ::2]
    for number in range(1, 31):
        rgb = np.full_like(head, 0.18)
        if number < 12:
            rgb[60 : 60 + len(small), 80 : 80 + small.shape[1]] = small
        else:
            rgb = head
        whole = Region(0, 0, head.shape[1], head.shape[0])
        channels = {n: np.ascontiguousarray(rgb[..., i]) for i, n in enumerate("RGB")}
        info = PlateInfo(whole, whole, ("R", "G", "B"))
        path = folder / f"plate.{number:04d}.exr"
        write_layers(path, channels, whole, info, {"colorspace": "ACEScg"}, pixel_type="half")
    return str(folder / "plate.%04d.exr")


def job(plate: str, out: Path, **more) -> reage.RenderJob:
    settings = reage.Settings(source_age=40, target_age=70, **more.pop("settings", {}))
    return reage.RenderJob(plate, str(out / "layers.%04d.exr"), settings, **more)


def model(card: ModelCard = CARD) -> NullModel:
    return NullModel(0.5, card)


@pytest.mark.parametrize("frames", ["1-11", "1-30", "5", "1-30x4"])
def test_the_track_is_the_one_that_tracking_alone_makes_and_so_are_the_pixels(
    growing, tmp_path, frames
):
    one = job(growing, tmp_path / "one", frames=frames)
    report = reage.render(one, model=model())
    alone = tmp_path / "alone.json"
    reage.make_track(one, alone)
    assert report.tracks[0].read_bytes() == alone.read_bytes()
    two = job(growing, tmp_path / "two", frames=frames, track=str(alone))
    again = reage.render(two, model=model())
    assert report.crops == again.crops and report.looks == again.looks
    assert sorted(report.notices) == sorted(again.notices)
    for frame in report.frames:
        pixels = [
            read_channels(tmp_path / which / f"layers.{frame.number:04d}.exr", DELTA)
            for which in ("one", "two")
        ]
        assert pixels[0][1] == pixels[1][1]
        assert np.array_equal(pixels[0][0], pixels[1][0])


@pytest.mark.parametrize("layers", [("delta", "matte"), ("beauty",)])
def test_each_frame_is_decoded_once(growing, tmp_path, monkeypatch, layers):
    read, real = Counter(), sequence.read_plate

    def counted(path, region=None, layer=None):
        read[path.name] += 1
        return real(path, region, layer)

    monkeypatch.setattr(sequence, "read_plate", counted)
    reage.render(job(growing, tmp_path, frames="12-30", layers=layers), model=model())
    again = Counter({"plate.0012.exr": 1, "plate.0030.exr": 1})  # are there other faces?
    assert read == Counter(f"plate.{n:04d}.exr" for n in range(12, 31)) + again


def test_a_crop_that_the_first_frames_suggest_and_the_shot_does_not_is_done_over(
    growing, tmp_path, monkeypatch
):
    monkeypatch.setattr(track_stream, "AHEAD", 2)
    told = []
    report = reage.render(job(growing, tmp_path), told.append, model=model())
    first = reage.render(job(growing, tmp_path / "first", frames="1-11"), model=model())
    assert report.crop.side > first.crop.side and report.crop.auto
    numbers = [t.frame for t in told]
    again = numbers.index(1, 1)  # some frames were rendered with the small crop, then all anew
    assert 0 < again < 20 and numbers[again:] == list(range(1, 31))
    whole = job(growing, tmp_path / "whole", track=str(report.tracks[0]))
    reage.render(whole, model=model())
    for number in (1, 11, 12, 30):
        folders = (tmp_path, tmp_path / "whole")
        one, two = (read_channels(f / f"layers.{number:04d}.exr", DELTA) for f in folders)
        assert one[1] == two[1] and np.array_equal(one[0], two[0])


def test_a_frame_that_cannot_be_read_ends_it_and_what_came_before_stays(growing, tmp_path):
    plates = tmp_path / "plates"
    plates.mkdir()
    for number in range(1, 31):
        (plates / f"plate.{number:04d}.exr").symlink_to(growing % number)
    broken = plates / "plate.0028.exr"
    broken.unlink()
    broken.write_bytes(Path(growing % 28).read_bytes()[:5000])
    wanted = job(str(plates / "plate.%04d.exr"), tmp_path / "out", frames="12-30")
    with pytest.raises(UnreadableFrame, match="0028"):
        reage.render(wanted, model=model())
    assert not list((tmp_path / "out").glob("*.json"))
    report = reage.render(replace(wanted, continue_on_error=True), model=model())
    assert [f.number for f in report.frames if f.outcome == "failed"] == [28]
    assert report.looks[0]["held"] == (28,)


def test_a_stop_ends_both_the_render_and_the_tracking(growing, tmp_path):
    asked = threading.Event()
    with pytest.raises(Cancelled, match=r"Stopped with \d+ of 30 frames finished"):
        reage.render(
            job(growing, tmp_path, settings={"crop_size": 128}), lambda p: asked.set(),
            asked.is_set, model=model(),
        )  # fmt: skip
    assert not [t for t in threading.enumerate() if t.name == "reage-track"]


def test_what_a_hand_sets_during_a_render_is_still_there_after_it(growing, tmp_path):
    wanted = job(growing, tmp_path, frames="12-20")
    path = reage.render(wanted, model=model()).tracks[0]
    track = FaceTrack.load(path)

    def edit(progress):
        moved = replace(track.frames[15], state="edited", size=99.0)
        path.write_text(replace(track, frames={**track.frames, 15: moved}).to_json())

    path.unlink()
    reage.render(wanted, edit, model=model())
    assert FaceTrack.load(path).frames[15].size == 99.0


# ---------------------------------------------------------------- the stream by itself


def stream(count: int, size=lambda n: 100.0, **more) -> TrackStream:
    def tracking():
        for n in range(count):
            yield replace(face(n), size=size(n))
        return TrackEnds((), ())

    empty = FaceTrack(320, 240, {})
    return TrackStream(tracking(), empty, {}, more.pop("cancelled", lambda: False), Clock(), **more)


def test_it_goes_no_more_than_a_few_frames_ahead():
    made = stream(50)
    try:
        made.suppose(lambda sizes: True)
        for n in range(50):
            assert made.at(n).frame == n
            assert len(made._faces) <= n + 1 + track_stream.AHEAD
            made.finished(n)
        assert list(made.whole().frames) == list(range(50))
    finally:
        made.close()


def test_a_supposition_that_fails_waits_for_the_end_and_may_come_true_again():
    for count, holds in ((16, False), (40, True)):
        made = stream(count, size=lambda n: 400.0 if 8 <= n < 16 else 100.0)
        try:
            made.suppose(lambda sizes: sizes[len(sizes) * 3 // 4] < 200)
            assert made.at(3).frame == 3
            for n in range(4):
                made.finished(n)
            if holds:
                assert made.at(13).frame == 13
            else:
                with pytest.raises(Outgrown):
                    made.at(13)
        finally:
            made.close()


def test_what_ends_the_tracking_is_told_to_all_who_wait():
    def tracking():
        yield face(0)
        raise UnreadableFrame("frame 1 is no picture")

    made = TrackStream(tracking(), FaceTrack(320, 240, {}), {}, lambda: False, Clock())
    try:
        assert made.at(0).frame == 0
        for ask in (lambda: made.at(1), made.whole):
            with pytest.raises(UnreadableFrame, match="no picture"):
                ask()
    finally:
        made.close()
