"""Skill overlap: the occupation × skill matrix, measures over it, and their reasons in named skills.

`matrix` holds the numbers, `measures` compare skill sets, `overlap` and `gap` explain. Import from these modules: this
one imports nothing, so that the command line may read `skills.names` without numpy.
"""
