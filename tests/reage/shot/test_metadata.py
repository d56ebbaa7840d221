"""What headers say of model, card and settings, and by what a resumed render knows its frames."""

import json
import os
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import reage
from helpers.bundles import bundle, page, rights
from helpers.part_models import PartsModel
from helpers.plate_files import write_image
from helpers.shots import HEIGHT, WIDTH, write_shot
from reage.album import page_path
from reage.frame.layers import said
from reage.media.imagefile import read_info
from reage.models.model import NullModel
from reage.models.model_card import NEEDED
from reage.models.onnx_model import OnnxModel
from reage.pattern.file import PatternFile
from reage.pattern.maps import SIZE
from reage.shot import fingerprints
from reage.shot.marks import ages_of
from reage.shot.tracking import load_track, save_track

MODEL = NullModel(strength=0.5)


@pytest.fixture
def shot(tmp_path):
    return write_shot(tmp_path / "plates", range(1, 4))


def job(shot, folder, target=70.0, **more):
    look = reage.Settings(
        source_age=40.0, target_age=target, crop_size=128, **more.pop("settings", {})
    )
    return reage.RenderJob(shot[0], str(folder / "l.%04d.exr"), look, track=shot[1], **more)


def words(folder, number=1):
    return said(read_info(folder / f"l.{number:04d}.exr").metadata)


def with_card(**changed):
    return replace(MODEL, card=replace(MODEL.card, **changed))


def test_a_frame_names_model_card_license_and_settings(shot, tmp_path):
    reage.render(job(shot, tmp_path), model=MODEL)
    told = words(tmp_path)
    assert told["model_sha256"] == MODEL.sha256 and told["card_sha256"] == MODEL.card.sha256
    assert told["license"] == MODEL.card.license and "consent" not in told
    assert told["made_from"].startswith(f"settings:{told['settings_sha256'][:8]} ")
    assert words(tmp_path, 2)["settings_sha256"] == told["settings_sha256"]
    curve = {"by_frame": {2: {"target_age": 71.0}}}
    reage.render(job(shot, tmp_path, **curve), model=MODEL)
    assert words(tmp_path, 2)["target_age"] == 71.0  # ages are told by themselves
    assert words(tmp_path, 2)["settings_sha256"] == told["settings_sha256"]
    reage.render(job(shot, tmp_path, settings={"shape_lids": 0.5}), model=MODEL)
    assert words(tmp_path)["settings_sha256"] != told["settings_sha256"]


def test_what_is_another_is_told_of_ages_by_themselves(shot, tmp_path):
    reage.render(job(shot, tmp_path), model=MODEL)
    other = reage.render(job(shot, tmp_path, target=71.0, resume=True), model=MODEL)
    assert other.made_anew == {"changed since: ages": (1, 2, 3)}


def test_a_cards_hash_is_of_what_it_says_and_of_no_render(tmp_path):
    card = bundle_card(tmp_path)
    assert card.sha256 == type(card).from_json(card.to_json(), "itself").sha256
    assert len({card.sha256, replace(card, license="none").sha256,
                replace(card, rights=None).sha256}) == 3  # fmt: skip
    overridden = replace(card, rights=replace(card.rights, overridden="a pickup day"))
    assert overridden.sha256 == card.sha256


def bundle_card(folder):
    return OnnxModel.load(bundle(folder / "anna.reage", rights()), "cpu").card


def test_an_actors_frames_say_how_far_the_model_is_trusted(shot, tmp_path):
    model = OnnxModel.load(bundle(tmp_path / "anna.reage", rights()), "cpu", person=0.5)
    reage.render(job(shot, tmp_path, settings={"person": 0.5}), model=model)
    assert words(tmp_path)["person"] == 0.5 and words(tmp_path)["consent"] == "ab" * 32


def test_resume_keeps_frames_and_another_card_makes_them_anew(shot, tmp_path):
    reage.render(job(shot, tmp_path), model=MODEL)
    kept = reage.render(job(shot, tmp_path, resume=True), model=MODEL)
    assert kept.numbers("kept") == (1, 2, 3)
    other = reage.render(
        job(shot, tmp_path, resume=True), model=with_card(license="LicenseRef-Studio")
    )
    assert other.numbers("kept") == ()
    assert other.made_anew == {"changed since: model": (1, 2, 3)}
    assert words(tmp_path)["license"] == "LicenseRef-Studio"


def test_two_runs_write_the_same_bytes_whenever_they_run(shot, tmp_path):
    made = []
    for folder in (tmp_path / "a", tmp_path / "b"):
        reage.render(job(shot, folder, layers=("delta", "matte", "beauty")), model=MODEL)
        made.append([path.read_bytes() for path in sorted(folder.glob("l.*.exr"))])
        time.sleep(1.1)  # a date in a header has seconds
    assert made[0] == made[1] and len(made[0]) == 3
    assert not read_info(Path(tmp_path / "a" / "l.0001.exr")).metadata.get("DateTime")


def test_several_faces_have_settings_of_their_own_in_one_header(shot, tmp_path):
    track = load_track(Path(shot[1]))
    there = {n: replace(f, center=(40.0, 200.0), size=40.0) for n, f in track.frames.items()}
    second = tmp_path / "second.json"
    save_track(replace(track, frames=there), second)
    faces = tmp_path / "faces.json"
    faces.write_text(json.dumps({"reage_faces": 1, "faces": [
        {"track": shot[1], "source_age": 30, "target_age": 60},
        {"track": str(second), "source_age": 30, "target_age": 50, "pattern": 7},
    ]}))  # fmt: skip
    reage.render(replace(job(shot, tmp_path), track=None, faces=str(faces)), model=MODEL)
    told = words(tmp_path)
    each = json.loads(told["faces"])
    assert len({face["settings_sha256"] for face in each}) == 2
    assert "settings_sha256" not in told and told["card_sha256"] == MODEL.card.sha256
    assert ages_of(told) == [(30, 60), (30, 50)]
    assert [face["face"] for face in each] == ["track.json", "second.json"]


PATTERNED = PartsModel(card=replace(PartsModel().card, inputs=(*NEEDED, "pattern")))


@pytest.fixture
def here(tmp_path):
    """A folder with a shot, all that a render may read beside it, and what it baked."""
    folder = tmp_path / "here"
    write_shot(folder, range(1, 4))
    half = np.full((HEIGHT, WIDTH, 3), 0.5, np.float32)
    for name in ("map", "hair"):
        write_image(folder / f"{name}.exr", half)
    for age in (40, 80):
        page(page_path(folder / "book" / "album", age), age / 100)
    one = np.ones((SIZE, SIZE), np.float32)
    PatternFile(np.zeros((SIZE, SIZE, 3), np.float32), one, one).write(folder / "a.pattern.exr")
    reage.render(mounted(folder), model=PATTERNED)
    return folder


def mounted(folder, **more):
    """What is rendered there."""
    told = {
        "age_map": str(folder / "map.exr"), "hair_matte": str(folder / "hair.exr"), "gray": 1.0,
        "pattern": f"{folder / 'a.pattern.exr'}*0.5+{folder / 'book'}@target*0.3+5", "steady": 0.5,
        "model": str(folder / "net.onnx"),
    }  # fmt: skip
    shot = str(folder / "shot.%04d.exr"), str(folder / "track.json")
    return job(shot, folder / "out", layers=("delta", "matte", "parts"), settings=told, **more)


def test_another_mount_writes_the_same_bytes_and_resumes(here, tmp_path):
    there = tmp_path / "mnt" / "there"
    shutil.copytree(here, there)  # with the times of its files
    kept = reage.render(mounted(there, resume=True), model=PATTERNED)
    assert kept.numbers("kept") == (1, 2, 3)
    reage.render(mounted(there), model=PATTERNED)
    for n in (1, 2, 3):
        made = (there / "out" / f"l.{n:04d}.exr").read_bytes()
        assert made == (here / "out" / f"l.{n:04d}.exr").read_bytes()
        assert str(tmp_path).encode() not in made


@pytest.mark.parametrize("name", ["map.exr", "hair.exr", "a.pattern.exr"])
def test_of_what_is_read_beside_the_plate_the_content_counts(here, name):
    asked = mounted(here, resume=True)
    os.utime(here / name, ns=(1, 1))  # touched, not changed
    assert reage.render(asked, model=PATTERNED).numbers("kept") == (1, 2, 3)
    if name == "a.pattern.exr":
        one = np.ones((SIZE, SIZE), np.float32)
        PatternFile(np.ones((SIZE, SIZE, 3), np.float32), one, one).write(here / name)
    else:
        write_image(here / name, np.full((HEIGHT, WIDTH, 3), 0.75, np.float32))
    what = "pattern file" if name == "a.pattern.exr" else "age map or hair matte"
    anew = reage.render(asked, model=PATTERNED).made_anew
    assert [*anew.values()] == [(1, 2, 3)] and what in next(iter(anew))


def test_of_the_plate_time_and_size_count_to_the_finest_that_servers_keep(here):
    asked, second = mounted(here, resume=True), here / "shot.0002.exr"
    when = second.stat().st_mtime_ns
    os.utime(second, ns=(1, when // 100 * 100))  # as another server tells it
    assert reage.render(asked, model=PATTERNED).numbers("kept") == (1, 2, 3)
    os.utime(second, ns=(1, when + 100))
    assert 2 in reage.render(asked, model=PATTERNED).numbers("done")


def test_a_neighbours_age_map_counts_where_changes_are_steadied(here):
    maps = [here / f"map.{n:04d}.exr" for n in (1, 2, 3)]
    for path in maps:
        shutil.copy(here / "map.exr", path)
    asked = mounted(here)
    drawn = replace(asked.settings, age_map=str(here / "map.%04d.exr"))
    asked = replace(asked, settings=drawn)
    reage.render(asked, model=PATTERNED)
    write_image(maps[2], np.full((HEIGHT, WIDTH, 3), 0.75, np.float32))
    again = reage.render(replace(asked, resume=True, frames="2"), model=PATTERNED)
    assert again.numbers("done") == (2,) and "frames beside them" in str(again.made_anew)


def test_threads_that_ask_for_one_file_read_it_once(tmp_path, monkeypatch):
    path, reads = tmp_path / "map.exr", []
    path.write_bytes(b"map")

    def slow(file):
        reads.append(file)
        time.sleep(0.05)
        return "hash"

    monkeypatch.setattr(fingerprints, "sha256_of", slow)
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(fingerprints.content_of, [path] * 4)) == {"hash"}
    assert reads == [path]
