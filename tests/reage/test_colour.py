"""Encodings can be undone, and a delta of nothing is nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from reage.colour import Encoder
from reage.errors import ColorspaceError

SPACES = ("ACEScg", "lin_rec709", "ACES2065-1")
encoders = st.builds(Encoder, st.sampled_from(SPACES), st.sampled_from(("ACEScct", "sRGB")))
pictures = hnp.arrays(
    np.float32,
    hnp.array_shapes(min_dims=1, max_dims=2, max_side=9).map(lambda shape: (*shape, 3)),
    elements=st.floats(-1.0, 60000.0, width=32, allow_subnormal=False),
)


@given(encoders, pictures)
def test_decode_undoes_encode(encoder: Encoder, rgb: np.ndarray) -> None:
    back = encoder.decode(encoder.encode(rgb))
    size = np.maximum(np.abs(rgb).max(-1, keepdims=True), 1e-3)
    assert back.dtype == np.float32
    assert (np.abs(back - rgb) <= 2e-5 * size).all()


@given(encoders, pictures)
def test_a_delta_of_nothing_is_exactly_nothing(encoder: Encoder, rgb: np.ndarray) -> None:
    encoded = encoder.encode(rgb)
    assert not (encoder.decode(encoded + np.float32(0)) - encoder.decode(encoded)).any()


def test_acescct_is_the_published_curve() -> None:
    """Figures of Academy S-2016-001: middle grey, one, the toe's offset, and a negative."""
    grey = np.repeat(np.float32([[0.0], [0.18], [1.0], [-0.5]]), 3, axis=1)
    want = [0.0729055, 0.4135884, 0.5547945, -0.5 * 10.5402377 + 0.0729055]
    np.testing.assert_allclose(Encoder("ACEScg", "ACEScct").encode(grey)[:, 0], want, atol=1e-5)


def test_srgb_is_the_iec_curve_mirrored_and_unbounded() -> None:
    x = np.float32([[0.0, 0.18, 1.0], [-0.18, -1.0, 0.001], [100.0, 16.0, 4.0]])
    curve = np.where(
        np.abs(x) <= 0.0031308, 12.92 * np.abs(x), 1.055 * np.abs(x) ** (1 / 2.4) - 0.055
    )
    encoded = Encoder("lin_rec709", "sRGB").encode(x)
    np.testing.assert_allclose(encoded, np.sign(x) * curve, rtol=1e-4, atol=1e-5)


def test_neutrals_stay_neutral() -> None:
    grey = np.full((1, 3), 0.18, np.float32)
    for space in SPACES:
        for encoding in ("ACEScct", "sRGB"):
            encoded = Encoder(space, encoding).encode(grey)
            assert np.ptp(encoded) < 1e-4


def test_strided_input_is_left_alone_and_gives_the_same_bits() -> None:
    whole = np.random.default_rng(1).random((40, 50, 4), dtype=np.float32)
    before = whole.copy()
    part = whole[5:31:2, 40:3:-3, 2::-1]
    encoder = Encoder("lin_rec709", "ACEScct")
    assert (encoder.encode(part) == encoder.encode(np.ascontiguousarray(part))).all()
    assert (whole == before).all()
    assert encoder.encode(np.empty((0, 7, 3), np.float32)).shape == (0, 7, 3)


def test_threads_share_an_encoder() -> None:
    encoder = Encoder("lin_rec709", "ACEScct")
    pictures = [np.random.default_rng(i).random((64, 64, 3), dtype=np.float32) for i in range(16)]
    want = [encoder.encode(p) for p in pictures]
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(encoder.encode, pictures))
    assert all((a == b).all() for a, b in zip(want, got, strict=True))


def test_unknown_names_are_refused() -> None:
    with pytest.raises(ColorspaceError, match="no color space named 'nowhere'"):
        Encoder("nowhere", "ACEScct")
    with pytest.raises(ValueError, match="log3"):
        Encoder("ACEScg", "log3")
