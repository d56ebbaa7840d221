"""Many frames: what a shot shares, its face track, its rendering; and one picture in memory."""
