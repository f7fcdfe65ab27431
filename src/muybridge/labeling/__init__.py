"""People agreeing on footage: projects, tasks, claims, attempts, consensus, review, and what models offer them.

Rows are in `tables`; each concern is a module of functions `(session, actor, subject, *, options)`.
"""
