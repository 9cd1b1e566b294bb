"""The programs, one theme a file. A case is a plain function of the module `tf`."""
