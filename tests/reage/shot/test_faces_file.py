"""Several faces in one render: each as it would be alone, and one file of layers."""

import json

import numpy as np
import pytest

import reage
from helpers.plate_files import write_image
from helpers.shots import HEIGHT, WIDTH, face, pixels, write_plate
from reage import home
from reage.cli import main
from reage.errors import SettingsError
from reage.faces import FaceTrack
from reage.frame.together import together
from reage.media.imagefile import read_info, read_plate
from reage.models.model import NullModel
from reage.shot.image import read_layers
from reage.shot.tracking import load_track, save_track

LEFT, RIGHT = (110.0, 120.0), (200.0, 110.0)
YOUNG, OLD = {"source_age": 40.0, "target_age": 20.0}, {"source_age": 30.0, "target_age": 70.0}


@pytest.fixture
def shot(tmp_path):
    """One plate, and the tracks of two faces whose mattes overlap."""
    write_plate(tmp_path / "plate.exr", pixels(3))
    for name, center in (("left", LEFT), ("right", RIGHT)):
        track = FaceTrack(WIDTH, HEIGHT, {1: face(1, center, 110.0)})
        save_track(track, tmp_path / f"{name}.json")
    return tmp_path


def faces_file(folder, *entries):
    path = folder / "faces.json"
    path.write_text(json.dumps({"reage_faces": 1, "faces": entries}))
    return str(path)


def both(folder):
    left, right = ({"track": str(folder / f"{n}.json")} for n in ("left", "right"))
    return faces_file(folder, left | YOUNG, right | OLD)


def render(folder, name, settings=None, **more):
    job = reage.RenderJob(
        str(folder / "plate.exr"), str(folder / name),
        reage.Settings(**{"crop_size": 128, **(settings or {})}), **more,
    )  # fmt: skip
    return reage.render(job, model=NullModel())


def test_a_path_may_have_an_environments_variables(shot, monkeypatch):
    named = faces_file(shot, *({"track": f"${{SHOT_OF_TEST}}/{n}.json"} for n in ("left", "right")))
    with pytest.raises(SettingsError, match=r"face 0: the environment has no \$\{SHOT_OF_TEST\}"):
        render(shot, "o.exr", faces=named)
    monkeypatch.setenv("SHOT_OF_TEST", str(shot))
    render(shot, "o.exr", faces=named)
    where = [each["face"] for each in json.loads(read_info(shot / "o.exr").metadata["reage:faces"])]
    assert where == ["left.json", "right.json"]


def test_what_is_to_be_known_of_the_plate_is_told_once(shot):
    report = render(shot, "both.mov", faces=both(shot))
    assert report.exit_code == 0
    of_plate = [n for n in report.notices if "The plate is" in n or "no frame rate" in n]
    assert len(of_plate) == 2 and not any(n.startswith("Face") for n in of_plate)
    left, right = ({"track": str(shot / f"{n}.json")} for n in ("left", "right"))
    entries = left | YOUNG, right | OLD | {"target_age": 99.0}
    report = render(shot, "both.exr", faces=faces_file(shot, *entries))
    assert [n[:8] for n in report.notices if "99" in n] == ["Face 1: "]


def test_together_they_are_what_each_is_alone(shot):
    report = render(shot, "both.exr", faces=both(shot), layers=("delta", "matte", "beauty"))
    render(shot, "left.exr", YOUNG, track=str(shot / "left.json"))
    render(shot, "right.exr", OLD, track=str(shot / "right.json"))
    alone = [read_layers(shot / name) for name in ("left.exr", "right.exr")]
    want = together(alone)
    mattes = [each.spread(want.region).matte > 0 for each in alone]
    assert (mattes[0] & mattes[1]).any()
    got = read_layers(shot / "both.exr")
    assert np.array_equal(got.delta, want.spread(got.region).delta)
    assert np.array_equal(got.matte, want.spread(got.region).matte)
    picture = read_plate(shot / "both.exr").rgb
    assert np.allclose(picture, got.over(pixels(3)), atol=1e-6)
    assert [path.name for path in report.tracks] == ["left.json", "right.json"]
    assert "and face 1: crop 128 px" in report.text()


def test_the_header_says_what_each_face_is_and_a_change_of_one_renders_again(shot):
    render(shot, "l.exr", faces=both(shot))
    said = read_info(shot / "l.exr").metadata
    assert [f["target_age"] for f in json.loads(said["reage:faces"])] == [20.0, 70.0]
    assert "reage:target_age" not in said
    assert render(shot, "l.exr", faces=both(shot), resume=True).numbers("kept") == (1,)
    left, right = ({"track": str(shot / f"{n}.json")} for n in ("left", "right"))
    other = faces_file(shot, left | YOUNG, right | OLD | {"target_age": 71.0})
    assert render(shot, "l.exr", faces=other, resume=True).numbers("done") == (1,)


def test_a_file_of_one_face_gives_that_faces_own_layers(shot):
    render(shot, "one.exr", faces=faces_file(shot, {"track": str(shot / "left.json")} | YOUNG))
    render(shot, "left.exr", YOUNG, track=str(shot / "left.json"))
    assert np.array_equal(read_layers(shot / "one.exr").delta, read_layers(shot / "left.exr").delta)


def test_the_list_writes_a_file_that_a_render_takes_and_all_needs_none(tmp_path, capsys):
    head = read_plate(home.demo_plate()[0]).rgb
    plate = write_image(tmp_path / "pair.exr", np.hstack([head, head[:, 60:]]))
    faces = tmp_path / "new" / "faces.json"
    words = ["track", str(plate), "--list", "-o", str(faces), "--colorspace", "ACEScg"]
    assert main(words) == 0 and f"faces file: {faces}" in capsys.readouterr().out
    entries = json.loads(faces.read_text())["faces"]
    assert [sorted(e) for e in entries] == 2 * [["face", "source_age", "target_age"]]
    entries[0] |= OLD
    asked = {"colorspace": "ACEScg", "crop_size": 128}
    for name, settings, more in (
        ("file.exr", {}, {"faces": faces_file(tmp_path, *entries)}),
        ("all.exr", {"face": "all"} | OLD, {}),
    ):
        job = reage.RenderJob(
            str(plate), str(tmp_path / name), reage.Settings(**asked, **settings), **more
        )
        report = reage.render(job, model=NullModel())
        centers = [load_track(path).at(1).center for path in report.tracks]
        assert abs(centers[0][0] - centers[1][0]) > 300
    one, every = (read_layers(tmp_path / name) for name in ("file.exr", "all.exr"))
    assert one.region.width < head.shape[1] < every.region.width


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ([{"source_age": 40.0}], "face 0: say which face it is, by face or by track"),
        ([{"face": "1", "blend": 0.5}], "face 0: blend holds for all faces of one output"),
        ([{"face": "1", "size": 3}], "face 0: unknown 'size'; known are source_age, "),
        ([{"face": "1", "target_age": "old"}], "--target-age is a number; it got 'old'"),
        ([{"face": "1", "target_age": 200.0}], "--target-age is 200"),
        ([{"track": 3, "target_age": 70.0}], "track is 3; it must be a file's name"),
        ([], "needs faces, a list of 1 to 1000"),
    ],
)
def test_a_wrong_file_is_told_in_a_sentence(shot, entries, said):
    with pytest.raises(SettingsError, match=said):
        render(shot, "l.exr", faces=faces_file(shot, *entries))


def test_what_would_count_twice_is_refused(shot):
    twice = {"track": str(shot / "left.json")} | OLD
    with pytest.raises(SettingsError, match="Faces 0 and 1 of .* are the same face"):
        render(shot, "l.exr", faces=faces_file(shot, twice, twice))
    write_plate(shot / "hair.exr", pixels(4))
    with pytest.raises(SettingsError, match="give each face its own hair_matte"):
        render(shot, "l.exr", {"hair_matte": str(shot / "hair.exr")}, faces=both(shot))
    with pytest.raises(SettingsError, match="--track is one face's"):
        render(shot, "l.exr", faces=both(shot), track=str(shot / "left.json"))
    with pytest.raises(SettingsError, match="Cannot read the faces file"):
        render(shot, "l.exr", faces=str(shot / "none.json"))


@pytest.mark.parametrize("version", ["true", "2", '"1"'])
def test_a_version_is_a_number(shot, version):
    (shot / "faces.json").write_text(f'{{"reage_faces": {version}, "faces": [{{"face": "0"}}]}}')
    with pytest.raises(SettingsError, match="is no faces file"):
        render(shot, "x.exr", faces=str(shot / "faces.json"))
