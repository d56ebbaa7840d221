"""One frame: from plate to layers. `pipeline` tells it whole."""
