"""The typical face is one that the fit takes for a face seen straight on, from every side."""

from dataclasses import replace

import numpy as np
import pytest

from reage.faces.frame import face_frame
from reage.faces.smooth import between
from reage.faces.typical import TYPICAL_FILE, fitted, typical_face

POINTS = np.loadtxt(TYPICAL_FILE)


def test_it_is_of_size_one_upright_and_in_the_middle():
    face = face_frame(POINTS, 1, 1.0)
    assert face.size == pytest.approx(1.0, abs=0.005)
    assert np.allclose(face.center, 0, atol=0.005) and abs(face.degrees) < 0.1
    assert np.allclose(POINTS[:, 0].sum(), 0, atol=0.01)


@pytest.mark.parametrize("yaw", [-90.0, -40.0, 0.0, 40.0, 90.0])
def test_it_turns_about_its_middle_and_the_nose_leads(yaw):
    mesh = np.array(typical_face(1, yaw).mesh)
    nose, ears = mesh[4], mesh[[234, 454]].mean(0)
    assert np.sign(round(nose[0] - ears[0], 2)) == np.sign(yaw)
    assert np.ptp(mesh[:, 1]) == pytest.approx(np.ptp(POINTS[:, 1]))


def test_it_turns_on_its_way_from_one_placed_face_to_another():
    a = replace(typical_face(1, 0.0, 0.0), size=90.0)
    b = replace(typical_face(5, 80.0, 20.0), size=90.0)
    face = between(a, b, 2)
    assert face.placed == (20.0, 5.0) and face.mesh == typical_face(2, 20.0, 5.0).mesh
    assert face.size == pytest.approx(90.0)
    seen = replace(a, placed=None)
    assert between(seen, b, 2).placed is None


def test_it_looks_up():
    assert typical_face(1, pitch=30.0).mesh[4][1] < typical_face(1).mesh[4][1]


@pytest.mark.parametrize("degrees", [-120.0, 0.0, 35.0])
def test_in_a_box_it_is_as_high_as_the_box_and_about_its_middle(degrees):
    face = fitted(typical_face(1, 50.0), (100.0, 50.0, 80.0, 200.0), degrees)
    low, high = face.oval().min(0), face.oval().max(0)
    assert np.allclose((low + high) / 2, (140.0, 150.0)) and high[1] - low[1] == pytest.approx(200)
