"""The on-set mirror: a camera's picture re-aged as it comes, and what is kept of each take."""
