"""A phone in the browser and a provider to go with it. Development only; nothing of the product imports it."""
