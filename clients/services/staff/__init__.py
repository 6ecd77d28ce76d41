"""People of the staff and their roles: joining, leaving and what they may do. All of it under one lock.

Whoever changes somebody has every right that this person has and gets; nobody changes their own; the last Owner stays.
"""
