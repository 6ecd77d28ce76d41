"""The screens about everything: Home, Reports, Settings."""
