"""Patterns out of photographs; `extract` tells the story."""
