"""The classifications that are known by name, one module each: facts from their owners, with the page they are on."""
