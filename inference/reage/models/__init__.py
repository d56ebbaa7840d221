"""What a model is, how it runs tile by tile, what it says; and the default one."""
