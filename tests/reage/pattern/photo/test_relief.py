"""What becomes of a relief: lines, and folds that run on."""

from __future__ import annotations

import cv2
import numpy as np

from reage.pattern.photo.relief import folds_of, lines_of

N = 512


def _canvas() -> np.ndarray:
    return np.zeros((N, N), np.float32)


def test_a_fold_stays_and_a_dimple_goes() -> None:
    fold, dimple = _canvas(), _canvas()
    cv2.line(fold, (60, 380), (160, 440), -12.0, 6)
    cv2.circle(dimple, (110, 410), 3, -12.0, -1)
    fold, dimple = (cv2.GaussianBlur(each, (0, 0), 2) for each in (fold, dimple))
    assert folds_of(fold)[410, 110] < 3 * folds_of(dimple)[410, 110] < 0


def test_a_fine_line_is_a_line_and_broad_light_is_neither() -> None:
    line, broad = _canvas(), _canvas()
    cv2.line(line, (60, 400), (160, 400), -4.0, 1)
    broad[:, :] = 20 * np.sin(np.arange(N) * 2 * np.pi / N)
    assert lines_of(line)[400, 110] < -3
    assert abs(lines_of(broad)[40:-40, 40:-40]).max() < 0.1
    assert abs(folds_of(broad)[40:-40, 40:-40]).max() < 0.5
