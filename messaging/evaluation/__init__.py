"""How well the receptionist talks: dialogues played in a clinic that is forgotten afterwards."""
