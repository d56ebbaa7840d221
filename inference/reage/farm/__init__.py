"""Renders for many machines: a job as an Open Job Description bundle, as AWS Deadline Cloud takes
it and `openjd run` runs it."""
