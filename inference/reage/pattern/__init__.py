"""The pattern of ageing: which wrinkles and spots a face gets, in face UV, by a seed.

Face UV is the layout of ICT-FaceKit's face material: symmetric about u = 0.5, v upwards.
`maps(seed)` is what a model that takes a pattern is guided by, laid on the face by
`reage.pattern.conditioning`.
"""

from reage.pattern.maps import SIZE, maps

__all__ = ["SIZE", "maps"]
