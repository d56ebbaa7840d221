"""The skin of a face in a picture: where on the face each pixel lies, by the track's mesh.

    face frame's mesh ─▶ which points look at the camera ─▶ a smooth map through them

Face UV is the texture layout of `reage.faces.skin.places`.
"""

from reage.faces.skin.coverage import BEYOND, coverage
from reage.faces.skin.facing import HIDDEN, facing
from reage.faces.skin.places import PLACES_FILE, places
from reage.faces.skin.spline import Spline

__all__ = ["BEYOND", "HIDDEN", "PLACES_FILE", "Spline", "coverage", "facing", "places"]
