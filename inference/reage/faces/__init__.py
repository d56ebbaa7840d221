"""Faces: where they are in a picture, and one of them through a shot.

    picture ─▶ detect_faces ─▶ landmarks_of ─▶ face_frame
    plates  ─▶ track_shot   ─▶ FaceTrack    ─▶ JSON and back

Works offline, on the CPU; `models` says where the two networks come from.
"""

from reage.faces.choose import FaceChoice
from reage.faces.detect import Detection
from reage.faces.frame import FaceFrame, face_frame
from reage.faces.landmarks import Landmarks, landmarks_of
from reage.faces.search import detect_faces
from reage.faces.shot import TrackOptions, track_shot
from reage.faces.track import FaceTrack
from reage.faces.view import Read, reader_of
from reage.faces.viewable import viewable

__all__ = [
    "Detection",
    "FaceChoice",
    "FaceFrame",
    "FaceTrack",
    "Landmarks",
    "Read",
    "TrackOptions",
    "detect_faces",
    "face_frame",
    "landmarks_of",
    "reader_of",
    "track_shot",
    "viewable",
]
