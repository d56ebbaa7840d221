"""What a book holds and what it lacks, as a page to look at; `page` puts it together."""
