"""Signing up, tokens for email and password, new ones for a refresh token, and signing out."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.accounts import passwords, registration, tokens
from clinic.core.api import ClinicAPIView
from clinic.core.callers import actor_of
from clinic.core.fields import Line
from clinic.core.input import Input
from clinic.core.permissions import Anyone
from clinic.core.throttles import Registrations, SignIns

LONGEST_PASSWORD = 256


class RegisterInput(Input):
    email = serializers.EmailField(max_length=254)
    password = serializers.CharField(max_length=LONGEST_PASSWORD, trim_whitespace=False, write_only=True)
    name = Line(max_length=120)


class RegisteredOut(serializers.Serializer[Any]):
    email = serializers.EmailField()
    name = serializers.CharField()


class CredentialsInput(Input):
    email = serializers.CharField(max_length=254)
    password = serializers.CharField(max_length=LONGEST_PASSWORD, trim_whitespace=False)
    otp = serializers.CharField(
        max_length=40,
        required=False,
        help_text="Of the authenticator app, or a recovery code; for accounts that have one.",
    )


class RefreshInput(Input):
    refresh = serializers.CharField(max_length=2000)


class TokensOut(serializers.Serializer[Any]):
    access = serializers.CharField()
    refresh = serializers.CharField()


class _TokenView(ClinicAPIView):
    """Takes no notice of who is signed in: an old token must not be in the way of a new one."""

    authentication_classes = ()
    permission_classes = (Anyone,)


class RegisterView(_TokenView):
    throttle_classes = (Registrations,)

    @extend_schema(operation_id="register", request=RegisterInput, responses={201: RegisteredOut})
    def post(self, request: Request) -> Response:
        """Makes a patient's account and asks by mail to confirm the address. The answer is the same when the email has an
        account already, which then stays as it is."""
        data = RegisterInput.read(request.data)
        registration.register(email=data["email"], password=data["password"], name=data["name"])
        passwords.greet(data["email"])
        return Response({"email": data["email"].lower(), "name": data["name"]}, status=201)


class TokenView(_TokenView):
    throttle_classes = (SignIns,)

    @extend_schema(operation_id="sign_in", request=CredentialsInput, responses={200: TokensOut})
    def post(self, request: Request) -> Response:
        """An access token for ten minutes, and a refresh token for two weeks that is good once. An account with a second
        factor needs `otp` too; in production staff get no tokens without one."""
        data = CredentialsInput.read(request.data)
        address = actor_of(request).address
        found = tokens.sign_in(data["email"], data["password"], data.get("otp", ""), address=address)
        return Response(asdict(found))


class RefreshView(_TokenView):
    @extend_schema(operation_id="refresh", request=RefreshInput, responses={200: TokensOut})
    def post(self, request: Request) -> Response:
        """New tokens for a refresh token, which is used up. One that comes twice ends all tokens of that sign-in."""
        data = RefreshInput.read(request.data)
        return Response(asdict(tokens.refreshed(data["refresh"])))


class LogoutView(_TokenView):
    @extend_schema(
        operation_id="sign_out", request=RefreshInput, responses={204: OpenApiResponse(description="Signed out.")}
    )
    def post(self, request: Request) -> Response:
        """Ends all tokens of a sign-in at once, access tokens too."""
        data = RefreshInput.read(request.data)
        tokens.sign_out(data["refresh"])
        return Response(status=204)
