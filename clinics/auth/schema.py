"""How the OpenAPI document names the session."""
from drf_spectacular.extensions import OpenApiAuthenticationExtension


class DoorScheme(OpenApiAuthenticationExtension):
    target_class = "clinics.auth.door.DoorAuthentication"
    name = "Bearer"

    def get_security_definition(self, auto_schema):
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT",
                "description": "From `POST /auth/token`. Pages of the same site use the session's cookie instead."}
