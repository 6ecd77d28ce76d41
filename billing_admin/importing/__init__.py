"""Other systems: read once, in one snapshot, into staged rows."""
