"""Signing in: who may try, how often, and what is written down about it. See docs/sign-in.md."""
