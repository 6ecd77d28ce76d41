"""The guide: how the work of a day is done, as pages inside the product."""
