"""How the files of banks and gateways are read: formats that staff saved, and those that are there from the start."""
