"""Lights the skin of any age in a view, on the device that trains: one code path, in torch."""
