-- Keys that Portaria makes for itself, each wrapped (AEAD) by the key derived from PORTARIA_SECRET,
-- so that a dump of this database opens nothing and a new PORTARIA_SECRET only re-wraps these rows.
create table data_keys (
    id         bigint generated always as identity,
    -- seal: what is sealed at rest; index: keyed look-up of sealed values and hashes of codes and tokens
    purpose    text        not null,
    wrapped    bytea       not null,
    created_at timestamptz not null,
    -- a retired key still opens what it sealed, nothing new is sealed with it
    retired_at timestamptz,
    constraint data_keys_pkey primary key (id),
    constraint data_keys_purpose_check check (purpose in ('seal', 'index'))
);
create unique index data_keys_one_in_force on data_keys (purpose) where retired_at is null;

-- Ed25519 keys of the access tokens. A retired key stays in the JWKS until its last token has expired.
create table signing_keys (
    kid        text        not null,
    sealed     bytea       not null,
    public     bytea       not null,
    created_at timestamptz not null,
    retired_at timestamptz,
    constraint signing_keys_pkey primary key (kid)
);
