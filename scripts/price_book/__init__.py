"""The parts of scripts/make-default-price-book.py."""
