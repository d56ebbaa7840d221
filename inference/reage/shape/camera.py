"""The camera in which a face's mesh is the mean head's: scaled orthographic.

A person differs from the mean head by far more than perspective does, and so the mesh itself
says where each point is; the camera only says how a displacement in cm looks in the picture.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_TYPICAL_MISFIT = 0.8
"""cm by which a person's points are off the mean head's, typically; those beyond count less."""

_ROUNDS = 3


@dataclass(frozen=True)
class FaceCamera:
    """linear: (2, 3) plate px a cm, x right and y down; two rows of a rotation, scaled.
    shift: (2,) where the head's origin is seen."""

    linear: Floats
    shift: Floats

    @classmethod
    def fitted(cls, points: Floats, seen: Floats, weights: Floats) -> FaceCamera:
        """The camera that shows points (N, 3), in cm, at seen (N, 2), as far as weights (N,) ask.

        Least squares of an affine camera (Tomasi and Kanade 1992, IJCV 9:2), the nearest scaled
        orthographic one to it, and again with the misfits' weights after Geman and McClure.
        """
        believed = weights
        for _ in range(_ROUNDS):
            share = believed / believed.sum()
            middle, at = share @ points, share @ seen
            root = np.sqrt(share)[:, None]
            affine, *_ = np.linalg.lstsq(root * (points - middle), root * (seen - at), rcond=None)
            u, size, vt = np.linalg.svd(affine.T, full_matrices=False)
            linear = size.mean() * u @ vt
            off = np.linalg.norm(seen - at - (points - middle) @ linear.T, axis=1) / size.mean()
            believed = weights / (1 + (off / _TYPICAL_MISFIT) ** 2) ** 2
        return cls(linear, at - linear @ middle)

    @property
    def toward(self) -> Floats:
        """(3,) the unit vector of the head that points at the viewer."""
        across = -np.cross(self.linear[0], self.linear[1])
        return np.asarray(across / np.linalg.norm(across))

    def along(self, move: Floats) -> Floats:
        """(…, 2) px by which displacements (…, 3), in cm, are seen."""
        return np.asarray(move @ self.linear.T.astype(move.dtype))

    def project(self, points: Floats) -> Floats:
        """(N, 2) where points (N, 3) are seen."""
        return np.asarray(points @ self.linear.T + self.shift)
