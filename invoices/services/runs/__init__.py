"""Invoice runs: everything that is due is billed, in chunks, by one or more workers."""
