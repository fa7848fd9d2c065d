"""Prints each sample plan from its one source as text, Word, PDF and web page, with the truth beside them."""
