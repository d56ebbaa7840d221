"""The render job as a document: what differs from frame to frame, and what is refused."""

import json

import pytest

from reage.errors import SettingsError
from reage.job import RenderJob
from reage.settings import Settings, settings_of

LOOK = Settings(source_age=40, target_age=70, blend=0.9, crop_size=128)
KEYED = RenderJob(
    "p.%04d.exr", "o.%04d.exr", LOOK,
    by_frame={1001: {"target_age": 65.5}, 1002: {"source_age": 41, "blend": 0.0}},
    marks={1001: "a1b2", 1003: "é"},
)  # fmt: skip


def test_a_frame_has_its_own_ages_and_blend_and_all_else_from_the_job():
    assert KEYED.at(1000) == LOOK
    assert KEYED.at(1001) == Settings(40, 65.5, 0.9, crop_size=128)
    assert KEYED.at(1002) == Settings(41, 70, 0.0, crop_size=128)


def test_what_differs_by_frame_survives_json():
    again = RenderJob.from_json(KEYED.to_json())
    assert again == KEYED and again.at(1002) == KEYED.at(1002) and again.marks[1003] == "é"
    assert list(json.loads(KEYED.to_json())["by_frame"]) == ["1001", "1002"]


def test_a_setting_that_was_renamed_is_read_by_its_name_from_before():
    document = json.loads(KEYED.to_json())
    document["settings"]["grey"] = document["settings"].pop("gray") + 0.5
    document["by_frame"]["1001"]["grey"] = 0.25
    job = RenderJob.from_document(document)
    assert (job.at(1000).gray, job.at(1001).gray) == (0.5, 0.25)


def test_a_job_with_keys_can_still_be_hashed():
    assert hash(KEYED) == hash(RenderJob.from_json(KEYED.to_json()))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"by_frame": {"x": {}}}, "by_frame has the key 'x', which is no frame number"),
        ({"marks": {"1.5": "a"}}, "marks has the key '1.5', which is no frame number"),
        ({"by_frame": [1]}, "by_frame must be a JSON object"),
        ({"by_frame": {"3": {"smooth": 1.0}}}, "by_frame sets smooth at frame 3"),
        ({"by_frame": {"3": {"target_age": 170}}}, "at frame 3: --target-age is 170"),
        ({"by_frame": {"3": {"target_age": "old"}}}, "at frame 3: --target-age is a number"),
        ({"by_frame": {"3": {"blend": float("nan")}}}, "number at line 1"),
        ({"by_frame": {"9" * 12: {}}}, "it takes settings by frame number"),
        ({"settings": {"source_age": None}}, "--source-age is a number"),
        ({"settings": {"model": 5}}, "--model is text; it got 5"),
        ({"resume": "yes"}, "--resume is true or false; it got 'yes'"),
        ({"layers": 5}, "--layers is a list; it got 5"),
        ({"layers": [[1]]}, "it got [1]"),
        ({"by_frame": {"3": 50}}, "50 for frame 3"),
        ({"marks": {"3": 7}}, "mark of frame 3 is 7"),
        ({"settings": [1]}, "settings must be a JSON object"),
        ({"plate": 7}, "plate is 7; it must be a path"),
    ],
)
def test_a_wrong_document_is_refused_in_a_sentence(change, says):
    text = json.dumps({"plate": "a", "output": "b"} | change)
    with pytest.raises(SettingsError) as refused:
        RenderJob.from_json(text)
    assert says in str(refused.value) and str(refused.value).endswith(".")


@pytest.mark.parametrize(("text", "value"), [("24", 24.0), ("30000/1001", 30000 / 1001)])
def test_a_rate_may_be_written_as_television_counts(text, value):
    (rate,) = (each for each in settings_of(RenderJob) if each.name == "rate")
    assert rate.reader(text) == value
    RenderJob("in.%04d.exr", "out.%04d.exr", Settings(source_age=30, target_age=60), rate=value)


@pytest.mark.parametrize("text", ["30000/0", "/", "30000/", "/1001", "1/2/3", "thirty"])
def test_what_is_no_rate_is_refused(text):
    (rate,) = (each for each in settings_of(RenderJob) if each.name == "rate")
    with pytest.raises(ValueError):
        rate.reader(text)
