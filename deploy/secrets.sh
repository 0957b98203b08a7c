#!/bin/sh
# secrets.sh FOLDER: makes what is missing of the secrets of docker-compose.yml, and never touches what is there.
# Passwords of the two stores, the master key, the key of blind indexes, and a private authority (with the key `ca_key`, to be kept apart) for
# the certificates of PostgreSQL, of the engine and of our programs. Real certificates may be put there instead.
set -eu
umask 022
folder=${1:?usage: secrets.sh FOLDER}
mkdir -p -m 700 "$folder"
cd "$folder"

missing() { [ ! -e "$1" ]; }

# Each container reads its own few: the folder keeps the others out, the files must be readable to any user inside.
certificate() {
    missing "$1_certificate" || return 0
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1_key" -subj "/O=Tacite/CN=$1" -out "$1.csr" 2> /dev/null
    chmod 644 "$1_key"
    printf 'subjectAltName=DNS:%s,DNS:localhost\nextendedKeyUsage=serverAuth,clientAuth\n' "$1" > "$1.ext"
    openssl x509 -req -in "$1.csr" -CA ca -CAkey ca_key -CAcreateserial -days 825 -extfile "$1.ext" -out "$1_certificate" 2> /dev/null
    rm "$1.csr" "$1.ext"
}

for name in postgres_password register_password engine_password; do
    missing "$name" && openssl rand -hex 24 > "$name"
done
missing oidc_secret && openssl rand -hex 24 > oidc_secret # to be replaced by what the provider of identities gives
missing firms_secret && openssl rand -hex 24 > firms_secret # to be replaced by what the provider of identities of firms gives
missing companies_key && openssl rand -hex 24 > companies_key # to be replaced by the key that INSEE gives
missing master_key && openssl rand -base64 32 > master_key
missing blind_key && openssl rand -base64 32 > blind_key
if missing ca; then
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca_key -days 3650 \
        -subj "/O=Tacite/CN=Autorité interne" -utf8 -out ca 2> /dev/null
    chmod 600 ca_key
fi
for name in postgres engine client; do
    certificate "$name"
done
missing tacite_database && printf 'postgresql://tacite:%s@postgres/tacite?sslmode=verify-full&sslrootcert=/run/secrets/ca\n' \
    "$(cat register_password)" > tacite_database
echo "Secrets prêts dans $(pwd)."
# Of the master key, as models/engine/keys.py has it: by it the engine's pages read payloads, under the development profile only.
secret=$({ printf 'codec '; base64 -d master_key; } | openssl dgst -sha256 -r | cut -c 1-32)
echo "En développement, pour lire les messages dans les pages du moteur : CODEC=http://localhost:8000/api/v1/codec/$secret"
