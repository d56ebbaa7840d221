"""Careers of nobody: an invented actor's photographs, and the truth of each."""
