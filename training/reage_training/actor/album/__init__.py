"""The album: what photographs say of a skin, in face UV, by age."""
