"""The demo: two invented clinics whose last and next days are played through the product's own verbs."""
