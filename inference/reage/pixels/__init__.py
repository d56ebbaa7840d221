"""Pixels and where they lie: plate, geometry, crop, color."""
