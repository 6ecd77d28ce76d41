"""A big database of synthetic clients with a past, to measure and to try things on: `make data CLIENTS=100000`."""
