"""A face that is held still, so that paint and roto stay where they are put, and the way back.

    track ─▶ a mesh in each frame and in the still face ─▶ ST maps there and back
                                                        ─▶ a toolset for Nuke, a mesh as USD
"""
