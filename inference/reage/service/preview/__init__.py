"""A frame's face before and after, small and fast, for a slider that moves.

    file ▶ face, plate around it ▶ shrunk ▶ prepared ▶ the model's residual ▶ its parts ▶ shown
           per file and frame      per size, model     per ages, pattern                  per blend,
                                                                                          strengths

Each step is kept for the last few things asked for, so that only what a slider changes runs
again. The shrinking comes first, in scene-linear: from there on a preview costs what its crop
size and side say, however large the plate. So it is near to, but not to the bit, what a bake
gives, and its face is that of the single frame, not of the smoothed track.
"""

from reage.service.preview.previewer import STAGES, Preview, Previewer

__all__ = ["STAGES", "Preview", "Previewer"]
