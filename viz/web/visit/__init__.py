"""What one visitor has chosen, and what is computed for it; no component is here."""
