"""Stage 2a: Document + grammar → the tree of sections, boxes and tables. Text is only cut, never changed."""
