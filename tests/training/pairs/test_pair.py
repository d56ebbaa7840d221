"""Pairs are repeatable, aligned, and ask only for what can be learned."""

from __future__ import annotations

from collections.abc import Generator
from functools import partial

import cv2
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from reage.pixels.color import Encoder
from reage_training.dataset import StoredView
from reage_training.network import INPUT
from reage_training.pairs.batches import Batch, batches, collate
from reage_training.pairs.encoding import acescct, linear, srgb
from reage_training.pairs.jpeg import compressed
from reage_training.pairs.optics import draw_optics
from reage_training.pairs.pair import (
    OLDEST,
    YOUNGEST,
    Pair,
    draw_ages,
    draw_pair,
    draw_window,
    dyed,
    finished,
    steps_between,
)
from reage_training.pairs.retouch import retouched
from reage_training.pairs.sensor import draw_sensor
from reage_training.parallel import ALONE, Ranks
from reage_training.render.bank import Bank, bank_of
from reage_training.render.look import Look
from reage_training.render.picture import AddedPattern, Pictures, pictures
from reage_training.render.skin import Ages
from reage_training.render.window import whole
from reage_training.schedule import FitSettings
from reage_training.synth.view import UV
from reage_training.textures import occluder_matte, texture
from reage_training.validation import still_pair

CPU = torch.device("cpu")
SIZE = 48
seeds = st.integers(0, 2**32)
few = settings(max_examples=25, deadline=None)


def lit_of(view: StoredView, bank: Bank, source: float, target: float, seed: int = 0,
           growth: AddedPattern | None = None) -> Pictures:  # fmt: skip
    window = draw_window(np.random.default_rng(seed), view, SIZE, CPU)
    return pictures(window, bank, Look.of(view.metadata, bank.count),
                    steps_between(source, target), growth)  # fmt: skip


def through(lit: Pictures, seed: int, ages: tuple[float, float] = (30.0, 70.0)) -> Pair:
    noise = torch.Generator().manual_seed(seed)
    return finished(np.random.default_rng(seed), lit, lit.conditioning, ages, SIZE, noise)


def test_the_same_seed_and_index_give_the_same_bits(
    views: tuple[StoredView, ...], bank: Bank
) -> None:
    for index in range(4):
        a, b = (draw_pair(views, bank, 3, index, SIZE) for _ in range(2))
        for name, channels in (("picture", INPUT.count), ("parts", 12), ("coverage", 2)):
            one, two = getattr(a, name), getattr(b, name)
            assert one.dtype == torch.float32 and one.shape == (channels, SIZE, SIZE)
            assert torch.equal(one, two) and one.isfinite().all()
    others = (draw_pair(views, bank, *n, SIZE).picture for n in ((3, 4), (4, 3)))
    assert all(not torch.equal(a.picture, other) for other in others)


def row(
    views: tuple[StoredView, ...], bank: Bank, first: int, workers: int, ranks: Ranks = ALONE,
    **settings: int,
) -> Generator[Batch, None, None]:  # fmt: skip
    asked = FitSettings(**{"steps": 9, "batch": 2, "window": 32, "seed": 1, **settings})
    draw = partial(draw_pair, views, bank, asked.seed, size=asked.window)
    return batches(lambda: draw, bank.device, asked, first, workers, ranks)


def test_ranks_share_a_step_out_among_them(views: tuple[StoredView, ...], bank: Bank) -> None:
    rows = [row(views, bank, 0, 1, batch=4), *(row(views, bank, 0, 1, Ranks(k, 2)) for k in (0, 1))]
    for _ in range(2):
        whole, *parts = (next(each) for each in rows)
        for a, *b in zip(whole, *parts, strict=True):
            assert torch.equal(a, torch.cat(b))
    for each in rows:
        each.close()


def test_the_number_of_workers_changes_no_batch(views: tuple[StoredView, ...], bank: Bank) -> None:
    starts = ((0, 1), (0, 3), (2, 1))
    rows = [row(views, bank, first, workers) for first, workers in starts]
    one, three, late = ([next(each) for _ in range(3)] for each in rows)
    for a, b in (*zip(one, three, strict=True), (one[2], late[0])):
        assert all(torch.equal(x, y) for x, y in zip(a, b, strict=True))
    for each in rows:
        each.close()


def test_pairs_that_are_used_twice_come_back_mirrored(
    views: tuple[StoredView, ...], bank: Bank
) -> None:
    twice = row(views, bank, 0, 1, uses=2)
    first, again, second, _ = (next(twice) for _ in range(4))
    twice.close()
    for plain, back in zip(first, again.mirrored(), strict=True):
        assert torch.equal(plain, back)
    assert not torch.equal(first.picture, second.picture)


@pytest.mark.parametrize("first", [3, 4])
def test_a_row_of_pairs_that_are_used_twice_goes_on_as_it_was(
    first: int, views: tuple[StoredView, ...], bank: Bank
) -> None:
    rows = row(views, bank, 0, 1, uses=2), row(views, bank, first, 2, uses=2)
    whole, late = ([next(each) for _ in range(8 - begun)]
                   for begun, each in ((0, rows[0]), (first, rows[1])))  # fmt: skip
    for each in rows:
        each.close()
    for one, other in zip(whole[first:], late, strict=True):
        assert all(torch.equal(x, y) for x, y in zip(one, other, strict=True))


def test_a_mirrored_batch_is_its_pairs_mirrored(views: tuple[StoredView, ...], bank: Bank) -> None:
    pairs = [draw_pair(views, bank, 0, index, 32) for index in (0, 1)]
    batch = collate(pairs).mirrored()
    for k, pair in enumerate(pairs):
        for tensor, name in zip(batch, ("picture", "parts", "coverage"), strict=True):
            assert torch.equal(tensor[k], getattr(pair, name).flip(-1))


@given(seeds)
@few
def test_equal_ages_ask_for_no_change_whatever_the_camera_does(
    views: tuple[StoredView, ...], bank: Bank, seed: int
) -> None:
    pair = through(lit_of(views[0], bank, 45, 45, seed), seed, (45, 45))
    assert not pair.parts[:9].any()
    assert pair.picture[3:5].unique().tolist() == [np.float32(0.45)]


def test_the_parts_are_the_change_from_one_age_to_the_other(
    views: tuple[StoredView, ...], bank: Bank
) -> None:
    pair = still_pair(views[0], bank, 30, 75)
    back = still_pair(views[0], bank, 75, 30)
    detail, form, tone, hair = pair.parts.split(3)
    assert all(part.abs().max() > 0.01 for part in (detail, form, tone, hair))
    change = detail + form + tone
    torch.testing.assert_close(pair.picture[:3] + change, back.picture[:3], rtol=0, atol=1e-5)
    torch.testing.assert_close(change, -sum(back.parts.split(3)[:3]), rtol=0, atol=1e-5)


def test_nothing_changes_beside_skin_and_hair(views: tuple[StoredView, ...], bank: Bank) -> None:
    for view in views:
        pair = still_pair(view, bank, 20, 85)
        skin, hair = pair.coverage
        assert not pair.parts[:9, (skin == 0)].any()
        assert pair.parts[9:, (hair == 0) & (skin == 0)].abs().max() < 1e-3
        assert not pair.picture[5:, skin == 0].any()
        assert pair.picture[5:, skin > 0.5].any()


def test_what_photographs_show_stands_in_for_the_drawn_map_and_changes_no_picture(
    views: tuple[StoredView, ...], bank: Bank
) -> None:
    """With the patterns' own lines as what is seen of them, the map shows those, in their place."""
    side = bank.patterns[0].shape[1]
    line = (np.arange(side) + 0.5) / side
    ramp = np.stack([*np.meshgrid(line, line[::-1]), np.ones((side, side))], -1)
    own = bank_of(
        bank.patterns[0].numpy(), bank.shapes.permute(2, 0, 1).numpy(), CPU,
        np.stack([ramp * (k + 1) for k in range(bank.count)]).astype(np.float16),
    )  # fmt: skip
    window = draw_window(np.random.default_rng(1), views[0], SIZE, CPU)
    look, ages = Look.of(views[0].metadata, bank.count), steps_between(30.0, 70.0)
    added = AddedPattern((look.pattern + 1) % bank.count, 30.0)
    for one in (None, added):
        drawn = pictures(window, own, look, ages, one)
        seen = pictures(window, own, look, ages, one, seen=True)
        assert torch.equal(drawn.rgb, seen.rgb) and torch.equal(drawn.gray, seen.gray)
        u, v, which = seen.conditioning
        there = which > 0
        pattern = look.pattern if one is None else one.pattern
        assert which[there].unique().tolist() == [pattern + 1]
        uv = window.planes[UV][:, there]
        across = 1 - uv[0] if look.mirrored else uv[0]
        assert (u[there] / which[there] - across).abs().max() < 2 / side
        assert (v[there] / which[there] - uv[1]).abs().max() < 2 / side
    pairs = [draw_pair(views, own, 5, k, SIZE).picture[-3:] for k in range(40)]
    shown = [float(p[2].max()) for p in pairs if p.any()]
    share = np.mean([value in range(1, bank.count + 1) for value in shown])
    assert 0.15 < share < 0.7


def test_the_conditioning_map_is_that_of_the_pattern_which_comes(
    views: tuple[StoredView, ...], bank: Bank
) -> None:
    view = views[0]
    own = Look.of(view.metadata, bank.count).pattern
    plain, grown, other = (
        lit_of(view, bank, 40, 80, growth=g)
        for g in (None, AddedPattern(own, 40.0), AddedPattern(1 - own, 40.0))
    )
    torch.testing.assert_close(plain.conditioning, grown.conditioning)
    assert (plain.conditioning - other.conditioning).abs().max() > 0.1
    torch.testing.assert_close(plain.rgb[0], other.rgb[0], rtol=0, atol=1e-5)
    assert (plain.rgb[-1] - other.rgb[-1]).abs().max() > 0.005


def test_dyed_hair_changes_alike_at_each_age_and_nothing_else_does(
    views: tuple[StoredView, ...], bank: Bank
) -> None:
    view = views[0]
    window = whole(view.planes(), view.metadata, bank.device)
    ages = [Ages.all(30.0), Ages.all(70.0)]
    plain = pictures(window, bank, Look.of(view.metadata, bank.count), ages)
    other = dyed(np.random.default_rng(3), plain)
    bare = plain.hair == 0
    assert 0.1 < bare.float().mean() < 0.99
    assert torch.equal(other.rgb[..., bare], plain.rgb[..., bare])
    assert torch.equal(other.gray, plain.gray) and torch.equal(other.hair, plain.hair)
    hair = (plain.hair > 0.9) & (plain.rgb.amin((0, 1)) > 1e-3)
    factor = other.rgb[..., hair] / plain.rgb[..., hair]
    assert (factor - 1).abs().min() > 0.01
    torch.testing.assert_close(factor[0], factor[1])


def test_half_of_pairs_go_up_and_few_stay() -> None:
    rng = np.random.default_rng(0)
    ages = np.array([draw_ages(rng) for _ in range(3000)])
    assert ages.min() >= YOUNGEST and ages.max() <= OLDEST
    steps = np.sign(ages[:, 1] - ages[:, 0])
    assert 0.47 < np.mean(steps > 0) < 0.53 and 0.02 < np.mean(steps == 0) < 0.06


def test_the_encodings_are_the_engines() -> None:
    rgb = np.random.default_rng(0).uniform(-0.02, 2, (64, 64, 3)).astype(np.float32)
    rgb[:8] *= 0.005
    planes = torch.from_numpy(rgb).permute(2, 0, 1)
    log, display = (Encoder("ACEScg", name) for name in ("ACEScct", "sRGB"))
    np.testing.assert_allclose(acescct(planes).permute(1, 2, 0), log.encode(rgb), atol=1e-4)
    inside = np.clip(rgb, 0, 1)
    wanted = np.clip(display.encode(inside), 0, 1)
    code = srgb(torch.from_numpy(inside).permute(2, 0, 1))
    np.testing.assert_allclose(code.permute(1, 2, 0), wanted, atol=1e-4)
    np.testing.assert_allclose(
        linear(code).permute(1, 2, 0), display.decode(wanted), atol=1e-4
    )


@pytest.mark.parametrize("quality", [50, 75, 92])
@pytest.mark.parametrize("halved", [True, False])
def test_jpeg_loses_what_jpeg_loses(quality: int, halved: bool) -> None:
    rng = np.random.default_rng(1)
    shown = cv2.resize(rng.uniform(0, 1, (14, 14, 3)).astype(np.float32), (96, 96))
    shown = np.clip(shown + rng.normal(0, 0.04, shown.shape), 0, 1).astype(np.float32)
    kind = cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420 if halved else cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444
    flags = [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, kind]
    data = cv2.imencode(".jpg", (shown[..., ::-1] * 255).round().astype(np.uint8), flags)[1]
    wanted = cv2.imdecode(data, cv2.IMREAD_COLOR)[..., ::-1] / np.float32(255)
    made = compressed(torch.from_numpy(shown).permute(2, 0, 1), quality, halved)
    ours = made.permute(1, 2, 0).numpy()
    theirs, mine, off = (np.square(a - b).mean() for a, b in
                         ((wanted, shown), (ours, shown), (ours, wanted)))  # fmt: skip
    # Whole numbers on the way let some coefficients fall to the other side of a step.
    assert mine == pytest.approx(theirs, rel=0.1) and off < 0.4 * theirs


@given(seeds)
@few
def test_optics_do_the_same_to_every_picture_and_harm_none(seed: int) -> None:
    steps, coverage = draw_optics(np.random.default_rng(seed), SIZE, CPU)
    assert coverage.min() >= 0 and coverage.max() <= 1
    one = torch.rand(1, 3, SIZE, SIZE, generator=torch.Generator().manual_seed(seed))
    rgb = torch.cat([one, one])
    kept = rgb.clone()
    for step in steps:
        rgb = step(rgb)
    torch.testing.assert_close(rgb[0], rgb[1], rtol=1e-5, atol=1e-6)
    assert rgb.isfinite().all() and torch.equal(kept[0], one[0])


def test_something_stands_in_front_of_few_faces() -> None:
    rng = np.random.default_rng(0)
    covered = [bool(draw_optics(rng, 16, CPU)[1].any()) for _ in range(300)]
    assert 0.08 < np.mean(covered) < 0.22


@given(seeds)
@few
def test_occluders_are_reflectances_behind_a_matte(seed: int) -> None:
    rng = np.random.default_rng(seed)
    look, matte = texture(rng, SIZE), occluder_matte(rng, SIZE)
    assert look.shape == (SIZE, SIZE, 3) and look.min() >= 0.01 and look.max() <= np.float32(0.9)
    assert matte.shape == (SIZE, SIZE) and matte.min() >= 0 and matte.max() <= 1


@given(seeds)
@few
def test_a_delivered_picture_is_one_that_its_file_can_hold(seed: int) -> None:
    sensor = draw_sensor(np.random.default_rng(seed), SIZE, CPU, torch.Generator().manual_seed(1))
    rgb = torch.rand(3, SIZE, SIZE, generator=torch.Generator().manual_seed(seed)) * 0.8
    out = sensor.delivered(sensor.graded(sensor.noisy(rgb)[None])[0])
    assert out.isfinite().all()
    if sensor.curve is not None:
        codes = srgb(out) * 255
        torch.testing.assert_close(codes, codes.round(), rtol=0, atol=0.05)
    elif sensor.steps is None and sensor.grain is None:
        assert torch.equal(out, rgb)


def test_grain_is_in_the_given_picture_and_not_in_the_change(
    views: tuple[StoredView, ...], bank: Bank
) -> None:
    lit = lit_of(views[0], bank, 30, 70)
    rng_seed = 11
    one, two = (
        finished(np.random.default_rng(rng_seed), lit, lit.conditioning, (30, 70), SIZE,
                 torch.Generator().manual_seed(noise)) for noise in (1, 2)
    )  # fmt: skip
    assert torch.equal(one.parts, two.parts) and torch.equal(one.coverage, two.coverage)
    assert not torch.equal(one.picture[:3], two.picture[:3])


def test_retouching_smooths_skin_and_leaves_edges_and_the_rest() -> None:
    fine = torch.randn(3, 64, 64, generator=torch.Generator().manual_seed(1)) * 0.02
    rgb = 0.3 * fine.exp()
    rgb[:, :, 40:] *= 4  # an edge
    skin = torch.zeros(64, 64)
    skin[32:] = 1
    smooth = retouched(np.random.default_rng(2), rgb, skin)
    assert torch.equal(smooth[:, :32], rgb[:, :32])
    before, after = (p[:, 40:, 8:28].log().std() for p in (rgb, smooth))
    assert after < 0.8 * before
    step = [(p[:, 40:, 42:].mean() / p[:, 40:, 34:38].mean()).item() for p in (rgb, smooth)]
    assert step[1] > 0.95 * step[0]
