"""How a face changes its shape with the years, as a warp of the plate.

head's points ─▶ displaced by years ─▶ seen through the face's camera ─▶ offsets of pixels
"""
