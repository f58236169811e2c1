# The site without servers of its own: PostgreSQL and Redis come from compose.yaml or from elsewhere.
FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DJANGO_SETTINGS_MODULE=clinic.settings
WORKDIR /app
COPY requirements-production.lock .
RUN pip install --no-cache-dir --require-hashes -r requirements-production.lock
COPY manage.py pyproject.toml ./
COPY clinic clinic
COPY dentists dentists
COPY availability availability
COPY appointments appointments
COPY chatbot chatbot
COPY templates templates
COPY locale locale
# Collecting needs settings but no secret of the site: these are thrown away with the layer's shell.
RUN CLINIC_ENV=local SECRET_KEY=$(python -c "import secrets; print(secrets.token_hex(40))") \
    IDENTITY_KEY=$(python -c "import secrets; print(secrets.token_hex(32))") \
    FIELD_KEYS=$(python -c "import base64, secrets; print(base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())") \
    DATABASE_URL=postgresql://none@localhost/none REDIS_URL=redis://localhost COLLECT_STATIC=1 \
    python manage.py collectstatic --noinput && useradd --system clinic
USER clinic
EXPOSE 8000
CMD ["daphne", "--no-server-name", "-b", "0.0.0.0", "-p", "8000", "--proxy-headers", "clinic.asgi:application"]
