"""Pixels and their files: image files, numbered sequences, movies, headers, timecode."""
