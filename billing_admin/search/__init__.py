"""The one box: clients, contacts, documents, money, pages and actions, found while somebody types."""
