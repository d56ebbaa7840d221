"""A preflight finds each fault that is planted, all of them at once, and writes nothing."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict, replace
from pathlib import Path

import cv2
import numpy as np
import pytest

import reage
from helpers.bundles import bundle, rights
from helpers.onnx_files import CARD, delta_network
from helpers.shots import write_plate, write_shot
from helpers.small_disk import small_disk
from reage import home
from reage.cli import main
from reage.models.model import NullModel
from reage.shot.claiming import claimed
from reage.shot.rendering import render
from reage.tools.preflight.preflight import preflight
from reage.tools.preflight.room import size
from reage.tools.preflight.verdict import Preflight

FRAMES = (1001, 1002, 1003, 1004)


@pytest.fixture
def job(tmp_path: Path) -> reage.RenderJob:
    """Four frames of the demo plate."""
    folder = tmp_path / "plates"
    folder.mkdir()
    for number in FRAMES:
        shutil.copy(home.samples() / f"demo.{number}.exr", folder)
    look = reage.Settings(50, 70, crop_size=256)
    return reage.RenderJob(
        str(folder / "demo.%04d.exr"), str(tmp_path / "out" / "o.%04d.exr"), look, device="cpu"
    )


@pytest.fixture
def synthetic(tmp_path: Path) -> reage.RenderJob:
    """A shot without a face, with a track that has one."""
    plate, track = write_shot(tmp_path / "plates", frames=range(1, 5))
    look = reage.Settings(50, 70, crop_size=128)
    return reage.RenderJob(plate, str(tmp_path / "o.%04d.exr"), look, track=track, device="cpu")


def listed(folder: Path) -> dict[Path, tuple[int, int]]:
    return {p: (p.stat().st_size, p.stat().st_mtime_ns) for p in folder.rglob("*")}


def wrong(found: Preflight) -> dict[str, str]:
    return {f.subject: f.says for f in found.troubles}


def known(found: Preflight) -> str:
    return "\n".join(f.says for f in found.findings if f.verdict == "warn")


def test_a_shot_that_can_be_rendered_is_go_and_nothing_is_written(job, tmp_path) -> None:
    before = listed(tmp_path)
    found = preflight(job)
    assert listed(tmp_path) == before
    assert found.go and found.exit_code == 0 and found.frames == 4, found.text()
    assert found.text().splitlines()[-1].startswith("go (")
    words = found.text()
    for said in ("4 frames, 1001-1004, 960×540 px, ACEScg; 4 headers read", "4 of 4 sampled",
                 "reage-default", "Apache-2.0", "will be made", "a tile of 256 px"):  # fmt: skip
        assert said in words, words
    report = render(job)
    written = sum(p.stat().st_size for p in (tmp_path / "out").glob("*.exr"))
    assert 0.6 < found.bytes / written < 1.7 and report.exit_code == 0
    assert preflight(replace(job, track=str(report.track), output=str(tmp_path / "n.%04d.exr"))).go


def test_everything_wrong_is_told_at_once(job, tmp_path) -> None:
    cut = Path(job.plate % 1002)
    cut.write_bytes(cut.read_bytes()[:-40_000])
    Path(job.plate % 1003).write_bytes(b"")
    Path(job.plate % 1001).unlink()
    (tmp_path / "file").write_text("")
    ill = replace(
        job, frames="1001-1004", output=str(tmp_path / "file" / "o.%04d.exr"),
        settings=replace(job.settings, model=str(tmp_path / "no.onnx"),
                         age_map=str(tmp_path / "map.%04d.exr")),
    )  # fmt: skip
    found = preflight(ill)
    said = wrong(found)
    plates = [f.says for f in found.troubles if f.subject == "plate"]
    assert "frames are missing" in plates[0] and "1001" in plates[0]
    assert "2 of 3 frames cannot be read: 1002-1003" in plates[1]
    assert not any(f.subject == "plate" and f.verdict == "ok" for f in found.findings)
    assert "no.onnx" in said["model"] and "is a file" in said["output"]
    assert "map" in said["age map"]
    assert found.exit_code == 6 and "no go: 5 things are wrong" in found.text()
    assert main(["preflight", job.plate, "--source-age", "50", "--target-age", "70", "-o",
                 ill.output, "--frames", "1001-1004", "-q"]) == 6  # fmt: skip


@pytest.mark.parametrize("share", [0.02, 0.3, 0.97])
def test_a_file_that_was_cut_off_anywhere_is_found(job, share) -> None:
    """In frames whose pixels are not sampled, too: all ends are read."""
    data = Path(job.plate % 1001).read_bytes()
    for n in range(1005, 1025):
        Path(job.plate % n).write_bytes(data)
    Path(job.plate % 1008).write_bytes(data[: int(share * len(data))])
    found = preflight(job)
    assert "1 of 24 frames cannot be read: 1008: " in wrong(found)["plate"], found.text()
    assert found.exit_code == 3
    lenient = preflight(replace(job, continue_on_error=True))
    assert lenient.go and "cannot be read: 1008" in known(lenient)


@pytest.mark.parametrize("ending", ["png", "jpg", "tif"])
def test_other_formats_that_were_cut_off_are_found_too(tmp_path, ending) -> None:
    picture = np.random.default_rng(0).integers(0, 255, (270, 480, 3), np.uint8)
    for n in range(1, 12):
        cv2.imwrite(str(tmp_path / f"p.{n:04d}.{ending}"), picture)
    path = tmp_path / f"p.0004.{ending}"
    path.write_bytes(path.read_bytes()[:-3000])
    look = reage.Settings(50, 70, crop_size=256, colorspace="sRGB")
    job = reage.RenderJob(str(tmp_path / f"p.%04d.{ending}"), str(tmp_path / "o.%04d.exr"), look)
    assert "1 of 11 frames cannot be read: 4: " in wrong(preflight(job))["plate"]


def test_missing_frames_are_wrong_or_known(job) -> None:
    Path(job.plate % 1003).unlink()
    found = preflight(job)
    assert "1003" in wrong(found)["plate"] and found.exit_code == 3
    assert any(f.subject == "face" and f.verdict == "ok" for f in found.findings)
    for missing, words in (("hold", "show the plate of the frame before"), ("skip", "left out")):
        lenient = preflight(replace(job, missing=missing))
        assert lenient.go and f"The frames 1003 have no file, and {'are ' * (missing == 'skip')}" \
            f"{words}" in known(lenient)  # fmt: skip
    assert wrong(preflight(replace(job, plate=str(Path(job.plate).with_name("x.%04d.exr")))))


def test_sizes_and_spaces_that_change_are_told(synthetic, tmp_path) -> None:
    from reage.media.exr import write_layers
    from reage.pixels.geometry import Region
    from reage.pixels.plate import PlateInfo

    other = Region(0, 0, 200, 100)
    colors = {c: np.full((100, 200), 0.2, np.float32) for c in "RGB"}
    write_layers(Path(synthetic.plate % 3), colors, other, PlateInfo(other, other, ("R", "G", "B")),
                 {"colorspace": "ACES2065-1"})  # fmt: skip
    found = preflight(synthetic)
    assert "The frames 3 are of another size than the first" in known(found)
    assert "The frames 3 are in ACES2065-1" in known(found)
    movie = preflight(replace(synthetic, output=str(tmp_path / "o.mov")))
    assert "a movie has one size" in wrong(movie)["plate"]


def test_broken_pixels_are_told(synthetic) -> None:
    rgb = np.full((240, 320, 3), 0.2, np.float32)
    rgb[0, 0] = np.nan
    write_plate(Path(synthetic.plate % 1), rgb)
    assert "The frames 1 have pixels that are NaN" in known(preflight(synthetic))


def test_a_color_space_that_nobody_names_is_wrong(job) -> None:
    spaced = replace(job, settings=replace(job.settings, colorspace="Kodachrome"))
    found = preflight(spaced)
    assert found.exit_code == 3 and "Kodachrome" in found.text()


def test_no_face_is_wrong(synthetic) -> None:
    found = preflight(replace(synthetic, track=None))
    assert "No face was found in any of 4 sampled frames" in wrong(found)["face"]
    assert found.exit_code == 5


def test_frames_without_a_face_are_told(job) -> None:
    gone = np.full((540, 960, 3), 0.2, np.float32)
    from reage.media.exr import write_layers
    from reage.media.imagefile import read_info

    info = read_info(Path(job.plate % 1003))
    colors = {c: np.ascontiguousarray(gone[..., i]) for i, c in enumerate("RGB")}
    write_layers(Path(job.plate % 1003), colors, info.data, info, {"colorspace": "ACEScg"})
    found = preflight(job)
    assert found.go and "found in 3 of 4 sampled frames, and not in 1003" in known(found)


def test_a_track_is_held_against_the_plate(job, synthetic, tmp_path) -> None:
    found = preflight(replace(job, track=synthetic.track))
    assert "was made for plates of 320×240 px" in wrong(found)["face"] and found.exit_code == 5
    path = tmp_path / "t.json"
    made = render(replace(job, output=str(tmp_path / "x.%04d.exr"), frames="1001-1003"),
                  model=NullModel()).track  # fmt: skip
    assert "lacks frames 1004" in wrong(preflight(replace(job, track=str(made))))["face"]
    said = json.loads(Path(made).read_text())
    for frame in said["frames"]:
        frame["center"][0] += 400
    path.write_text(json.dumps(said))
    off = preflight(replace(job, track=str(path), frames="1001-1003"))
    assert off.go and "is not at the largest face of the frames 1001-1003" in known(off)


def test_an_output_that_is_claimed_is_told(job, tmp_path) -> None:
    (tmp_path / "out").mkdir()
    outputs = {n: Path(job.output % n) for n in (1003, 1004, 1005)}
    with claimed(job.output, outputs):
        found = preflight(job)
        assert "Frames 1003-1004 of" in wrong(found)["output"] and found.exit_code == 6
        assert preflight(replace(job, frames="1001-1002")).go
    assert preflight(job).go


def test_an_output_over_the_plate_is_wrong(job) -> None:
    found = preflight(replace(job, output=job.plate))
    assert "would overwrite the plate" in wrong(found)["output"] and found.exit_code == 2


def test_a_name_that_is_too_long_is_wrong(job, tmp_path) -> None:
    found = preflight(replace(job, output=str(tmp_path / f"{'x' * 300}.%04d.exr")))
    assert "output" in wrong(found) and found.exit_code == 6


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="to root nothing is closed")
def test_a_closed_folder_is_wrong(job, tmp_path) -> None:
    (tmp_path / "out").mkdir(mode=0o555)
    found = preflight(job)
    assert "read-only" in wrong(found)["output"] and found.exit_code == 6


def test_a_disk_that_is_too_small_is_wrong(job, tmp_path, monkeypatch) -> None:
    with small_disk(tmp_path / "small", 1_000_000) as mounted:
        if not mounted:
            usage = shutil.disk_usage(tmp_path)._replace(free=1_000_000)
            monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
        found = preflight(replace(job, output=str(tmp_path / "small" / "o.%04d.exr")))
    assert "1.0 MB are free" in wrong(found)["disk"] and found.exit_code == 6
    assert found.bytes and found.bytes > 2_000_000


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limit")
def test_a_limit_on_files_is_told(job) -> None:
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        found = preflight(job)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "ulimit -f" in wrong(found)["disk"]


def with_rights(path: Path, first: int, last: int) -> str:
    agreed = {**asdict(rights(first, last)), "overridden": ""}
    card = CARD | {"halo": 1, "crop_size": 128, "rights": agreed}
    return str(delta_network(path, card=card))


def test_a_consent_that_has_ended_ends_soon_or_has_not_begun(synthetic, tmp_path) -> None:
    def asked(first: int, last: int, **more) -> Preflight:
        model = with_rights(tmp_path / f"m{first}{last}.onnx", first, last)
        look = replace(synthetic.settings, model=model)
        return preflight(replace(synthetic, settings=look, **more))

    ended = asked(-20, -1)
    assert "The consent of Anna Example for The Long Year ended" in wrong(ended)["consent"]
    assert ended.exit_code == 4 and list(wrong(ended)) == ["consent"]
    assert any(f.subject == "memory" and f.verdict == "ok" for f in ended.findings)
    assert "begins on" in wrong(asked(3, 200))["consent"]
    soon = asked(-20, 12)
    assert soon.go and "The consent ends in 12 days" in known(soon)
    assert "The consent ends" not in known(asked(-20, 40))
    past = asked(-20, -1, past_consent="the director's cut")
    assert past.go and "the director's cut" in known(past)


def test_albums_are_asked_for_their_consents_whosever_face_takes_them(
    synthetic, tmp_path, monkeypatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("reage.home.cache", lambda: tmp_path / "cache")
    held = bundle(tmp_path / "held.reage", rights())
    ended = bundle(tmp_path / "ended.reage", replace(rights(-20, -1), performer="Bea"))
    other = bundle(tmp_path / "other.reage", replace(rights(-20, -2), performer="Cleo"))

    def asked(**look) -> Preflight:
        return preflight(replace(synthetic, settings=replace(synthetic.settings, **look)))

    of = [f.says for f in asked(pattern=f"{held}@60").findings if f.subject == "consent"]
    assert len(of) == 1 and of[0].startswith("Anna Example in The Long Year, until")
    both = asked(model=str(other), pattern=f"{ended}@60")
    said = [f.says for f in both.troubles]
    assert len(said) == 2 and "Cleo" in said[0] and "Bea" in said[1] and both.exit_code == 4
    faces = tmp_path / "faces.json"
    entry = {"track": synthetic.track, "pattern": f"{ended}@60"}
    faces.write_text(json.dumps({"reage_faces": 1, "faces": [entry]}))
    several = preflight(replace(synthetic, track=None, faces=str(faces)))
    assert "The consent of Bea" in wrong(several)["consent"]
    (tmp_path / "bad.reage").write_text("x")
    broken = asked(pattern=f"{tmp_path / 'bad.reage'}@60")
    assert len(broken.troubles) == 1 and "is no bundle" in broken.troubles[0].says


def test_a_crop_that_does_not_fit_is_wrong(synthetic, monkeypatch) -> None:
    import reage.shot.memory

    monkeypatch.setattr(reage.shot.memory, "available_memory", lambda: 10_000_000)
    look = replace(synthetic.settings, crop_size=1024)
    found = preflight(replace(synthetic, settings=look))
    assert "--crop-size 1024 needs about" in wrong(found)["memory"] and found.exit_code == 2
    assert [f.verdict for f in found.findings if f.subject == "memory"] == ["fail"]
    assert found.minutes is None


def test_devices_maps_and_patterns_are_looked_at(synthetic, tmp_path) -> None:
    folder = tmp_path / "maps"
    folder.mkdir()
    for n in (1, 2, 3, 4):
        write_plate(folder / f"m.{n:04d}.exr", np.full((240, 320, 3), 0.5, np.float32))
    mapped = replace(synthetic.settings, age_map=str(folder / "m.%04d.exr"))
    assert preflight(replace(synthetic, settings=mapped)).go
    cut = folder / "m.0003.exr"
    cut.write_bytes(cut.read_bytes()[:2000])
    said = wrong(preflight(replace(synthetic, settings=mapped)))["age map"]
    assert said.startswith("The frames 3 cannot be read")
    cut.unlink()
    assert "lacks frame 3" in wrong(preflight(replace(synthetic, settings=mapped)))["age map"]
    other = replace(synthetic.settings, pattern=str(tmp_path / "no.pattern.exr"))
    found = preflight(replace(synthetic, settings=other))
    assert "no.pattern.exr" in wrong(found)["pattern"] and found.exit_code == 2
    assert "directml" in wrong(preflight(replace(synthetic, device="directml")))["model"]


def test_what_the_render_would_say_is_said(synthetic) -> None:
    same = replace(synthetic.settings, source_age=95.0, target_age=95.0)
    said = known(preflight(replace(synthetic, settings=same)))
    assert "95 is outside" in said and "so nothing changes" in said


def test_files_that_stand_are_told(job, tmp_path) -> None:
    render(replace(job, frames="1001-1002"), model=NullModel())
    assert "The frames 1001-1002 of it stand already" in known(preflight(job))
    assert "stand already" not in known(preflight(replace(job, resume=True)))


def test_as_json(job, capsys, tmp_path) -> None:
    path = tmp_path / "job.json"
    path.write_text(job.to_json())
    assert main(["preflight", str(path), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)["result"]
    assert said["go"] and said["frames"] == 4 and said["bytes"] > 0 and said["minutes"] >= 0
    assert {"subject", "verdict", "says", "advice", "code"} == set(said["findings"][0])
    assert main(["preflight", str(path), "--frames", "1001-1009", "--json"]) == 3
    said = json.loads(capsys.readouterr().out)["result"]
    assert not said["go"] and "1005-1009" in said["text"]


def test_several_faces(synthetic, tmp_path) -> None:
    faces = tmp_path / "faces.json"
    entry = {"track": synthetic.track, "source_age": 50.0, "target_age": 30.0}
    faces.write_text(json.dumps({"reage_faces": 1, "faces": [entry, {**entry}]}))
    found = preflight(replace(synthetic, track=None, faces=str(faces)))
    assert "are the same face in most frames" in wrong(found)["faces"]


def test_sizes_in_words() -> None:
    assert [size(n) for n in (1500, 2.34e6, 8.5e9, 1.2e12)] == [
        "2 kB", "2.3 MB", "8.5 GB", "1.2 TB"
    ]  # fmt: skip


def test_each_rung_of_a_ladder_takes_room_and_may_stand_already(job) -> None:
    one = preflight(job)
    ladder = replace(job, ladder="20,35,70")
    three = preflight(ladder)
    assert three.bytes == pytest.approx(3 * one.bytes, rel=1e-3) and not three.troubles
    assert any("o.age{20,35,70}.%04d.exr" in f.says for f in three.findings)
    standing = Path(job.output.replace("o.", "o.age35.") % 1002)
    standing.parent.mkdir()
    standing.touch()
    assert any("The frames 1002 of it stand already" in f.says for f in preflight(ladder).findings)
    with claimed(job.output.replace("o.", "o.age70."), {1003: Path("o.age70.1003.exr")}):
        assert "are being rendered" in wrong(preflight(ladder))["output"]
