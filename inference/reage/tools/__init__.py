"""Around the engine: what commands print, doctor, bench, contact sheet, setting up Nuke."""
