"""Reports of shots: those of a farm's renders joined, and the page for people."""
