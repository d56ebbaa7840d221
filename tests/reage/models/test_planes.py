"""A network's outputs, of one side or of several, are one residual."""

from __future__ import annotations

import numpy as np
import pytest

from reage.errors import ModelError
from reage.models.channels import ChannelLayout
from reage.models.model import ModelInput
from reage.models.planes import assembled

PARTS = ChannelLayout(("detail", "form", "tone", "hair", "hair_matte"))
SIDE = (32, 48)


def seen(apart: bool = True) -> ModelInput:
    ages = np.zeros(SIDE, np.float32)
    return ModelInput(np.zeros((*SIDE, 3), np.float32), ages, ages, apart=apart)


def outputs(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    sides = ((3, 32, 48), (10, 16, 24))
    fine, broad = (rng.normal(0, 1, (1, *side)) for side in sides)
    return fine.astype(np.float32), broad.astype(np.float32)


def bilinear(plane: np.ndarray) -> np.ndarray:
    """(h, w) at twice its side: thrice the pixel that holds a center and once its neighbour."""
    for axis in (0, 1):
        plane = np.moveaxis(plane, axis, 0)
        before, after = np.r_[plane[:1], plane[:-1]], np.r_[plane[1:], plane[-1:]]
        both = np.stack([0.75 * plane + 0.25 * before, 0.75 * plane + 0.25 * after], 1)
        plane = np.moveaxis(both.reshape(-1, plane.shape[1]), 0, axis)
    return plane


def test_a_smaller_output_is_made_larger_between_pixel_centers():
    fine, broad = outputs()
    residual = assembled((fine, broad), PARTS, seen(), "it")
    assert residual.values.shape == (*SIDE, 13) and residual.values.flags.c_contiguous
    assert np.array_equal(residual["detail"], fine[0].transpose(1, 2, 0))
    want = np.stack([bilinear(plane) for plane in broad[0]], -1)
    np.testing.assert_allclose(residual.values[..., 3:], want, atol=1e-6)


def test_the_sum_alone_is_that_of_the_parts():
    planes = outputs(1)
    whole, alone = (assembled(planes, PARTS, seen(apart), "it") for apart in (True, False))
    assert alone.channels.names == ("delta",)
    np.testing.assert_allclose(alone.delta, whole.delta, atol=2e-6)


def test_outputs_may_be_many_and_small():
    fine, broad = outputs(2)
    form, rest = broad[:, :3], broad[:, 3:]
    quarter = np.ascontiguousarray(rest[:, :, ::2, ::2])
    for planes in ((fine, form, rest), (fine, form, quarter)):
        whole, alone = (assembled(planes, PARTS, seen(apart), "it") for apart in (True, False))
        np.testing.assert_allclose(alone.delta, whole.delta, atol=2e-6)


def test_what_has_no_parts_is_given_as_it_is():
    delta = np.random.default_rng(3).normal(0, 1, (1, 3, *SIDE)).astype(np.float32)
    residual = assembled((delta,), ChannelLayout(("delta",)), seen(False), "it")
    assert np.array_equal(residual.values, delta[0].transpose(1, 2, 0))


@pytest.mark.parametrize(
    "planes",
    [
        lambda fine, broad: (fine,),
        lambda fine, broad: (fine, broad[..., :-1]),
        lambda fine, broad: (fine[0], broad),
        lambda fine, broad: (fine, np.concatenate([broad, broad])),
        lambda fine, broad: (fine, broad[:, :, ::3, ::3]),
        lambda fine, broad: (fine, broad[:, :1], broad[:, 1:]),  # form in two
    ],
)
def test_other_shapes_are_told(planes):
    with pytest.raises(ModelError, match=r"it answered with the shape .* where \(1, 13, 32, 48\)"):
        assembled(planes(*outputs()), PARTS, seen(), "it")
