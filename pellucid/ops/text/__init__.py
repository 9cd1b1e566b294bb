"""Text: tensors of bytes, and tables that look words up."""
