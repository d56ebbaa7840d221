"""Packs the OBJ files of ICT-FaceKit's FaceXModel folder into the file that `load_ict` reads.

    python -m reage_training.synth.pack_ict FaceXModel DIR

FaceXModel holds generic_neutral_mesh.obj, identity000.obj … and one OBJ for each
expression; all share one topology. The second file, the face texture's place of each MediaPipe
landmark, is found by running the engine's landmark model on renders of this very head.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from reage.errors import ReageError, SettingsError
from reage_training.synth.head import ICT_FILE, LANDMARK_FILE, Floats, Ints, load_ict
from reage_training.synth.landmark_places import landmark_places
from reage_training.synth.small_head import rough_landmarks

_NEUTRAL = "generic_neutral_mesh"


@dataclass(frozen=True)
class Obj:
    """vertices (V, 3), uv (U, 2), faces and faces_uv (F, 4; −1 closes a triangle), names of
    materials, and of each face the index of its material."""

    vertices: Floats
    uv: Floats
    faces: Ints
    faces_uv: Ints
    materials: tuple[str, ...]
    face_material: npt.NDArray[np.int8]


def read_obj(path: Path) -> Obj:
    """A Wavefront OBJ of triangles and quads, each corner with a texture coordinate."""
    vertices: list[list[float]] = []
    uv: list[list[float]] = []
    faces: list[list[tuple[int, int]]] = []
    materials: list[str] = []
    face_material: list[int] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        word, *rest = line.split() or [""]
        if word == "v":
            vertices.append([float(x) for x in rest[:3]])
        elif word == "vt":
            uv.append([float(x) for x in rest[:2]])
        elif word == "usemtl":
            if rest[0] not in materials:
                materials.append(rest[0])
            current = materials.index(rest[0])
        elif word == "f":
            corners = [corner.split("/") for corner in rest]
            face = [(int(c[0]) - 1, int(c[1]) - 1) for c in corners]
            faces.append(face + [(-1, -1)] * (4 - len(face)))
            face_material.append(current)
    both = np.array(faces, np.int32)
    return Obj(
        np.array(vertices, np.float32), np.array(uv, np.float32), both[..., 0], both[..., 1],
        tuple(materials), np.array(face_material, np.int8),
    )  # fmt: skip


def pack(folder: Path, out: Path) -> Path:
    """Write `out / ICT_FILE` from the OBJ files in `folder`; returns its path.

    The landmarks' places are `find_landmarks`' to write.

    Raises SettingsError where the folder does not hold the neutral mesh.
    """
    if not (folder / f"{_NEUTRAL}.obj").is_file():
        raise SettingsError(f"{folder} holds no {_NEUTRAL}.obj: give ICT-FaceKit's FaceXModel")
    neutral = read_obj(folder / f"{_NEUTRAL}.obj")
    names = sorted(path.stem for path in folder.glob("*.obj") if path.stem != _NEUTRAL)
    identity = [name for name in names if name.startswith("identity")]
    expression = [name for name in names if not name.startswith("identity")]
    target = out / ICT_FILE
    target.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        target,
        verts=neutral.vertices,
        uv=neutral.uv,
        faces=neutral.faces,
        faces_uv=neutral.faces_uv,
        materials=np.array(neutral.materials),
        face_material=neutral.face_material,
        identity=_moved(folder, identity, neutral),
        expression=_moved(folder, expression, neutral),
        expression_names=np.array(expression),
    )
    return target


def find_landmarks(out: Path) -> Path:
    """Write `out / LANDMARK_FILE` for the head packed in `out`; returns its path."""
    target = out / LANDMARK_FILE
    target.parent.mkdir(parents=True, exist_ok=True)
    np.save(target, rough_landmarks())
    np.save(target, landmark_places(load_ict(out)))
    return target


def _moved(folder: Path, names: list[str], neutral: Obj) -> npt.NDArray[np.float16]:
    """(N, V, 3) displacements; half floats are off by at most 0.01 mm here."""
    moved = np.zeros((len(names), *neutral.vertices.shape), np.float16)
    for i, name in enumerate(names):
        lines = (folder / f"{name}.obj").read_text(encoding="utf-8").splitlines()
        points = [line.split()[1:4] for line in lines if line.startswith("v ")]
        moved[i] = np.array(points, np.float32) - neutral.vertices
    return moved


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path, help="FaceXModel of ICT-FaceKit")
    parser.add_argument("out", type=Path, help="DIR to give as --assets")
    args = parser.parse_args()
    try:
        print(pack(args.folder, args.out))
        print(find_landmarks(args.out))
    except ReageError as error:
        print(f"pack_ict: {error}", file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
