"""The book: eleven lessons, each building its piece of the library. See FORMAT.md."""
