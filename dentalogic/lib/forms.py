from django import forms


class RefusableForm(forms.Form):
    """A form that takes a verb's refusal as its own error: beside the field it names, else above all."""

    def refuse(self, refusal):
        named = {name: texts for name, texts in refusal.fields.items() if name in self.fields}
        for name, texts in named.items():
            self.add_error(name, texts)
        if not named:
            self.add_error(None, str(refusal))
        return self

    def wrong(self):
        """The first field with an error: the focus goes there."""
        return next((name for name in self.errors if name in self.fields), "")
