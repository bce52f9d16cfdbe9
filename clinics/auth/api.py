"""/auth/: the session for pages and API clients."""
from django.conf import settings
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema, inline_serializer
from rest_framework import exceptions, serializers
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework_simplejwt.tokens import RefreshToken

from clinics import limits
from clinics.access import ANYONE, SESSION, Role
from clinics.auth import cookies, identity, refused, second_factor, sessions, tokens


class LoginInput(serializers.Serializer):
    email = serializers.EmailField()
    password = serializers.CharField(trim_whitespace=False, max_length=200)
    tenant_id = serializers.IntegerField(required=False, allow_null=True)
    code = serializers.CharField(
        required=False, allow_blank=True, max_length=20,
        help_text="Of the second factor, or a recovery code: after a 401 with the code `second_factor_needed`.")


class RegisterInput(serializers.Serializer):
    email = serializers.EmailField()
    password = serializers.CharField(trim_whitespace=False, max_length=200)
    name = serializers.CharField(max_length=120)
    clinic = serializers.SlugField()
    role = serializers.ChoiceField(choices=Role.choices, default=Role.SECRETARY)


class SwitchInput(serializers.Serializer):
    tenant_id = serializers.IntegerField()


class RefreshInput(serializers.Serializer):
    refresh = serializers.CharField(required=False)


class MembershipOutput(serializers.Serializer):
    tenant_id = serializers.IntegerField()
    name = serializers.CharField()
    role = serializers.CharField()
    status = serializers.CharField()


class UserOutput(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    email = serializers.EmailField()
    name = serializers.CharField()


class SessionOutput(serializers.Serializer):
    csrf = serializers.CharField()
    user = UserOutput()
    tenant_id = serializers.IntegerField()
    role = serializers.CharField()
    status = serializers.CharField()
    memberships = MembershipOutput(many=True)
    access = serializers.CharField(required=False, help_text="Only for clients that use Bearer.")
    refresh = serializers.CharField(required=False, help_text="Only for clients that use Bearer.")


PAIR = inline_serializer("TokenPair", {"access": serializers.CharField(), "refresh": serializers.CharField()})


def session_of(request, member, memberships):
    return SessionOutput({
        "csrf": get_token(request), "user": member.user, "tenant_id": member.tenant_id, "role": member.role,
        "status": member.status, "memberships": memberships}).data


class Open(APIView):
    """Asked before there is a session; a page of another site asks nothing."""

    permission_classes = [AllowAny]
    refused = None

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if _of_another_site(request._request):
            raise exceptions.PermissionDenied(_("Ese sitio no puede pedir esto."), code="csrf")

    def checked(self, serializer):
        data = serializer(data=self.request.data)
        data.is_valid(raise_exception=True)
        return data.validated_data

    def log_in(self, request, *, bearer):
        data = self.checked(LoginInput)
        limits.login(request._request, data["email"])
        try:
            return identity.log_in(request=request._request, bearer=bearer, **data)
        except (identity.WrongLogin, second_factor.WrongCode) as refusal:
            self.refused = {"refusal": refusal, "typed": data["email"]}
            raise

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        return refused.note(response, request._request, **self.refused) if self.refused else response


def _of_another_site(request):
    """Before a session there is no token to compare; a browser says where a request comes from, a program nothing."""
    origin = request.headers.get("Origin")
    return origin is not None and origin not in settings.ORIGINS and origin.split("://")[-1] != request.get_host()


class Login(Open):
    authentication_classes = []
    capabilities = {"POST": ANYONE}

    @extend_schema(request=LoginInput, responses=SessionOutput)
    def post(self, request):
        _user, member, memberships, refresh = self.log_in(request, bearer=False)
        response = Response(session_of(request._request, member, memberships))
        cookies.put(response, refresh)
        return response


class Token(Open):
    authentication_classes = []
    capabilities = {"POST": ANYONE}

    @extend_schema(request=LoginInput, responses=PAIR)
    def post(self, request):
        refresh = self.log_in(request, bearer=True)[3]
        return Response({"access": str(refresh.access_token), "refresh": str(refresh)})


class Register(Open):
    authentication_classes = []
    capabilities = {"POST": ANYONE}

    @extend_schema(request=RegisterInput, responses={201: inline_serializer(
        "Registered", {"status": serializers.CharField(), "detail": serializers.CharField()})})
    def post(self, request):
        data = self.checked(RegisterInput)
        limits.check("register", limits.address(request._request))
        identity.register(request=request._request, **data)
        return Response({"status": "pending", "detail": _("Tu cuenta espera que la activen.")}, status=201)


class Refresh(Open):
    """The refresh token comes in the body (API clients) or in the cookie (pages, with X-CSRFToken)."""

    capabilities = {"POST": ANYONE}

    @extend_schema(request=RefreshInput, responses=PAIR)
    def post(self, request):
        given = self.checked(RefreshInput).get("refresh")
        if not given:
            self.request.authenticators[0]._enforce_csrf(request._request)
        given_or_kept = given or request.COOKIES.get(settings.REFRESH_COOKIE, "")
        named = tokens.read(given_or_kept, RefreshToken)
        limits.check("refresh", f"session {named.session_id}" if named else limits.address(request._request))
        refresh = sessions.renew(given_or_kept)
        if refresh is None:
            raise exceptions.NotAuthenticated(_("La sesión expiró. Ingresá de nuevo."))
        if given:
            return Response({"access": str(refresh.access_token), "refresh": str(refresh)})
        response = Response({"csrf": get_token(request._request)})
        cookies.put(response, refresh)
        return response


class WithSession(APIView):
    """For whoever has a session, pending members too."""

    permission_classes = [AllowAny]

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if request._request.member is None:
            raise exceptions.NotAuthenticated


class Me(WithSession):
    capabilities = {"GET": SESSION}

    @extend_schema(responses=SessionOutput)
    def get(self, request):
        member = request._request.member
        return Response(session_of(request._request, member, identity.memberships_of(member.user)))


class Switch(WithSession):
    capabilities = {"POST": SESSION}

    @extend_schema(request=SwitchInput, responses=SessionOutput)
    def post(self, request):
        data = SwitchInput(data=request.data)
        data.is_valid(raise_exception=True)
        _user, member, memberships, refresh = identity.switch(
            user=request._request.member.user, session=request._request.session, request=request._request,
            bearer=not request._request.by_cookie, **data.validated_data)
        body = session_of(request._request, member, memberships)
        if not request._request.by_cookie:
            return Response(body | {"access": str(refresh.access_token), "refresh": str(refresh)})
        response = Response(body)
        cookies.put(response, refresh)
        return response


class Logout(Open):
    capabilities = {"POST": ANYONE}

    @extend_schema(request=None, responses={204: OpenApiResponse()})
    def post(self, request):
        sessions.leave(request._request)
        response = HttpResponse(status=204)
        cookies.drop(response)
        return response
