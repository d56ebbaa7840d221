"""What was done to whose face, by what and under which consent: written, signed, read back."""
