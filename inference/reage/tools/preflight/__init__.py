"""What a render would stumble over, found before its first frame; nothing is written."""
