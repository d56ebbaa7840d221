"""Figures of models whose figures are known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pytest
import torch

from reage import home
from reage.media.imagefile import read_plate
from reage.models.channels import PARTS
from reage.models.model import ModelInput, NullModel
from reage.models.model_card import NEEDED, ModelCard
from reage.models.residual import Residual
from reage.pixels.color import Encoder
from reage.pixels.plate import Pixels
from reage_training.dataset import StoredView
from reage_training.evaluation.error_sums import ErrorSums
from reage_training.evaluation.figures import ErrorStats, fine_energy
from reage_training.evaluation.identity import meshes, shift
from reage_training.evaluation.prediction import predict, predict_picture
from reage_training.evaluation.speed import overhead
from reage_training.evaluation.splits import SPLITS, groups
from reage_training.evaluation.stills import OLDER, YOUNGER, Still, stills
from reage_training.evaluation.sweep import TARGETS, seat, sweep, worst_step
from reage_training.pairs.encoding import code
from reage_training.render.bank import Bank

CARD = NullModel().card
SAMPLES = home.samples()
PATTERNED = replace(CARD, inputs=(*NEEDED, "pattern"))


@dataclass(frozen=True)
class Oracle:
    """A model that knows the stills and answers `change(a still)`."""

    stills: tuple[Still, ...]
    change: Callable[[Still], Pixels]
    card: ModelCard = PATTERNED
    sha256: str = "0" * 64

    def run(self, input: ModelInput) -> Residual:
        pattern = input.pattern
        for still in self.stills:
            ages = (float(input.source_age[0, 0]), float(input.target_age[0, 0]))
            same_conditioning = (pattern is None) == (still.shown is None) and (
                pattern is None or np.array_equal(pattern, still.shown)
            )
            if (ages == still.step and same_conditioning
                    and np.array_equal(code().encode(still.rgb), input.picture)):  # fmt: skip
                return Residual(self.change(still), self.card.output_channels)
        raise AssertionError("an unknown picture")


@pytest.fixture(scope="module")
def all_stills(views: tuple[StoredView, ...], bank: Bank) -> tuple[Still, ...]:
    return tuple(still for view in views[:2] for still in stills(view, bank))


def tallied(model: Oracle | NullModel, shown: tuple[Still, ...]) -> dict:
    accumulator = ErrorSums()
    for still in shown:
        accumulator.add(still, predict(model, still))
    return accumulator.report()


def test_doing_nothing_takes_no_error_away(all_stills: tuple[Still, ...]) -> None:
    report = tallied(NullModel(), all_stills)
    for step in ("65→30", "20→80"):
        figures = report["pairs"][step]["all"]
        assert figures["reduction"] == 0 and figures["error"] == figures["nothing"] > 0
        assert figures["outside"] == figures["detail_amplitude"] == 0
    assert report["pairs"]["45→45"]["all"]["change"] == 0
    assert report["waxiness"]["65→30"]["made"] == 1


def test_the_truth_is_perfect_and_half_of_it_half(all_stills: tuple[Still, ...]) -> None:
    whole = tallied(Oracle(all_stills, lambda s: s.true), all_stills)
    for step in ("65→30", "30→65", "80→20", "20→80", "65→45"):
        figures = whole["pairs"][step]["all"]
        assert figures["reduction"] == figures["detail_amplitude"] == 1
        assert figures["detail_correlation"] == 1
    assert whole["waxiness"]["65→30"]["made"] == whole["waxiness"]["65→30"]["true"]
    seen = whole["identity"]["65→30"]
    assert seen["made"] == seen["true"] and seen["apart"]["p95"] == 0
    half = tallied(Oracle(all_stills, lambda s: s.true / 2), all_stills)["pairs"]["65→30"]["all"]
    assert half["reduction"] == half["detail_amplitude"] == pytest.approx(0.5, abs=1e-4)
    against = tallied(Oracle(all_stills, lambda s: -s.true), all_stills)["pairs"]["65→30"]["all"]
    assert against["reduction"] == pytest.approx(-1, abs=1e-4)
    assert against["detail_correlation"] == pytest.approx(-1, abs=1e-4)


def test_true_parts_and_hair_are_perfect_and_sum_to_the_truth(
    all_stills: tuple[Still, ...],
) -> None:
    def parts(still: Still) -> Pixels:
        zero = np.zeros_like(still.true)
        hair = zero if still.hair is None else still.hair
        three = (still.true, zero, zero)
        if still.parts is not None:
            three = (still.parts.detail, still.parts.form, still.parts.tone)
            np.testing.assert_allclose(still.parts.total, still.true, atol=1e-5)
        return np.concatenate([*three, hair, still.hair_coverage[..., None]], -1)

    card = replace(PATTERNED, outputs=(*PARTS, "hair", "hair_matte"))
    report = tallied(Oracle(all_stills, parts, card), all_stills)
    for step in ("65→30", "30→65"):
        for part in ("detail", "form", "tone"):
            assert report["parts"][step][part]["reduction"] == pytest.approx(1, abs=1e-4)
            assert report["parts"][step][part]["correlation"] == pytest.approx(1, abs=1e-4)
    assert report["hair"]["matte_error"] == 0
    assert report["hair"]["correlation"] > 0.9  # what the matte leaves of it


def test_the_conditioning_map_decides_which_truth_is_asked_for(
    all_stills: tuple[Still, ...],
) -> None:
    by_conditioning = {
        s.conditioning: s for s in all_stills[: len(all_stills) // 2] if s.step == OLDER
    }
    own, other, none = (by_conditioning[name] for name in ("own", "other", "none"))
    assert none.shown is None and not np.array_equal(own.shown, other.shown)
    np.testing.assert_array_equal(own.rgb, other.rgb)
    np.testing.assert_array_equal(own.true, none.true)
    stubborn = tallied(Oracle(all_stills, lambda s: by_conditioning["own"].true
                              if s.rgb is own.rgb else s.true), (other, own))  # fmt: skip
    assert stubborn["guides"]["30→65"]["own"]["reduction"] == 1
    assert stubborn["guides"]["30→65"]["other"]["reduction"] < 0.95
    younger = [s for s in all_stills if s.step == YOUNGER][:2]
    np.testing.assert_array_equal(younger[0].true, younger[1].true)


def test_what_photographs_give_is_shown_where_the_dataset_has_it(
    views: tuple[StoredView, ...], bank: Bank
) -> None:
    """The truth is the same; the map is the one of the photographs, here 7 all over."""
    assert not bank.seen
    seen = tuple(torch.full_like(level[..., :3], 7.0) for level in bank.patterns)
    of = {s.conditioning: s for s in stills(views[0], replace(bank, seen=seen)) if s.step == OLDER}
    np.testing.assert_array_equal(of["seen"].true, of["own"].true)
    shown, face = of["seen"].shown, of["own"].shown
    assert shown is not None and face is not None
    assert np.median(shown[face.any(-1)]) == 7
    assert "seen" not in {still.conditioning for still in stills(views[0], bank)}


def test_what_spills_beside_the_skin_is_seen(all_stills: tuple[Still, ...]) -> None:
    report = tallied(NullModel(strength=0.1), all_stills)
    assert report["pairs"]["30→65"]["all"]["outside"] == pytest.approx(0.035, abs=1e-4)


def test_every_view_is_in_one_group_of_each_kind(views: tuple[StoredView, ...]) -> None:
    for view in views:
        mine = set(groups(view.metadata))
        for kind in ("skin tone", "pose", "sex"):
            assert len(mine & set(SPLITS[kind])) == 1
        assert len(mine & {"hard", "soft"}) == 1
    metadata = dict(views[0].metadata)
    lights = {"ambient": [[0, 0, 0]] * 9, "color": [[1, 1, 1]]}
    front = {**metadata, "lights": {**lights, "direction": [[0, 0, 1]]}}
    assert "hard" in groups(front) and "back light" not in groups(front)
    behind = {**metadata, "lights": {**lights, "direction": [[0, 0, -1]]}}
    assert {"soft", "back light"} <= set(groups(behind))


@pytest.mark.parametrize("encoding", ["sRGB", "ACEScct"])
def test_a_model_of_another_encoding_and_size_is_measured_in_the_same_units(
    encoding: str, all_stills: tuple[Still, ...]
) -> None:
    """A constant in the model's own encoding is that constant there, wherever its crop lies."""
    still = all_stills[0]
    card = replace(CARD, encoding=encoding, fixed_size=64, crop_size=64, crop_scale=1.2)
    made = predict_picture(NullModel(0.1, card), still.rgb, still.landmarks, (20, 80), still.shown)
    middle = slice(40, 56)
    after = code().decode(code().encode(still.rgb) + made.delta)
    own = Encoder("ACEScg", encoding)
    added = (own.encode(after) - own.encode(still.rgb))[middle, middle]
    np.testing.assert_allclose(added, 0.06, atol=1e-3)
    assert not made.delta[0, 0].any()  # beyond the crop
    np.testing.assert_allclose(made.parts.total, made.delta, atol=1e-6)


def test_a_sweep_of_a_steady_model_never_falls(
    views: tuple[StoredView, ...], bank: Bank
) -> None:
    at = seat(views[0], bank, 16)
    assert list(at.true) == sorted(at.true) and at.true[0] == 0
    means = sweep(NullModel(0.1), at)
    np.testing.assert_allclose(means, [0.1 * (t - 20) / 100 for t in TARGETS], atol=1e-6)
    assert worst_step([means]) == pytest.approx(1 / 12, rel=1e-3)
    assert worst_step([means, (0.0, 0.2, 0.1)]) == pytest.approx(-0.5)


def test_the_same_picture_has_the_same_landmarks_and_a_moved_one_moves_them() -> None:
    rgb = read_plate(SAMPLES / "demo.1001.exr").rgb
    found = meshes(rgb, rgb, np.roll(rgb, 6, axis=1))
    assert found is not None
    first, same, aside = found
    assert max(shift(first, same).shifts) == 0
    wanted = 6 * 512 / rgb.shape[0]
    assert 0.5 * wanted < np.median(shift(first, aside).shifts) < 1.2 * wanted
    assert meshes(np.zeros_like(rgb)) is None


def test_landmarks_that_move_are_told_in_px() -> None:
    before = np.random.default_rng(0).uniform(0, 512, (468, 2))
    before[[33, 263]] = [[150, 200], [350, 200]]
    assert shift(before, before) == replace(shift(before, before), corners_down=0.0)
    moved = shift(before, before + np.array([3, 4]))
    np.testing.assert_allclose(moved.shifts, 5)
    assert moved.corners_down == pytest.approx(0, abs=1e-9)
    sad = before.copy()
    sad[[61, 291], 1] += 2.5
    assert shift(before, sad).corners_down == pytest.approx(2.5)


def test_half_a_picture_has_a_quarter_of_its_energy() -> None:
    picture = np.random.default_rng(0).normal(0, 1, (64, 64, 3)).astype(np.float32)
    coverage = np.ones((64, 64), np.float32)
    assert fine_energy(picture / 2, coverage) == pytest.approx(fine_energy(picture, coverage) / 4)


def test_error_stats_of_nothing_have_no_ratio() -> None:
    zero = np.zeros((4, 4, 3), np.float32)
    nothing = ErrorStats.of(zero, zero, np.ones((4, 4), np.float32))
    assert nothing.reduction is nothing.amplitude is nothing.correlation is None


def test_tiles_cost_what_their_halo_costs() -> None:
    assert overhead(replace(CARD, halo=0)) == 1
    assert overhead(replace(CARD, halo=24)) == (1024 / 960) ** 2  # 24 px on a stride of 16
    assert overhead(replace(CARD, halo=256)) == 4
    assert overhead(replace(CARD, fixed_size=512)) is None
    assert overhead(replace(CARD, halo=512)) is None
