"""Endless training pairs: windows of views, lit at two ages, seen by a camera."""
