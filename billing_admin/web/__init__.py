"""What screens share: requests and responses, form fields, exports."""
