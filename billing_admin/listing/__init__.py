"""Lists as people use them: their pages, and the files that are made of them."""
